import { joined } from '../files/index.ts';
import type { Bytes, Pause, Program, Task } from '../process.ts';
import { ask, FOREVER, resolve } from './asking.ts';
import type { Answer } from './calls.ts';
import { followed, type Url, urlOf } from './urls.ts';

type Page = Extract<Answer, { kind: 'page' }>;

interface Wants {
  readonly flags: Set<string>;
  readonly headers: Record<string, string>;
  readonly urls: string[];
  readonly data: string[];
  readonly values: Map<string, string>;
}

/** Letters of options, by their long names. */
const LETTERS: Readonly<Record<string, string>> = {
  q: 'disable',
  s: 'silent',
  S: 'show-error',
  k: 'insecure',
  g: 'globoff',
  v: 'verbose',
  L: 'location',
  f: 'fail',
  i: 'include',
  I: 'head',
  G: 'get',
  N: 'no-buffer',
  '4': 'ipv4',
  '6': 'ipv6',
  O: 'remote-name',
  o: 'output',
  w: 'write-out',
  H: 'header',
  X: 'request',
  d: 'data',
  m: 'max-time',
  u: 'user',
  A: 'user-agent',
  E: 'cert',
  x: 'proxy',
  T: 'upload-file',
  F: 'form',
  b: 'cookie',
  e: 'referer',
};
const TAKE_VALUES: ReadonlySet<string> = new Set([
  ...['output', 'write-out', 'header', 'request', 'data', 'max-time', 'user', 'user-agent', 'cert'],
  ...['proxy', 'upload-file', 'form', 'cookie', 'referer', 'connect-timeout', 'interface'],
  ...['data-raw', 'data-binary', 'data-urlencode', 'json', 'cacert', 'capath', 'key', 'retry'],
  ...['retry-delay', 'retry-max-time', 'resolve', 'url', 'max-redirs', 'noproxy', 'local-port'],
  ...['unix-socket', 'ciphers', 'tls-max', 'keepalive-time', 'connect-to'],
]);
const DATA: ReadonlySet<string> = new Set([
  'data',
  'data-raw',
  'data-binary',
  'data-urlencode',
  'json',
]);

function wantsOf(words: readonly string[]): Wants | { readonly wrong: string } {
  const wants: Wants = {
    flags: new Set(),
    headers: {},
    urls: [],
    data: [],
    values: new Map(),
  };
  const take = (name: string, value: string): void => {
    if (DATA.has(name)) wants.data.push(value);
    if (name === 'json') wants.headers['content-type'] = 'application/json';
    if (name === 'url') wants.urls.push(value);
    else if (name === 'header') {
      const at = value.indexOf(':');
      if (at > 0) wants.headers[value.slice(0, at).toLowerCase()] = value.slice(at + 1).trim();
    } else wants.values.set(name, value);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      wants.urls.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      const name = word.slice(2);
      if (TAKE_VALUES.has(name)) take(name, words[++at] ?? '');
      else wants.flags.add(name.replace(/^no-progress-meter$/, 'silent'));
      continue;
    }
    for (let i = 1; i < word.length; i++) {
      const name = LETTERS[word[i]!];
      if (name === undefined) return { wrong: `option -${word[i]}: is unknown` };
      if (!TAKE_VALUES.has(name)) {
        wants.flags.add(name);
        continue;
      }
      take(name, word.slice(i + 1) || (words[++at] ?? ''));
      break;
    }
  }
  return wants;
}

const REDIRECTS_MAX = 50;
const seconds = (text: string | undefined): number =>
  text === undefined ? FOREVER : Number(text) * 1000;

/** Fetches pages, as curl does. */
export const curl: Program = function* (task) {
  const wants = wantsOf(task.argv.slice(1));
  if ('wrong' in wants) {
    task.err(`curl: ${wants.wrong}\ncurl: try 'curl --help' for more information\n`);
    return 2;
  }
  if (wants.urls.length === 0) {
    task.err('curl: (2) no URL specified\n');
    return 2;
  }
  let code = 0;
  for (const url of wants.urls) code = yield* once(task, wants, url);
  return code;
};

function* once(task: Task, wants: Wants, text: string): Generator<Pause, number, void> {
  const tries = Number(wants.values.get('retry') ?? 0);
  for (let at = 0; ; at++) {
    const code = yield* fetched(task, wants, text, at < tries);
    const again = code === 28 || (code === 7 && wants.flags.has('retry-connrefused'));
    if (code === 0 || at >= tries || !again) return code;
    const delayMs = seconds(wants.values.get('retry-delay') ?? String(2 ** at));
    yield { untilMs: task.machine.nowMs() + delayMs };
  }
}

