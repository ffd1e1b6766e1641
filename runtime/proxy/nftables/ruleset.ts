import { Claims } from '../claims.ts';
import { ownerOf } from '../line-rules.ts';
import type { ModelChange, RuleModel, ServicePortRules } from '../model/index.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { type AffinitySet, type Element, type Fragment, fragmentOf } from './fragment.ts';
import type { Container } from './layout.ts';
import { tableText } from './layout.ts';

const NO_FRAGMENT: Fragment = { chains: [], sets: [], elements: [] };

/**
 * The table of one IP family: all of it as a script, and what an update of the model changes in it as a transaction. Work
 * per update is O(what changed). A change of node or settings makes the table anew.
 *
 * Where services want different things of the same address and port, the first by name has it, whoever came first.
 */
export class NftablesRules {
  #model: RuleModel;
  #dialect: Dialect;
  readonly #fragments = new Map<string, Fragment>();
  /** Elements by container and key. Several ports may want the same: hairpins of a shared pod, the same external IP. */
  readonly #claims = new Claims<Element>();
  /** Chains that are empty and unused, but must not be deleted in the transaction that made them so. */
  readonly #stale = new Set<string>();

  constructor(model: RuleModel) {
    this.#model = model;
    this.#dialect = dialectOf(model);
    this.#takeAll();
  }

