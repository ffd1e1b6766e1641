import { ask, resolve, resolverOf } from '../network/asking.ts';
import type { Program, Task } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  let ms = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    ms += Number(number) * UNITS[unit]!;
  return ms;
}

/** Says whether somebody listens at `host:port`: in one word why not, or nothing. */
export const connect: Program = function* (task) {
  const words = task.argv.slice(2);
  const { timeout = '0s', protocol = 'tcp', ...flags } = flagsOf(words);
  const values = [flags['timeout'], protocol, flags['udp-data'], flags['sctp-data'], timeout];
  const dest = words.find((word) => !word.startsWith('-') && !values.includes(word)) ?? '';
  const fail = (why: string): number => {
    task.err(`${why}\n`);
    return 1;
  };
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(dest) ?? [];
  if (port === '') return fail(`UNKNOWN: address ${dest}: missing port in address`);
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    return fail(`Unsupported protocol\n${protocol}`);
  const found = yield* resolve(task, host);
  if ('wrong' in found) return fail(`DNS: lookup ${host}: no such host`);
  const bytes = protocol === 'tcp' ? '' : `${flags[`${protocol}-data`] ?? 'hostname'}\n`;
  const waitMs = milliseconds(timeout) || SYSTEM_MS;
  const call = { kind: protocol, address: found.address, port: Number(port), bytes } as const;
  const answer = yield* ask(task, call, task.machine.nowMs() + waitMs);
  if (answer.kind === 'bytes') return 0;
  const why = answer.kind === 'refused' ? 'REFUSED' : 'TIMEOUT';
  return fail(protocol === 'udp' ? `${why}: read udp ${dest}` : why);
};

/** As long as the kernel tries to open a stream. */
const SYSTEM_MS = 130_000;

const said =
  (text: (task: Task) => string): Program =>
  (task) => {
    task.out(text(task));
    return 0;
  };

export const dnsSuffix = said((task) => `${resolverOf(task).domains.join(',')}\n`);
export const dnsServerList = said((task) => `${resolverOf(task).servers.join(',')}\n`);
export const etcHosts = said((task) => `${task.files.look('/etc/hosts')?.bytes ?? ''}\n`);
