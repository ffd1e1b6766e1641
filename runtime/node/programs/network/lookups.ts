import { optionsOf } from '../commands/options.ts';
import type { Pause, Program, Task } from '../process.ts';
import {
  ask,
  candidatesOf,
  FOREVER,
  hostsEntries,
  isAddress,
  lookUp,
  resolve,
  resolverOf,
} from './asking.ts';
import type { NameRecord } from './calls.ts';

const TYPES: ReadonlySet<string> = new Set([
  'A',
  'AAAA',
  'SRV',
  'PTR',
  'CNAME',
  'TXT',
  'MX',
  'NS',
  'SOA',
  'ANY',
]);
const reverse = (address: string): string =>
  `${address.split('.').reverse().join('.')}.in-addr.arpa`;

/** Asks a name server, and prints its answer in the form of zone files. */
export const dig: Program = function* (task) {
  let server: string | undefined;
  let type: string | undefined;
  const names: string[] = [];
  const options = new Set<string>();
  const words = task.argv.slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith('@')) server = word.slice(1);
    else if (word.startsWith('+')) options.add(word.slice(1));
    else if (word === '-x') {
      names.push(reverse(words[++at] ?? ''));
      type = 'PTR';
    } else if (word === '-t') type = (words[++at] ?? '').toUpperCase();
    else if (TYPES.has(word.toUpperCase())) type = word.toUpperCase();
    else if (word !== 'IN' && !word.startsWith('-')) names.push(word);
  }
  const wanted = type ?? 'A';
  const resolver = resolverOf(task);
  const at = server === undefined ? undefined : yield* resolve(task, server);
  if (at && 'wrong' in at) {
    task.err(`dig: couldn't get address for '${server}': not found\n`);
    return 10;
  }
  const servers = at ? [at.address] : resolver.servers;
  for (const name of names) {
    const full = options.has('search') ? candidatesOf(name, resolver) : [name.replace(/\.$/, '')];
    const answer = yield* lookUp(task, full, wanted, { servers });
    if (!answer) {
      task.out(';; communications error: timed out\n;; no servers could be reached\n');
      return 9;
    }
    const { records, status } = answer;
    if (options.has('short')) {
      task.out(records.map(({ value }) => `${value}\n`).join(''));
      continue;
    }
    const isBare = options.has('noall');
    if (!isBare)
      task.out(
        `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n;; QUESTION SECTION:\n;${answer.name}.\t\tIN\t${wanted}\n\n;; ANSWER SECTION:\n`,
      );
    if (!isBare || options.has('answer')) task.out(records.map(zoneLine).join(''));
    if (!isBare) task.out(`\n;; SERVER: ${servers[0]}#53(${servers[0]})\n`);
  }
  return 0;
};

function zoneLine({ name, type, value, ttl }: NameRecord): string {
  return `${name}.\t${ttl}\tIN\t${type}\t${value}\n`;
}

/** Asks a name server, in the words of the bind tools. */
export const nslookup: Program = function* (task) {
  const { values, rest } = optionsOf(
    task.argv.slice(1).map((word) => word.replace(/^-(type|query|q|timeout)=/, '--$1=')),
  );
  const [name = '', own] = rest;
  const resolver = resolverOf(task);
  const at = own === undefined ? undefined : yield* resolve(task, own);
  const server = at && 'address' in at ? at.address : (resolver.servers[0] ?? '127.0.0.1');
  const asked = (values['type'] ?? values['query'] ?? values['q'] ?? '').toUpperCase();
  const isReverse = isAddress(name);
  const type = asked || (isReverse ? 'PTR' : 'A');
  const names = isReverse ? [reverse(name)] : candidatesOf(name, resolver);
  const answer = yield* lookUp(task, names, type, { servers: [server] });
  if (!answer) {
    task.out(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  task.out(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  if (answer.records.length === 0) {
    const what =
      answer.status === 'NXDOMAIN'
        ? `server can't find ${isReverse ? names[0] : name}: NXDOMAIN`
        : `Can't find ${name}: No answer`;
    task.out(`** ${what}\n\n`);
    return 1;
  }
  task.out(`${answer.records.map(lookupLines).join('')}\n`);
  return 0;
};

function lookupLines({ name, type, value }: NameRecord): string {
  const bare = value.replace(/\.$/, '');
  if (type === 'A' || type === 'AAAA') return `Name:\t${name}\nAddress: ${value}\n`;
  if (type === 'CNAME') return `${name}\tcanonical name = ${bare}\n`;
  if (type === 'PTR') return `${name}\tname = ${bare}\n`;
  return `${name}\t${type === 'SRV' ? 'service' : type.toLowerCase()} = ${value}\n`;
}

/** What the resolver of the C library finds for names: in the file of hosts, or at name servers. */
export const getent: Program = function* (task) {
  const [database = '', ...names] = task.argv.slice(1);
  if (database !== 'hosts' && !database.startsWith('ahosts')) return database === '' ? 1 : 2;
  let code = 0;
  for (const name of names) {
    const own = hostsEntries(task, name);
    for (const address of own) task.out(`${address.padEnd(15)} ${name}\n`);
    if (own.length > 0) continue;
    const found = yield* resolve(task, name);
    if ('wrong' in found) code = 2;
    else task.out(`${found.address.padEnd(15)} ${found.canonical}\n`);
  }
  return code;
};

const SECOND_MS = 1_000;
const PINGS_MAX = 1_000;

/** Asks again and again whether anybody has an address. */
export const ping: Program = function* (task) {
  const { values, rest } = optionsOf(task.argv.slice(1), 'cwWisI');
  const [host = ''] = rest;
  const found = yield* resolve(task, host);
  if ('wrong' in found) {
    task.err(`ping: bad address '${host}'\n`);
    return 1;
  }
  const { address } = found;
  task.out(`PING ${host} (${address}): 56 data bytes\n`);
  const count = Number(values['c'] ?? PINGS_MAX);
  const endMs = task.machine.nowMs() + Number(values['w'] ?? FOREVER) * SECOND_MS;
  const patienceMs = Number(values['W'] ?? 10) * SECOND_MS;
  const { sent, got } = yield* pings(task, address, { count, endMs, patienceMs });
  const lost = sent === 0 ? 0 : Math.round((100 * (sent - got)) / sent);
  task.out(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${got} packets received, ${lost}% packet loss\n`,
  );
  return got > 0 ? 0 : 1;
};

function* pings(
  task: Task,
  address: string,
  limits: { readonly count: number; readonly endMs: number; readonly patienceMs: number },
): Generator<Pause, { sent: number; got: number }, void> {
  const { count, endMs, patienceMs } = limits;
  let [sent, got] = [0, 0];
  const { machine } = task;
  while (sent < count && machine.nowMs() < endMs) {
    const startMs = machine.nowMs();
    const isLast = sent === count - 1;
    const untilMs = Math.min(endMs, startMs + (isLast ? patienceMs : SECOND_MS));
    const answer = yield* ask(task, { kind: 'echo', address }, untilMs);
    if (answer.kind === 'bytes') {
      const ms = machine.nowMs() - startMs;
      task.out(`64 bytes from ${address}: seq=${sent} ttl=64 time=${ms.toFixed(3)} ms\n`);
      got++;
    }
    sent++;
    if (!isLast && startMs + SECOND_MS > machine.nowMs()) yield { untilMs: startMs + SECOND_MS };
  }
  return { sent, got };
}
