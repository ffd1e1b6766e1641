import type { Program } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const METHODS = ['GET', 'POST', 'PUT'] as const;
const NAMESPACES = ['kube-system', 'default', 'ns'] as const;
/** Of names that are made up: no vowels, nothing that looks like something else. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
/** Where in the program's source a line is written. */
const PLACE = 'logs_generator.go:76';

/** Writes so many lines of made-up requests over so long a time, as the Kubernetes log does. */
export const logsGenerator: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  const total = Number(flags['log-lines-total'] ?? flags['t'] ?? 0);
  const durationMs = duration(flags['run-duration'] ?? flags['d'] ?? '0s');
  const { machine } = task;
  machine.useClock();
  const fatal = (text: string): number => {
    task.err(`F${stamp(machine.nowMs())}       1 logs_generator.go:65] ${text}\n`);
    return 255;
  };
  if (total <= 0) return fatal(`Invalid total number of lines: ${total}`);
  if (durationMs <= 0) return fatal('Invalid duration: 0s');
  const beginMs = machine.nowMs();
  for (let at = 0; at < total; at++) {
    machine.step();
    task.err(`I${stamp(machine.nowMs())}       1 ${PLACE}] ${request(at)}\n`);
    const untilMs = beginMs + Math.ceil(((at + 1) * durationMs) / total);
    if (untilMs > machine.nowMs()) yield { untilMs };
  }
  return 0;
};

/** Month and day, and the time in microseconds. */
function stamp(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11, 23)}000`;
}

/** The same line for the same number, whatever run it is of. */
function request(at: number): string {
  let seed = (at + 1) * 2654435761;
  const below = (count: number): number => {
    seed = (Math.imul(seed ^ (seed >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return seed % count;
  };
  const method = METHODS[below(METHODS.length)];
  const namespace = NAMESPACES[below(NAMESPACES.length)];
  const letters = Array.from({ length: 3 + below(2) }, () => LETTERS[below(LETTERS.length)]);
  const path = `/api/v1/namespaces/${namespace}/pods/${letters.join('')}`;
  return `${at} ${method} ${path} ${200 + below(400)}`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function duration(text: string): number {
  let ms = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    ms += Number(number) * UNITS[unit]!;
  return ms;
}