  /** A script for `nft -f` that makes the table exactly this, whatever it was. */
  fullText(): string {
    const text = new TransactionText(this.#dialect.table);
    for (const { ports } of this.#model.services.values())
      for (const port of ports) {
        const owner = ownerOf(port);
        const { chains, sets, elements } = this.#fragments.get(owner)!;
        for (const { name } of chains) text.line('add chain', name);
        for (const set of sets) text.addSet(set, this.#dialect);
        for (const { name, rules } of chains) for (const rule of rules) text.rule(name, rule);
        for (const element of elements)
          if (this.#claims.get(idOf(element)) === element) text.add(element);
      }
    return tableText(this.#dialect, this.#model.settings) + text;
  }

  /** A script for `nft -f` that brings the table from the model before to the one after; empty if nothing is to be done. */
  update({ after, services, whole, before }: ModelChange): string {
    this.#model = after;
    if (whole) {
      this.#dialect = dialectOf(after);
      this.#takeAll();
      return this.fullText();
    }
    const edits: Edit[] = [];
    for (const key of services) {
      const old = before.services.get(key)?.ports ?? [];
      const now = after.services.get(key)?.ports ?? [];
      const kept = new Set(now);
      const names = new Set(now.map(ownerOf));
      for (const port of old)
        if (!kept.has(port) && !names.has(ownerOf(port))) edits.push(this.#edit(ownerOf(port)));
      const same = new Set(old);
      for (const port of now) if (!same.has(port)) edits.push(this.#edit(ownerOf(port), port));
    }
    return this.#editText(edits);
  }

  /**
   * Deletes the chains that updates have left empty. To be loaded a second or more after them: kernels before 6.2 still
   * count the map elements that have just been deleted as users of the chain.
   */
  cleanup(): string {
    const text = new TransactionText(this.#dialect.table);
    for (const name of this.#stale) text.line('delete chain', name);
    this.#stale.clear();
    return `${text}`;
  }

  #takeAll(): void {
    this.#fragments.clear();
    this.#claims.clear();
    this.#stale.clear();
    for (const { ports } of this.#model.services.values())
      for (const port of ports) {
        const owner = ownerOf(port);
        const fragment = this.#fragment(port);
        this.#fragments.set(owner, fragment);
        for (const element of fragment.elements) this.#claims.put(owner, idOf(element), element);
      }
  }

  #fragment(port: ServicePortRules): Fragment {
    return fragmentOf(port, this.#dialect, this.#model.node.primaryIP);
  }

  #edit(owner: string, port?: ServicePortRules): Edit {
    const before = this.#fragments.get(owner) ?? NO_FRAGMENT;
    const after = port ? this.#fragment(port) : NO_FRAGMENT;
    if (port) this.#fragments.set(owner, after);
    else this.#fragments.delete(owner);
    return { owner, before, after };
  }

  #editText(edits: readonly Edit[]): string {
    const text = new TransactionText(this.#dialect.table);
    const changes = edits.map(chainChanges);
    for (const { added } of changes)
      for (const name of added) {
        // One that is only waiting to be deleted is there already; to add it again does no harm.
        this.#stale.delete(name);
        text.line('add chain', name);
      }
    for (const { emptied, gone } of changes)
      for (const name of [...emptied, ...gone]) text.line('flush chain', name);
    for (const { setsGone } of changes) for (const name of setsGone) text.line('delete set', name);
    for (const { setsAdded } of changes)
      for (const set of setsAdded) text.addSet(set, this.#dialect);
    for (const { added, emptied, rules } of changes)
      for (const name of [...added, ...emptied])
        for (const rule of rules.get(name) ?? []) text.rule(name, rule);
    this.#editElements(edits, text);
    for (const { gone } of changes) for (const name of gone) this.#stale.add(name);
    return `${text}`;
  }

  #editElements(edits: readonly Edit[], text: TransactionText): void {
    const touched = new Map<string, Element | undefined>();
    for (const { before, after } of edits)
      for (const element of [...before.elements, ...after.elements]) {
        const id = idOf(element);
        if (!touched.has(id)) touched.set(id, this.#claims.get(id));
      }
    for (const { owner, before } of edits)
      for (const element of before.elements) this.#claims.drop(owner, idOf(element));
    for (const { owner, after } of edits)
      for (const element of after.elements) this.#claims.put(owner, idOf(element), element);
    const added: Element[] = [];
    for (const [id, old] of touched) {
      const now = this.#claims.get(id);
      if (old && now && old.value === now.value && old.comment === now.comment) continue;
      if (old) text.delete(old);
      if (now) added.push(now);
    }
    for (const element of added) text.add(element);
  }
}

interface Edit {
  readonly owner: string;
  readonly before: Fragment;
  readonly after: Fragment;
}

interface ChainChanges {
  readonly added: readonly string[];
  /** Chains that stay and get other rules, or the same again because a set that they name is made anew. */
  readonly emptied: readonly string[];
  readonly gone: readonly string[];
  readonly setsAdded: readonly AffinitySet[];
  readonly setsGone: readonly string[];
  /** New rules by chain. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
}

function chainChanges({ before, after }: Edit): ChainChanges {
  const old = new Map(before.chains.map(({ name, rules }) => [name, rules]));
  const rules = new Map(after.chains.map(({ name, rules }) => [name, rules]));
  const oldSets = new Map(before.sets.map((set) => [set.name, set.timeoutSeconds]));
  const sets = new Map(after.sets.map((set) => [set.name, set.timeoutSeconds]));
  const remade = after.sets.some(({ name, timeoutSeconds }) => {
    const was = oldSets.get(name);
    return was !== undefined && was !== timeoutSeconds;
  });
  return {
    added: [...rules.keys()].filter((name) => !old.has(name)),
    emptied: [...rules].flatMap(([name, now]) => {
      const was = old.get(name);
      return was && (remade || was.join('\n') !== now.join('\n')) ? [name] : [];
    }),
    gone: [...old.keys()].filter((name) => !rules.has(name)),
    setsAdded: after.sets.filter(
      ({ name, timeoutSeconds }) => oldSets.get(name) !== timeoutSeconds,
    ),
    setsGone: [...oldSets].flatMap(([name, was]) => (sets.get(name) === was ? [] : [name])),
    rules,
  };
}

const idOf = ({ container, key }: Element): string => `${container} ${key}`;

/** Sets among the containers; the others are maps, whose keys alone are named when something is deleted. */
const SETS: ReadonlySet<Container> = new Set<Container>(['cluster-ips', 'hairpin-connections']);

/** Lines of one table, in the grammar of `nft`. */
class TransactionText {
  readonly #lines: string[] = [];
  readonly #table: string;

  constructor(table: string) {
    this.#table = table;
  }

  line(verb: string, name: string): void {
    this.#lines.push(`${verb} ${this.#table} ${name}\n`);
  }

  rule(chain: string, rule: string): void {
    this.line('add rule', `${chain} ${rule}`);
  }

  addSet({ name, timeoutSeconds }: AffinitySet, { addressType }: Dialect): void {
    const flags = 'flags dynamic,timeout';
    this.line(
      'add set',
      `${name} { type ${addressType} ; ${flags} ; timeout ${timeoutSeconds}s ; }`,
    );
  }

  add({ container, key, value, comment }: Element): void {
    const note = comment === undefined ? '' : ` comment "${comment}"`;
    const verdict = SETS.has(container) ? '' : ` : ${value}`;
    this.line('add element', `${container} { ${key}${note}${verdict} }`);
  }

  delete({ container, key }: Element): void {
    this.line('delete element', `${container} { ${key} }`);
  }

  toString(): string {
    return this.#lines.join('');
  }
}
