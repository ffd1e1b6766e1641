import type { ServedAnswer, ServedRequest } from '../machine.ts';
import { ask, resolve } from '../network/asking.ts';
import type { Pause, Program, Task } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const PATIENCE_MS = 5_000;
const REGISTERS_MS = 60_000;
const AGAIN_MS = 1_000;

interface Book {
  readonly task: Task;
  readonly backendPort: number;
  readonly replicas: string[];
  store: Readonly<Record<string, string>>;
}

type Serving = Generator<Pause, ServedAnswer, void>;

const text = (body: string, status = 200): ServedAnswer => ({ status, body });

/** A store of words in memory: one that takes them, others that register with it and have them too, and a front that asks both. */
export const guestbook: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  const backendPort = Number(flags['backend-port'] ?? 6379);
  const book: Book = { task, backendPort, replicas: [], store: {} };
  task.machine.listen({
    port: Number(flags['http-port'] ?? 80),
    answer: () => text(''),
    serve: (request) => served(book, request),
  });
  const primary = flags['replicaof'];
  if (primary && !(yield* register(book, primary))) return 1;
  yield { untilMs: Number.POSITIVE_INFINITY };
  return 0;
};

function* register(book: Book, primary: string): Generator<Pause, boolean, void> {
  const { machine, err } = book.task;
  const endMs = machine.nowMs() + REGISTERS_MS;
  while (machine.nowMs() < endMs) {
    const said = yield* get(book, primary, `/register?host=${machine.facts.podIp}`);
    if (said !== undefined) {
      book.store = { ...book.store, ...(JSON.parse(said) as { data: Book['store'] }).data };
      err(`Registered to node: ${primary}\n`);
      return true;
    }
    err(`encountered error while registering to primary: ${primary}. Retrying in 1s.\n`);
    yield { untilMs: machine.nowMs() + AGAIN_MS };
  }
  err('Timed out while registering to primary.\n');
  return false;
}

/** The page of another of them; undefined where nobody answers. */
function* get(
  { task, backendPort: port }: Book,
  host: string,
  target: string,
): Generator<Pause, string | undefined, void> {
  const found = yield* resolve(task, host);
  if ('wrong' in found) return undefined;
  const where = { address: found.address, port, target, secure: false };
  const headers = { host: `${host}:${port}` };
  const call = { kind: 'http', ...where, method: 'GET', headers, body: '' } as const;
  const answer = yield* ask(task, call, task.machine.nowMs() + PATIENCE_MS);
  return answer.kind === 'page' ? answer.body : undefined;
}

function* served(book: Book, { target }: ServedRequest): Serving {
  const [path, words = ''] = target.split('?');
  const query = new URLSearchParams(words);
  const log = `GET ${target}`;
  return { ...(yield* pageOf(book, path ?? '/', query)), log };
}

function* pageOf(book: Book, path: string, query: URLSearchParams): Serving {
  const key = query.get('key') ?? '';
  switch (path) {
    case '/register': {
      const said = text(JSON.stringify({ data: book.store }));
      book.replicas.push(query.get('host') ?? '');
      book.task.machine.change();
      return said;
    }
    case '/get':
      return text(JSON.stringify({ data: key === '' ? book.store : (book.store[key] ?? '') }));
    case '/set':
      return yield* set(book, key, query.get('value') ?? '');
    case '/guestbook':
      return yield* front(book, query);
    default:
      return text('404 page not found\n', 404);
  }
}

function* set(book: Book, key: string, value: string): Serving {
  if (key === '') return text('cannot set with empty key.\n', 400);
  book.store = { ...book.store, [key]: value };
  book.task.machine.change();
  for (const replica of book.replicas) {
    const target = `/set?${new URLSearchParams({ key, value }).toString()}`;
    if ((yield* get(book, replica, target)) === undefined)
      return text(`encountered error while propagating to replica '${replica}'\n`, 417);
  }
  return text(JSON.stringify({ message: 'Updated' }));
}

function* front(book: Book, query: URLSearchParams): Serving {
  const command = (query.get('cmd') ?? '').toLowerCase();
  if (command !== 'get' && command !== 'set') return text(`unsupported cmd: '${command}'\n`, 400);
  const key = query.get('key') ?? '';
  if (command === 'set' && key === '') return text('cannot set with empty key.\n', 400);
  const host = command === 'get' ? 'agnhost-replica' : 'agnhost-primary';
  const words = new URLSearchParams({ key, value: query.get('value') ?? '' }).toString();
  const said = yield* get(book, host, `/${command}?${words}`);
  return said === undefined ? text(`encountered error: ${host}\n`, 417) : text(said);
}
