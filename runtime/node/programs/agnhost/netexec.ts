import { commandOf } from '../commands/index.ts';
import type { ServedAnswer, ServedBytes, ServedRequest } from '../machine.ts';
import { ask, resolve } from '../network/asking.ts';
import type { Pause, Program, Running, Task } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const CLIENT_PORT = 40_000;
const text = (body: string, status = 200): ServedAnswer => ({ status, body });

interface Netexec {
  readonly task: Task;
  readonly port: number;
  /** What requests are answered as, whatever they ask for. */
  readonly override: string | undefined;
  /** Set by a request that ends the server. */
  end?: { readonly atMs: number; readonly code: number };
}

/** Serves pages and datagrams that say who answers, who asks, and what others answer. */
export const netexec: Program = function* (task): Running {
  const flags = flagsOf(task.argv.slice(2));
  const port = Number(flags['http-port'] ?? 8080);
  const server: Netexec = { task, port, override: flags['http-override'] };
  const { machine } = task;
  task.out(`Started HTTP server on port ${port}\n`);
  machine.listen({
    port,
    answer: (request) => ({ ...answerOf(server, request), log: logOf(request) }),
    serve: (request) => slowAnswer(server, request),
  });
  for (const [flag, protocol, usual] of [
    ['udp-port', 'UDP', '8081'],
    ['sctp-port', 'SCTP', '-1'],
  ] as const) {
    const own = flags[flag] ?? usual;
    if (own === '-1') continue;
    const said = protocol === 'UDP' ? `UDP server on port  ${own}` : 'SCTP server';
    task.out(`Started ${said}\n`);
    const receive = (message: ServedBytes): string | undefined => reply(server, message, own);
    machine.listen({ port: Number(own), protocol, receive, answer: () => text('') });
  }
  const delayMs = Number(flags['delay-shutdown'] ?? 0) * 1000;
  if (delayMs > 0) machine.handle('TERM');
  while (!server.end && !machine.hasSignals)
    yield { isDone: () => server.end !== undefined || machine.hasSignals };
  if (!server.end) {
    if (delayMs > 0) {
      task.out(`Sleeping ${delayMs / 1000} seconds before terminating...\n`);
      yield { untilMs: machine.nowMs() + delayMs };
    }
    return 0;
  }
  if (server.end.atMs > machine.nowMs()) yield { untilMs: server.end.atMs };
  return server.end.code;
};

const pathOf = (target: string): string => target.split('?')[0] ?? '/';
const queryOf = (target: string): URLSearchParams =>
  new URLSearchParams(target.split('?')[1] ?? '');

function logOf({ target }: ServedRequest): string {
  return `GET ${target}`;
}

function answerOf(server: Netexec, request: ServedRequest): ServedAnswer {
  const { task, port, override } = server;
  const { clientIp, host, headers = {} } = request;
  const target = override ?? request.target;
  const query = queryOf(target);
  const { facts } = task.machine;
  switch (pathOf(target)) {
    case '/':
      return text(`NOW: ${new Date(task.machine.nowMs()).toISOString()}`);
    case '/hostname':
    case '/hostName':
      return text(facts.hostname);
    case '/clientip':
      return text(`${clientIp}:${CLIENT_PORT}`);
    case '/serverport':
      return text(String(port));
    case '/header': {
      const key = query.get('key')?.toLowerCase();
      return text(key === 'host' ? host : key ? (headers[key] ?? '') : JSON.stringify(headers));
    }
    case '/echo':
      return text(query.get('msg') ?? '', Number(query.get('code') ?? 200));
    case '/healthz':
      return text('');
    case '/readyz':
      return task.machine.hasSignals ? text('shutting down', 503) : text('ok');
    case '/exit':
    case '/shutdown':
      return ends(server, query);
    case '/redirect':
      return {
        status: Number(query.get('code') ?? 302),
        location: query.get('location') ?? '/',
        body: '',
      };
    default:
      return text(`NOW: ${new Date(task.machine.nowMs()).toISOString()}`);
  }
}

function ends(server: Netexec, query: URLSearchParams): ServedAnswer {
  const { machine } = server.task;
  const atMs = machine.nowMs() + duration(query.get('wait') ?? '');
  server.end = { atMs, code: Number(query.get('code') ?? 0) };
  machine.change();
  return text('');
}

