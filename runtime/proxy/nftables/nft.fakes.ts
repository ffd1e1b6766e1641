/** What a table is after scripts were loaded: chains with their rules, sets and maps with their elements. */
export interface NftTable {
  readonly chains: Map<string, string[]>;
  /** Type, flags and timeout of each set and map, as written. */
  readonly collections: Map<string, string>;
  readonly elements: Map<string, Map<string, string>>;
}

/**
 * Loads scripts as `nft -f` does, for the words that our rules use. Strict: it throws where the kernel would refuse the
 * transaction (unknown names, a chain in use deleted, an element that is there with another verdict), and at any line that
 * it does not understand.
 */
export class NftInterpreter {
  readonly #tables = new Map<string, NftTable>();

  /** All or nothing; the errors name the line. */
  load(script: string): void {
    for (const [at, line] of script.split('\n').entries()) {
      if (line === '') continue;
      try {
        this.#statement(line);
      } catch (error) {
        throw new Error(`line ${at + 1}: ${line}: ${(error as Error).message}`);
      }
    }
    for (const table of this.#tables.values()) checkReferences(table);
  }

  /** The state as sorted text: equal for equal tables, however they came about. */
  dump(): string {
    const lines: string[] = [];
    for (const [name, { chains, collections, elements }] of this.#tables) {
      for (const [chain, rules] of chains)
        lines.push(`${name} chain ${chain}: ${rules.join(' ;; ')}`);
      for (const [collection, type] of collections) {
        lines.push(`${name} collection ${collection}: ${type}`);
        for (const [key, value] of elements.get(collection)!)
          lines.push(`${name} element ${collection}: ${key} = ${value}`);
      }
    }
    return lines.sort().join('\n');
  }

  #statement(line: string): void {
    const match =
      /^(add|delete|flush) (table|chain|rule|set|map|element) (ip6? \S+)(?: (\S+))?(?: (.*))?$/.exec(
        line,
      );
    if (!match) throw new Error('not understood');
    const [, verb, what, name = '', object = '', rest = ''] = match;
    if (what === 'table') {
      if (verb === 'delete') {
        if (!this.#tables.delete(name)) throw new Error('no such table');
      } else if (!this.#tables.has(name))
        this.#tables.set(name, { chains: new Map(), collections: new Map(), elements: new Map() });
      return;
    }
    const table = this.#tables.get(name);
    if (!table) throw new Error('no such table');
    if (what === 'chain') chainStatement(table, verb!, object, rest);
    else if (what === 'rule') ruleStatement(table, verb!, object, rest);
    else if (what === 'element') elementStatement(table, verb!, object, rest);
    else collectionStatement(table, verb!, object, rest);
  }
}

function chainStatement({ chains }: NftTable, verb: string, name: string, rest: string): void {
  if (rest !== '' && !/^\{ .* ; \}$/.test(rest)) throw new Error('not understood');
  if (verb === 'add') {
    if (!chains.has(name)) chains.set(name, []);
    return;
  }
  const rules = chains.get(name);
  if (!rules) throw new Error('no such chain');
  if (verb === 'flush') rules.length = 0;
  else if (rules.length > 0) throw new Error('the chain has rules');
  else chains.delete(name);
}

function ruleStatement(table: NftTable, verb: string, chain: string, rule: string): void {
  const rules = table.chains.get(chain);
  if (!rules || verb !== 'add' || rule === '') throw new Error('no such chain');
  for (const name of namesIn(rule))
    if (!table.chains.has(name) && !table.collections.has(name)) throw new Error(`no ${name}`);
  rules.push(rule);
}

function collectionStatement(table: NftTable, verb: string, name: string, rest: string): void {
  const { collections, elements } = table;
  if (verb === 'delete') {
    if (!collections.delete(name)) throw new Error('no such set');
    elements.delete(name);
    return;
  }
  if (!/^\{ type .* ; \}$/.test(rest)) throw new Error('not understood');
  const known = collections.get(name);
  if (known !== undefined && known !== rest) throw new Error('it is there, and different');
  collections.set(name, rest);
  if (known === undefined) elements.set(name, new Map());
}

function elementStatement(table: NftTable, verb: string, name: string, rest: string): void {
  const match = /^\{ (.*?)( comment "[^"]*")?(?: : (.*))? \}$/.exec(rest);
  const elements = table.elements.get(name);
  if (!match || !elements) throw new Error('no such set');
  const [, key = '', comment = '', value = ''] = match;
  const type = table.collections.get(name)!;
  const parts = /type (.*?)(?: : verdict)? ;/.exec(type)![1]!.split(' . ').length;
  if (key.split(' . ').length !== parts) throw new Error('a key of another type');
  if (verb === 'delete') {
    if (!elements.delete(key)) throw new Error('no such element');
    return;
  }
  if (type.includes(': verdict') !== (value !== '')) throw new Error('verdict expected, or not');
  for (const target of namesIn(value))
    if (!table.chains.has(target)) throw new Error(`no ${target}`);
  const text = `${value}${comment}`;
  if (elements.has(key) && elements.get(key) !== text)
    throw new Error('it is there, and different');
  elements.set(key, text);
}

/** Chains and sets that a rule or verdict names. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/(?:goto |jump |@)([^\s}]+)/g)].map(([, name]) => name!);
}

/** At the end of a transaction nothing may name what is gone. */
function checkReferences({ chains, collections, elements }: NftTable): void {
  const used = [...chains.values()].flat().flatMap(namesIn);
  for (const each of elements.values()) used.push(...[...each.values()].flatMap(namesIn));
  for (const name of used)
    if (!chains.has(name) && !collections.has(name)) throw new Error(`${name} is gone, but in use`);
}
