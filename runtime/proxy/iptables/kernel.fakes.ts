/** Tables of a kernel, as far as iptables-restore changes them: rules by chain. */
export type Tables = Map<string, Map<string, string[]>>;

/**
 * Loads a text as `iptables-restore --noflush` does: a chain that is declared is made or emptied, rules go to its end, `-X` deletes a
 * chain. Like the kernel it refuses rules in and jumps to chains that are not there, and to delete one that is in use.
 */
export function load(tables: Tables, text: string): void {
  let table = new Map<string, string[]>();
  for (const line of text.trim().split('\n')) {
    const [word = '', chain = ''] = line.split(' ');
    if (word.startsWith('*')) {
      table = tables.get(word.slice(1)) ?? new Map(BUILT_IN.map((name) => [name, []]));
      tables.set(word.slice(1), table);
    } else if (word.startsWith(':')) table.set(word.slice(1), []);
    else if (word === '-A') rulesOf(table, chain).push(line);
    else if (word === '-X') {
      if (rulesOf(table, chain).length > 0) throw new Error(`${chain} is not empty`);
      table.delete(chain);
    } else if (word === 'COMMIT') check(table);
    else throw new Error(`what is ${line}?`);
  }
}

const BUILT_IN = ['INPUT', 'OUTPUT', 'FORWARD', 'PREROUTING', 'POSTROUTING'];
const VERDICTS = new Set(['ACCEPT', 'DROP', 'RETURN', 'REJECT', 'MARK', 'MASQUERADE', 'DNAT']);

function rulesOf(table: Map<string, string[]>, chain: string): string[] {
  const rules = table.get(chain);
  if (!rules) throw new Error(`there is no chain ${chain}`);
  return rules;
}

function check(table: Map<string, string[]>): void {
  for (const rules of table.values())
    for (const rule of rules) {
      const target = / -j (\S+)/.exec(rule)?.[1];
      if (target && !VERDICTS.has(target)) rulesOf(table, target);
    }
}
