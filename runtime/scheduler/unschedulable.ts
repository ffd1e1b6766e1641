import type { PodShape } from './pod-shape.ts';
import type { QueuedPod } from './queue.ts';

/** Unschedulable pods of one profile that the same plugins rejected, by shape: an event concerns those of a shape alike. */
export interface WaitingGroup {
  readonly schedulerName: string;
  readonly rejectors: number;
  readonly byShape: Map<PodShape, Set<string>>;
}

/**
 * The unschedulable pods in the order in which they became so, and grouped for the question whether an event is worth a
 * retry, so that an event costs the number of groups and not that of pods. A copy groups anew when first asked.
 */
export class UnschedulablePods {
  readonly #items: Map<string, QueuedPod>;
  #groups: Map<string, WaitingGroup> | undefined;

  constructor(from?: UnschedulablePods) {
    this.#items = new Map(from?.#items);
  }

  /** Adds a pod as the youngest, or replaces it where it is. */
  set(item: QueuedPod): void {
    const known = this.#items.get(item.key);
    if (known) this.#ungroup(known);
    this.#items.set(item.key, item);
    this.#group(item);
  }

  delete(key: string): void {
    const known = this.#items.get(key);
    if (!known) return;
    this.#items.delete(key);
    this.#ungroup(known);
  }

  /** Oldest first. */
  values(): IterableIterator<QueuedPod> {
    return this.#items.values();
  }

  get oldest(): QueuedPod | undefined {
    for (const item of this.#items.values()) return item;
    return undefined;
  }

  groups(): Iterable<WaitingGroup> {
    if (!this.#groups) {
      this.#groups = new Map();
      for (const item of this.#items.values()) this.#group(item);
    }
    return this.#groups.values();
  }

  #group(item: QueuedPod): void {
    if (!this.#groups) return;
    const id = groupOf(item);
    let group = this.#groups.get(id);
    if (!group) {
      const schedulerName = item.pod.spec?.schedulerName ?? '';
      group = { schedulerName, rejectors: item.rejectors, byShape: new Map() };
      this.#groups.set(id, group);
    }
    const keys = group.byShape.get(item.shape);
    if (keys) keys.add(item.key);
    else group.byShape.set(item.shape, new Set([item.key]));
  }

  #ungroup(item: QueuedPod): void {
    const id = groupOf(item);
    const group = this.#groups?.get(id);
    const keys = group?.byShape.get(item.shape);
    if (!group || !keys?.delete(item.key) || keys.size > 0) return;
    group.byShape.delete(item.shape);
    if (group.byShape.size === 0) this.#groups!.delete(id);
  }
}

function groupOf({ pod, rejectors }: QueuedPod): string {
  return `${rejectors}/${pod.spec?.schedulerName ?? ''}`;
}
