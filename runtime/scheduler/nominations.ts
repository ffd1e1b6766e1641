import type { PodRecord } from './node-info.ts';

interface Nominated {
  readonly nodeName: string;
  readonly record: PodRecord;
}

const NONE: readonly PodRecord[] = [];

/**
 * Pods that wait for room on a node which preemption makes for them. Others count them as if they were there already, when
 * they are at least as important. Copied as a whole by a fork: there are few.
 */
export class Nominations {
  readonly #byKey: Map<string, Nominated>;
  readonly #byNode: Map<string, readonly PodRecord[]>;

  constructor(from?: Nominations) {
    this.#byKey = new Map(from ? from.#byKey : undefined);
    this.#byNode = new Map(from ? from.#byNode : undefined);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Nodes that any pod is nominated for. */
  nodeNames(): Iterable<string> {
    return this.#byNode.keys();
  }

  nodeOf(key: string): string | undefined {
    return this.#byKey.get(key)?.nodeName;
  }

  /** Pods nominated for the node, in the order in which they were. */
  on(nodeName: string): readonly PodRecord[] {
    return this.#byNode.get(nodeName) ?? NONE;
  }

  /** Those that a pod has to reckon with: at least as important as it, and not itself. */
  against(nodeName: string, own: { readonly key: string; readonly priority: number }) {
    const all = this.#byNode.get(nodeName);
    if (!all) return NONE;
    return all.filter(({ key, shape }) => key !== own.key && shape.priority >= own.priority);
  }

  set(nodeName: string, record: PodRecord): void {
    const known = this.#byKey.get(record.key);
    if (known?.nodeName === nodeName && known.record.shape === record.shape) return;
    this.delete(record.key);
    this.#byKey.set(record.key, { nodeName, record });
    this.#byNode.set(nodeName, [...this.on(nodeName), record]);
  }

  delete(key: string): void {
    const known = this.#byKey.get(key);
    if (!known) return;
    this.#byKey.delete(key);
    const rest = this.on(known.nodeName).filter((record) => record.key !== key);
    if (rest.length > 0) this.#byNode.set(known.nodeName, rest);
    else this.#byNode.delete(known.nodeName);
  }
}
