import type { Pause, Task } from '../process.ts';
import type { Answer, Call, NameRecord } from './calls.ts';

export const FOREVER = Number.POSITIVE_INFINITY;

type Asking<T> = Generator<Pause, T, void>;

/** What comes of a call, or that nothing did for as long as one waits. */
export function* ask(task: Pick<Task, 'machine'>, call: Call, untilMs = FOREVER): Asking<Answer> {
  const { machine } = task;
  machine.step();
  const ticket = machine.call(call);
  if (!ticket.answer) yield { isDone: () => ticket.answer !== undefined };
  const answer = ticket.answer!;
  const comesMs = answer.kind === 'silent' ? FOREVER : ticket.atMs + answer.afterMs;
  const waitMs = Math.min(comesMs, untilMs);
  if (waitMs > machine.nowMs()) yield { untilMs: waitMs };
  return comesMs <= untilMs ? answer : { kind: 'silent', afterMs: 0 };
}

/** What `/etc/resolv.conf` says. */
export interface Resolver {
  readonly servers: readonly string[];
  readonly domains: readonly string[];
  readonly dots: number;
}

export function resolverOf({ files }: Pick<Task, 'files'>): Resolver {
  const text = files.look('/etc/resolv.conf')?.bytes ?? '';
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const options = lines.filter(([word]) => word === 'options').flatMap(([, ...rest]) => rest);
  const dots = options.map((each) => /^ndots:(\d+)$/.exec(each)?.[1]).find(Boolean);
  return {
    servers: lines.filter(([word]) => word === 'nameserver').map(([, server = '']) => server),
    domains: lines.findLast(([word]) => word === 'search')?.slice(1) ?? [],
    dots: Number(dots ?? 1),
  };
}

/** The full names that a name may mean, in the order in which a resolver tries them. */
export function candidatesOf(name: string, { domains, dots }: Resolver): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = domains.map((domain) => `${name}.${domain}`);
  const isFull = name.split('.').length > dots;
  return isFull ? [name, ...searched] : [...searched, name];
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

export const isAddress = (host: string): boolean => IPV4.test(host) || host.includes(':');

/** The addresses that `/etc/hosts` has for a name. */
export function hostsEntries({ files }: Pick<Task, 'files'>, name: string): readonly string[] {
  const text = files.look('/etc/hosts')?.bytes ?? '';
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return names.includes(name) ? [address] : [];
  });
}

/** What name servers say of a name: undefined where none answers. */
export function* lookUp(
  task: Pick<Task, 'files' | 'machine'>,
  names: readonly string[],
  type: string,
  {
    servers,
    untilMs = FOREVER,
  }: { readonly servers: readonly string[]; readonly untilMs?: number },
): Asking<Extract<Answer, { kind: 'names' }> | undefined> {
  for (const server of servers) {
    const endMs = Math.min(untilMs, task.machine.nowMs() + PATIENCE_MS);
    const answer = yield* ask(task, { kind: 'name', server, names, type }, endMs);
    if (answer.kind === 'names') return answer;
  }
  return undefined;
}

const PATIENCE_MS = 5_000;

export type Resolved =
  | { readonly address: string; readonly canonical: string }
  | { readonly wrong: 'unknown' | 'unanswered' };

/** The address of a host: one itself, one of the file of hosts, or what the name servers say. */
export function* resolve(
  task: Pick<Task, 'files' | 'machine'>,
  host: string,
  untilMs = FOREVER,
): Asking<Resolved> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isAddress(bare)) return { address: bare, canonical: bare };
  const own = hostsEntries(task, bare);
  const known = own.find((each) => IPV4.test(each)) ?? own[0];
  if (known) return { address: known, canonical: bare };
  const resolver = resolverOf(task);
  const { servers } = resolver;
  const names = candidatesOf(bare, resolver);
  for (const type of ['A', 'AAAA']) {
    const answer = yield* lookUp(task, names, type, { servers, untilMs });
    if (!answer) return { wrong: 'unanswered' };
    const found = addressIn(answer.records);
    if (found) return { address: found.value, canonical: found.name };
  }
  return { wrong: 'unknown' };
}

function addressIn(records: readonly NameRecord[]): NameRecord | undefined {
  return records.find(({ type }) => type === 'A' || type === 'AAAA');
}
