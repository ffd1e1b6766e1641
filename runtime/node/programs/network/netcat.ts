import { optionsOf } from '../commands/options.ts';
import type { Program } from '../process.ts';
import { ask, FOREVER, resolve } from './asking.ts';

/** How long a datagram's sender waits for an answer that may never come. */
const LISTENS_MS = 2_000;

/** Sends what it reads to a port and writes what comes back. */
export const nc: Program = function* (task) {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'wipqse');
  const [host = '', port = ''] = rest;
  const isUdp = flags.has('u');
  const { machine } = task;
  if (flags.has('l')) {
    yield { untilMs: FOREVER };
    return 0;
  }
  const waitMs = values['w'] === undefined ? FOREVER : Number(values['w']) * 1000;
  const untilMs = machine.nowMs() + waitMs;
  const found = yield* resolve(task, host, untilMs);
  if ('wrong' in found) {
    task.err(`nc: getaddrinfo for host "${host}" port ${port}: Name or service not known\n`);
    return 1;
  }
  const { address } = found;
  const bytes = flags.has('z') ? '' : task.input.rest();
  const kind = isUdp ? 'udp' : 'tcp';
  const endMs = isUdp ? Math.min(untilMs, machine.nowMs() + LISTENS_MS) : untilMs;
  const answer = yield* ask(task, { kind, address, port: Number(port), bytes }, endMs);
  const about = `${host} ${port} port [${kind}/*]`;
  const isTold = flags.has('v');
  if (answer.kind === 'refused') {
    if (isTold)
      task.err(`nc: connect to ${host} port ${port} (${kind}) failed: Connection refused\n`);
    return 1;
  }
  // Of a datagram that nobody answers nothing is known.
  if (answer.kind === 'silent' && !isUdp) {
    if (isTold)
      task.err(
        `nc: connect to ${host} port ${port} (${kind}) timed out: Operation now in progress\n`,
      );
    return 1;
  }
  if (isTold) task.err(`Connection to ${about} succeeded!\n`);
  if (answer.kind === 'bytes' && !flags.has('z')) task.out(answer.bytes);
  return 0;
};
