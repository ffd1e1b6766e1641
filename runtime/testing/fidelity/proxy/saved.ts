import { canonicalRange } from '../../../proxy/index.ts';

/** The rules of one table as iptables-save prints them, normalised as the recordings are. */
export type SavedTables = Readonly<Record<string, readonly string[]>>;

export type Family = 'IPv4' | 'IPv6';

const LAST = 'NOTE: this must be the last rule';
/** Chains whose rules stand in no particular order. */
const UNORDERED = new Set([
  'KUBE-SERVICES',
  'KUBE-NODEPORTS',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-PROXY-FIREWALL',
]);

/** A text for iptables-restore, read by table: the chains that it declares, and its rules by chain. */
export interface RestoreTable {
  readonly chains: readonly string[];
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** Chains that it deletes. */
  readonly deleted: readonly string[];
}

export function readRestore(lines: readonly string[]): Map<string, RestoreTable> {
  const tables = new Map<string, RestoreTable>();
  let chains: string[] = [];
  let rules = new Map<string, string[]>();
  let deleted: string[] = [];
  for (const line of lines) {
    const [word = '', chain = ''] = line.split(' ');
    if (word.startsWith('*')) {
      [chains, rules, deleted] = [[], new Map(), []];
      tables.set(word.slice(1), { chains, rules, deleted });
    } else if (word.startsWith(':')) chains.push(word.slice(1));
    else if (word === '-X') deleted.push(chain);
    else if (word === '-A') rules.set(chain, [...(rules.get(chain) ?? []), line]);
  }
  return tables;
}

/** Rules of a chain, sorted where their order means nothing. */
export function normalRules(chain: string, rules: readonly string[]): readonly string[] {
  if (!UNORDERED.has(chain)) return rules;
  const last = rules.filter((rule) => rule.includes(LAST));
  return [...rules.filter((rule) => !rule.includes(LAST)).sort(), ...last];
}

/** What iptables-save (nf_tables) prints after an empty kernel has loaded this text. */
export function savedTables(text: string, family: Family): SavedTables {
  const saved: Record<string, readonly string[]> = {};
  for (const [name, { chains, rules }] of readRestore(text.trim().split('\n'))) {
    const ordered = [...rules].sort(([a], [b]) => (a < b ? -1 : 1));
    saved[name] = [
      ...chains.map((chain) => `:${chain} -`).sort(),
      ...ordered.flatMap(([chain, each]) =>
        normalRules(
          chain,
          each.map((rule) => savedRule(rule, family)),
        ),
      ),
    ];
  }
  return saved;
}

/** One rule as iptables-save prints it: addresses, interface and protocol first, then the matches as they were given. */
function savedRule(rule: string, family: Family): string {
  const [, chain, ...words] = rule.match(/"[^"]*"|\S+/g) ?? [];
  const front: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const negated = words[at] === '!';
    const [flag, value] = words.slice(negated ? at + 1 : at) as [string, string];
    if (!['-s', '-d', '-i', '-p'].includes(flag)) {
      rest.push(words[at]!);
      continue;
    }
    const shown = flag === '-s' || flag === '-d' ? withLength(value, family) : value;
    front[flag] = `${negated ? '! ' : ''}${flag} ${shown}`;
    at += negated ? 2 : 1;
  }
  const first = ['-s', '-d', '-i', '-p'].flatMap((flag) => front[flag] ?? []);
  return ['-A', chain, ...first, ...savedMatches(rest, family)].join(' ');
}

const withLength = (address: string, family: Family): string =>
  canonicalRange(address.includes('/') ? address : `${address}/${family === 'IPv6' ? 128 : 32}`);

const hex = (value: string): string => `0x${Number(value).toString(16)}`;

/** The kernel keeps a probability in 31 bits. */
const kept = (value: string): string => (Math.round(Number(value) * 2 ** 31) / 2 ** 31).toFixed(11);

function savedMatches(words: readonly string[], family: Family): string[] {
  const saved: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word, value] = words.slice(at) as [string, string];
    at++;
    if (word === '--comment') saved.push(word, value.startsWith('"') ? value : `"${value}"`);
    else if (word === '--mark') saved.push(word, value.split('/').map(hex).join('/'));
    else if (word === '--xor-mark') saved.push('--set-xmark', `${hex(value)}/0x0`);
    else if (word === '--or-mark') saved.push('--set-xmark', `${hex(value)}/${hex(value)}`);
    else if (word === '--probability') saved.push(word, kept(value));
    else if (word === '-j' && value === 'REJECT') {
      const how = family === 'IPv6' ? 'icmp6-port-unreachable' : 'icmp-port-unreachable';
      saved.push(word, value, '--reject-with', how);
    } else {
      saved.push(word);
      at--;
    }
  }
  return recent(saved, family);
}

/** The recent module prints what it does first and its name last, with what it goes by. */
function recent(words: readonly string[], family: Family): string[] {
  const at = words.indexOf('recent');
  if (at < 0) return [...words];
  const end = words.findIndex((word, index) => index > at && (word === '-m' || word === '-j'));
  const [, name, ...how] = words.slice(at + 1, end);
  const mask = family === 'IPv6' ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
  const printed = [...how, '--name', name!, '--mask', mask, '--rsource'];
  return [...words.slice(0, at + 1), ...printed, ...words.slice(end)];
}

/** What iptables-save printed, normalised alike: without counters and what is not the proxy's. */
export function normalSave(text: string): SavedTables {
  const saved: Record<string, readonly string[]> = {};
  for (const [name, { chains, rules }] of readRestore(text.split('\n'))) {
    const own = [...rules].map(([chain, each]): [string, readonly string[]] => [
      chain,
      chain.startsWith('KUBE-') ? each : each.filter((rule) => rule.includes(' -j KUBE-')),
    ]);
    const lines = [
      ...chains
        .filter((chain) => chain.startsWith('KUBE-'))
        .map((chain) => `:${chain} -`)
        .sort(),
      ...own
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([chain, each]) => normalRules(chain, each)),
    ];
    if (lines.length > 0) saved[name] = lines;
  }
  return saved;
}
