import type { Lister, Subscription } from '../../client/index.ts';
import { type KubeObject, keyOf, type WatchEvent } from '../../meta/index.ts';

/** A change that somebody does not see yet. */
export interface HeldEvent {
  readonly event: WatchEvent;
  readonly dueMs: number;
  /** Told with everything else that is due then, as what came of it all: the watch was broken. */
  readonly merged: boolean;
}

/** What becomes of a view in a fork. */
export interface ViewState {
  readonly log: readonly HeldEvent[];
  readonly brokenUntilMs: number;
}

/** How a change is to be told. */
export interface Verdict {
  readonly dueMs: number;
  readonly merged: boolean;
}

/** A reader of changes through a view. */
export interface ViewReader {
  /** Changes of these revisions are told as what came of them. */
  merge(from: number, to: number): void;
  notify(): void;
}

/**
 * What one component sees of one resource while that is not what is there: the changes that it does not see yet, in order, and for every
 * object in them what it sees instead. Work is a constant a change, and nothing for what does not change.
 */
export class View {
  brokenUntilMs: number;
  readonly #events: Subscription<KubeObject>;
  readonly #judge: (view: View, revision: number) => Verdict;
  readonly #log: HeldEvent[] = [];
  #head = 0;
  /** By key, what is seen of an object that has changed since; undefined for one that is not seen to exist. */
  readonly #seen = new Map<string, KubeObject | undefined>();
  readonly #pendingByKey = new Map<string, number>();
  readonly readers = new Set<ViewReader>();

  constructor(
    events: Subscription<KubeObject>,
    judge: (view: View, revision: number) => Verdict,
    state?: ViewState,
  ) {
    this.#events = events;
    this.#judge = judge;
    this.brokenUntilMs = state?.brokenUntilMs ?? 0;
    for (const held of state?.log ?? []) this.#hold(held);
  }

  get state(): ViewState {
    return { log: this.held, brokenUntilMs: this.brokenUntilMs };
  }

  /** Changes that are not seen yet, oldest first. */
  get held(): readonly HeldEvent[] {
    return this.#log.slice(this.#head);
  }

  get heldCount(): number {
    return this.#log.length - this.#head;
  }

  /** When the next change is to be seen. */
  get nextDueMs(): number | undefined {
    return this.#log[this.#head]?.dueMs;
  }

  /** Takes in what has changed by now. */
  pull(): void {
    for (let event = this.#events.next(); event; event = this.#events.next()) {
      const { dueMs, merged } = this.#judge(this, event.revision);
      const lastMs = this.#log.at(-1)?.dueMs ?? 0;
      this.#hold({ event, dueMs: this.heldCount > 0 ? Math.max(dueMs, lastMs) : dueMs, merged });
    }
  }

  /** Whether a change of this revision is seen. */
  sees(revision: number): boolean {
    this.pull();
    const first = this.#log[this.#head];
    return first === undefined || revision < first.event.revision;
  }

  /** Shows what is due. */
  release(nowMs: number): void {
    this.pull();
    let mergedFrom: number | undefined;
    let last: number | undefined;
    for (
      let held = this.#log[this.#head];
      held && held.dueMs <= nowMs;
      held = this.#log[this.#head]
    ) {
      this.#head++;
      if (held.merged) mergedFrom ??= held.event.revision;
      last = held.event.revision;
      this.#show(held.event);
    }
    if (last === undefined) return;
    if (this.heldCount === 0) {
      this.#log.length = 0;
      this.#head = 0;
    }
    for (const reader of this.readers) {
      if (mergedFrom !== undefined) reader.merge(mergedFrom, last);
      reader.notify();
    }
  }

  /** The component lists anew: it sees what is there. */
  relist(): void {
    this.pull();
    this.#log.length = 0;
    this.#head = 0;
    this.#seen.clear();
    this.#pendingByKey.clear();
  }

  close(): void {
    this.#events.close();
  }

  get isClear(): boolean {
    this.pull();
    return this.#seen.size === 0;
  }

  hides(key: string): boolean {
    return this.#seen.has(key);
  }

  /** What is seen of an object that has changed since. */
  old(key: string): KubeObject | undefined {
    return this.#seen.get(key);
  }

  /** All objects that have changed since, as they are seen; those that are not seen to exist left out. */
  olds(): KubeObject[] {
    return [...this.#seen.values()].filter((each) => each !== undefined);
  }

  #hold(held: HeldEvent): void {
    this.#log.push(held);
    const key = keyOf(held.event.object);
    this.#pendingByKey.set(key, (this.#pendingByKey.get(key) ?? 0) + 1);
    if (!this.#seen.has(key)) this.#seen.set(key, beforeOf(held.event));
  }

  #show(event: WatchEvent): void {
    const key = keyOf(event.object);
    const left = this.#pendingByKey.get(key)! - 1;
    if (left > 0) {
      this.#pendingByKey.set(key, left);
      this.#seen.set(key, afterOf(event));
      return;
    }
    this.#pendingByKey.delete(key);
    this.#seen.delete(key);
  }
}

function beforeOf({ type, object, previous }: WatchEvent): KubeObject | undefined {
  return type === 'ADDED' ? undefined : (previous ?? object);
}

function afterOf({ type, object }: WatchEvent): KubeObject | undefined {
  return type === 'DELETED' ? undefined : object;
}

/** What a list after a broken watch tells of a row of changes of one object, as an informer words it; nothing if nothing came of it. */
export function mergedEvent(first: WatchEvent, last: WatchEvent): WatchEvent | undefined {
  const before = beforeOf(first);
  const after = afterOf(last);
  const { revision } = last;
  if (before === undefined)
    return after === undefined ? undefined : { type: 'ADDED', object: after, revision };
  if (after === undefined) return { type: 'DELETED', object: before, previous: before, revision };
  return { type: 'MODIFIED', object: after, previous: before, revision };
}

/** A lister that shows what the view does. */
export function viewLister(
  base: Lister<KubeObject>,
  view: () => View | undefined,
  index: (name: string) => ((object: KubeObject) => readonly string[]) | undefined,
): Lister<KubeObject> {
  /** The view, when it shows anything but what is there. */
  const blurred = (): View | undefined => {
    const found = view();
    return found === undefined || found.isClear ? undefined : found;
  };
  const mixed = (now: readonly KubeObject[], seen: View, isIn: (old: KubeObject) => boolean) =>
    [...now.filter((each) => !seen.hides(keyOf(each))), ...seen.olds().filter(isIn)].sort((a, b) =>
      keyOf(a) < keyOf(b) ? -1 : 1,
    );
  const list = (namespace?: string): readonly KubeObject[] => {
    const seen = blurred();
    const now = base.list(namespace);
    if (!seen) return now;
    return mixed(
      now,
      seen,
      (old) => namespace === undefined || old.metadata.namespace === namespace,
    );
  };
  const byIndex = (name: string, value: string): readonly KubeObject[] => {
    const seen = blurred();
    const now = base.byIndex(name, value);
    if (!seen) return now;
    return mixed(now, seen, (old) => index(name)?.(old).includes(value) ?? false);
  };
  const byKey = (key: string): KubeObject | undefined => {
    const seen = blurred();
    return seen?.hides(key) ? seen.old(key) : base.byKey(key);
  };
  return {
    get size() {
      return blurred() ? list().length : base.size;
    },
    get: (name, namespace) => byKey(namespace ? `${namespace}/${name}` : name),
    byKey,
    list,
    byIndex,
    countIndex: (name, value) =>
      blurred() ? byIndex(name, value).length : base.countIndex(name, value),
  };
}
