import type { Transport } from '../../client/index.ts';
import { type KubeObject, keyOf, resourceId, type WatchEvent } from '../../meta/index.ts';
import type { Journal, JournalRecord } from '../../trace/index.ts';
import type { ServedKind } from '../served.ts';
import type { Rule } from './rule.ts';
import { RULES } from './table.ts';

/** A rule that did not hold after a write. */
export interface Violation {
  readonly rule: string;
  /** `pods default/web-1`. */
  readonly object: string;
  readonly problem: string;
  readonly revision: number;
  readonly atMs: number;
  /** Faults that were under way, as on a command line. */
  readonly faults: readonly string[];
}

interface Watched {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly kinds: readonly ServedKind[];
  now(): number;
  lateness(component: string): number;
  /** Faults that are under way. */
  faults(): readonly string[];
}

/** Findings kept; what follows from the first is seldom of interest. */
const VIOLATIONS_MAX = 10_000;
const NONE: readonly Violation[] = [];

/** Looks at every change as it is committed. */
export class InvariantChecker {
  readonly #found: { readonly rule: Rule; readonly violation: Violation }[] = [];
  readonly #watched: Watched;
  readonly #rules: readonly Rule[];

  constructor(watched: Watched) {
    this.#watched = watched;
    const observed = {
      lister: watched.transport.lister,
      now: watched.now,
      lateness: watched.lateness,
    };
    this.#rules = RULES.map((make) => make(observed));
    // What is there already comes kind by kind, so that only what follows is judged.
    const rules = new Map<string, readonly Rule[]>();
    for (const kind of watched.kinds) {
      const { resource } = kind.ref;
      const own = this.#rules.filter((each) => each.resources?.includes(resource) ?? true);
      rules.set(resource, own);
      for (const object of watched.transport.lister(kind.ref).list())
        for (const rule of own)
          rule.check({ type: 'ADDED', object, revision: revisionOf(object) }, resource);
    }
    for (const { ref } of watched.kinds) this.#follow(ref, rules.get(ref.resource)!);
  }

  /** What was broken so far, oldest first. */
  get violations(): readonly Violation[] {
    if (this.#found.length === 0) return NONE;
    const { journal } = this.#watched;
    return this.#found
      .filter(({ rule, violation }) => {
        const record = rule.excuses && journal.byRevision(violation.revision);
        return !(record && rule.excuses!(record));
      })
      .map(({ violation }) => violation);
  }

  /** What was broken, with the record of the write and the chain of its causes. */
  describe({ rule, object, problem, revision, faults }: Violation): string {
    const { journal } = this.#watched;
    const record = journal.byRevision(revision);
    const causes = record ? journal.causesOf(record.id) : [];
    const lines = [
      `${object} ${problem} (${rule})`,
      ...causes.map((each) => `  ${recordText(each)}`),
      ...(faults.length > 0 ? [`  under way: ${faults.join(' ')}`] : []),
    ];
    return lines.join('\n');
  }

  #follow(ref: ServedKind['ref'], rules: readonly Rule[]): void {
    const events = this.#watched.transport.subscribe<KubeObject>(ref, {
      initial: false,
      notify: () => {
        for (let event = events.next(); event; event = events.next()) this.#look(event, ref, rules);
      },
    });
  }

  #look(event: WatchEvent, ref: ServedKind['ref'], rules: readonly Rule[]): void {
    for (const rule of rules) {
      const problem = rule.check(event, ref.resource);
      if (problem === undefined || this.#found.length >= VIOLATIONS_MAX) continue;
      const violation = {
        rule: rule.name,
        object: `${resourceId(ref)} ${keyOf(event.object)}`,
        problem,
        revision: event.revision,
        atMs: this.#watched.now(),
        faults: this.#watched.faults(),
      };
      this.#found.push({ rule, violation });
    }
  }
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion ?? 0);
}

function recordText(record: JournalRecord): string {
  const head = `record ${record.id} ${record.component}`;
  switch (record.type) {
    case 'write':
      return `${head}: ${record.verb} ${record.resource}/${record.key} revision ${record.revision}`;
    case 'reconcile':
      return `${head}: reconcile ${record.key} ${record.outcome}`;
    default:
      return `${head}: ${record.what} ${JSON.stringify(record.detail)}`;
  }
}