function* fetched(
  task: Task,
  wants: Wants,
  text: string,
  isQuiet: boolean,
): Generator<Pause, number, void> {
  const { flags, values } = wants;
  const fail = (code: number, why: string): number => {
    const isTold = !flags.has('silent') || flags.has('show-error');
    if (isTold && !isQuiet) task.err(`curl: (${code}) ${why}\n`);
    if (!isQuiet) writeOut(task, values.get('write-out'), undefined, '');
    return code;
  };
  let url = urlOf(text);
  if (!url) return fail(3, 'URL rejected: No host part in the URL');
  const startMs = task.machine.nowMs();
  const endMs = startMs + seconds(values.get('max-time'));
  for (let hops = 0; ; hops++) {
    const page = yield* pageAt(task, wants, url, endMs);
    if ('code' in page) return fail(page.code, page.why);
    const { location } = page.headers;
    if (
      flags.has('location') &&
      location !== undefined &&
      page.status >= 300 &&
      page.status < 400
    ) {
      if (hops >= REDIRECTS_MAX) return fail(47, `Maximum (${REDIRECTS_MAX}) redirects followed`);
      url = followed(url, location);
      if (!url) return fail(3, 'URL rejected: No host part in the URL');
      continue;
    }
    return shown(task, wants, url, page, fail);
  }
}

function shown(
  task: Task,
  { flags, values }: Wants,
  { target }: Url,
  page: Page,
  fail: (code: number, why: string) => number,
): number {
  const { status } = page;
  if (status >= 400 && flags.has('fail'))
    return fail(22, `The requested URL returned error: ${status}`);
  const isShown = flags.has('include') || flags.has('head');
  const head = isShown
    ? `HTTP/1.1 ${status}\r\n${Object.entries(page.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`
    : '';
  const bytes = head + page.body;
  const own = target.split('?')[0]!.split('/').at(-1) || 'index.html';
  const path = values.get('output') ?? (flags.has('remote-name') ? own : undefined);
  if (path === undefined || path === '-') task.out(bytes);
  else task.files.write(joined(task.cwd, path), bytes, false);
  writeOut(task, values.get('write-out'), page, bytes);
  return 0;
}

function* pageAt(
  task: Task,
  wants: Wants,
  url: Url,
  endMs: number,
): Generator<Pause, Page | { readonly code: number; readonly why: string }, void> {
  const { flags, values, data } = wants;
  const { machine, err } = task;
  const startMs = machine.nowMs();
  const connectMs = Math.min(endMs, startMs + seconds(values.get('connect-timeout') ?? '130'));
  const found = yield* resolve(task, url.host, Math.min(endMs, connectMs));
  const waited = (): number => machine.nowMs() - startMs;
  if ('wrong' in found) {
    if (machine.nowMs() >= connectMs)
      return { code: 28, why: `Resolving timed out after ${waited()} milliseconds` };
    return { code: 6, why: `Could not resolve host: ${url.host}` };
  }
  const { address } = found;
  if (flags.has('verbose')) err(`*   Trying ${address}:${url.port}...\n`);
  const body = data.join('&');
  const method =
    values.get('request') ?? (flags.has('head') ? 'HEAD' : data.length > 0 ? 'POST' : 'GET');
  const form = data.length > 0 ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const headers = {
    host: url.named,
    'user-agent': 'curl/8.9.1',
    accept: '*/*',
    ...form,
    ...wants.headers,
  };
  const call = { kind: 'http', ...url, address, method, headers, body } as const;
  const answer = yield* ask(task, call, Math.min(endMs, Math.max(connectMs, startMs)));
  const at = `${url.host} port ${url.port}`;
  if (answer.kind === 'refused')
    return {
      code: 7,
      why: `Failed to connect to ${at} after ${waited()} ms: Could not connect to server`,
    };
  if (answer.kind === 'silent')
    return {
      code: 28,
      why: `Failed to connect to ${at} after ${waited()} ms: Timeout was reached`,
    };
  if (answer.kind !== 'page') return { code: 52, why: 'Empty reply from server' };
  if (flags.has('verbose')) err(told(url, address, { method, headers, page: answer }));
  return answer;
}

function told(
  { host, port, target }: Url,
  address: string,
  {
    method,
    headers,
    page,
  }: { method: string; headers: Readonly<Record<string, string>>; page: Page },
): string {
  const lines = (mark: string, all: Readonly<Record<string, string>>): string[] =>
    Object.entries(all).map(([name, value]) => `${mark} ${name}: ${value}`);
  return [
    `* Connected to ${host} (${address}) port ${port}`,
    `> ${method} ${target} HTTP/1.1`,
    ...lines('>', headers),
    '> ',
    `< HTTP/1.1 ${page.status}`,
    ...lines('<', page.headers),
    '< ',
    '',
  ].join('\n');
}

/** What is asked to be told of a transfer, `%{http_code}` and the like. */
function writeOut(
  task: Task,
  format: string | undefined,
  page: Page | undefined,
  bytes: Bytes,
): void {
  if (format === undefined) return;
  const status = String(page?.status ?? 0).padStart(3, '0');
  const values: Readonly<Record<string, string>> = {
    http_code: status,
    response_code: status,
    size_download: String(bytes.length),
    content_type: page?.headers['content-type'] ?? '',
    redirect_url: page?.headers['location'] ?? '',
    time_total: '0.001',
    num_redirects: '0',
  };
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  task.out(
    format
      .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replace(/\\([ntr])/g, (_, letter: string) => escapes[letter]!),
  );
}