function duration(words: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let ms = 0;
  for (const [, number = '0', unit = 's'] of words.matchAll(/([\d.]+)(ms|s|m|h)/g))
    ms += Number(number) * units[unit]!;
  return ms;
}

type Slow = Generator<Pause, ServedAnswer, void>;

/** Answers that take time: what a command writes, and what others answer. */
function slowAnswer({ task, override }: Netexec, request: ServedRequest): Slow | undefined {
  const target = override ?? request.target;
  const query = queryOf(target);
  const log = logOf(request);
  if (pathOf(target) === '/dial') return dial(task, query, log);
  if (pathOf(target) !== '/shell') return undefined;
  return shell(task, query.get('shellCommand') ?? query.get('cmd') ?? '', log);
}

function* shell(task: Task, command: string, log: string): Slow {
  let output = '';
  const take = (bytes: string): void => {
    output += bytes;
  };
  const argv = ['sh', '-c', command];
  const result = commandOf('sh')!({ ...task, argv, out: take, err: take });
  const code = typeof result === 'number' ? result : yield* result;
  const said = {
    ...(code === 0 ? {} : { error: `exit status ${code}` }),
    ...(output === '' ? {} : { output }),
  };
  return { ...text(JSON.stringify(said)), log };
}

const PATIENCE_MS = 5_000;

function* dial(task: Task, query: URLSearchParams, log: string): Slow {
  const request = query.get('request') ?? '';
  const protocol = (query.get('protocol') ?? 'http').toLowerCase();
  const bad = (why: string): ServedAnswer => ({ ...text(`${why}\n`, 400), log });
  if (request === '') return bad('request parameter not specified. <nil>');
  if (protocol !== 'http' && protocol !== 'udp' && protocol !== 'sctp')
    return bad(`unsupported protocol. ${protocol}`);
  const host = query.get('host') ?? '';
  const port = Number(query.get('port'));
  const found = yield* resolve(task, host);
  if ('wrong' in found)
    return bad(`host and/or port param are invalid. lookup ${host}: no such host`);
  const { address } = found;
  const responses: string[] = [];
  const errors: string[] = [];
  for (let at = 0; at < Number(query.get('tries') ?? 1); at++) {
    const said = yield* dialOnce(task, { protocol, address, port, request });
    if ('body' in said) responses.push(said.body);
    else errors.push(said.wrong);
  }
  const all = {
    ...(responses.length > 0 ? { responses } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
  return { ...text(JSON.stringify(all)), log };
}

function* dialOnce(
  task: Task,
  {
    protocol,
    address,
    port,
    request,
  }: {
    readonly protocol: 'http' | 'udp' | 'sctp';
    readonly address: string;
    readonly port: number;
    readonly request: string;
  },
): Generator<Pause, { readonly body: string } | { readonly wrong: string }, void> {
  const untilMs = task.machine.nowMs() + PATIENCE_MS;
  if (protocol !== 'http') {
    const call = { kind: protocol, address, port, bytes: request } as const;
    const answer = yield* ask(task, call, untilMs);
    if (answer.kind === 'bytes') return { body: answer.bytes };
    const why = answer.kind === 'refused' ? 'connection refused' : 'i/o timeout';
    return { wrong: `reading from ${protocol} connection failed. err:'read ${protocol}: ${why}'` };
  }
  const headers = { host: `${address}:${port}` };
  const where = { address, port, target: `/${request}`, secure: false };
  const call = { kind: 'http', ...where, method: 'GET', headers, body: '' } as const;
  const answer = yield* ask(task, call, untilMs);
  if (answer.kind === 'page') return { body: answer.body };
  const why =
    answer.kind === 'refused'
      ? `dial tcp ${address}:${port}: connect: connection refused`
      : 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  return { wrong: `Get "http://${address}:${port}/${request}": ${why}` };
}

/** What is said to a datagram. */
function reply({ task }: Netexec, { bytes, clientIp }: ServedBytes, port: string) {
  const said = bytes.trim();
  const word = said.toLowerCase();
  if (word === 'hostname') return task.machine.facts.hostname;
  if (word === 'clientip') return `${clientIp}:${CLIENT_PORT}`;
  if (word === 'serverport') return port;
  return word.startsWith('echo ') ? word.slice(5) : undefined;
}
