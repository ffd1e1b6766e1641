import { optionsOf } from '../commands/options.ts';
import { baseName, joined } from '../files/index.ts';
import type { Program } from '../process.ts';
import { ask, FOREVER, resolve } from './asking.ts';
import { reasonOf } from './reasons.ts';
import { followed, urlOf } from './urls.ts';

const REDIRECTS_MAX = 20;

/** Fetches a page into a file, as busybox has it. */
export const wget: Program = function* (task) {
  const { flags, values, rest } = optionsOf(task.argv.slice(1), 'OTtPUYo');
  const fail = (why: string): number => {
    task.err(`wget: ${why}\n`);
    return 1;
  };
  let url = urlOf(rest[0] ?? '');
  if (!url) return fail(`bad address '${rest[0] ?? ''}'`);
  const isQuiet = flags.has('q') || flags.has('quiet');
  const patience = values['T'] ?? values['timeout'];
  const { machine } = task;
  for (let hops = 0; hops < REDIRECTS_MAX; hops++) {
    const untilMs = patience === undefined ? FOREVER : machine.nowMs() + Number(patience) * 1000;
    const found = yield* resolve(task, url.host, untilMs);
    if ('wrong' in found) return fail(`bad address '${url.host}'`);
    const { address } = found;
    const at = `${url.host} (${address}:${url.port})`;
    if (!isQuiet) task.err(`Connecting to ${at}\n`);
    const body = values['post-data'] ?? '';
    const method = values['post-data'] === undefined ? 'GET' : 'POST';
    const headers: Record<string, string> = { host: url.named, 'user-agent': 'Wget' };
    const header = values['header'];
    if (header?.includes(':')) {
      const [name = '', ...value] = header.split(':');
      headers[name.toLowerCase()] = value.join(':').trim();
    }
    const answer = yield* ask(
      task,
      { kind: 'http', ...url, address, method, headers, body },
      untilMs,
    );
    if (answer.kind === 'refused')
      return fail(`can't connect to remote host (${address}): Connection refused`);
    if (answer.kind !== 'page') return fail('download timed out');
    const { location } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      const next = followed(url, location);
      if (!next) return fail(`bad address '${location}'`);
      url = next;
      continue;
    }
    if (answer.status >= 400)
      return fail(`server returned error: HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`);
    if (flags.has('spider')) {
      if (!isQuiet) task.err('remote file exists\n');
      return 0;
    }
    const own = baseName(url.target.split('?')[0]!) || 'index.html';
    const path = values['O'] ?? (values['P'] ? `${values['P']}/${own}` : own);
    if (path === '-') {
      if (flags.has('S')) task.err(`  HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}\n`);
      task.out(answer.body);
    } else task.files.write(joined(task.cwd, path), answer.body, false);
    return 0;
  }
  return fail('too many redirections');
};
