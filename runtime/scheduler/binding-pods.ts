import type { QueuedPod } from './queue.ts';
import type { VolumeBindings } from './volumes/index.ts';

/** A pod that has its node in the snapshot and waits for its volumes before it is bound. */
interface BindingPod {
  readonly item: QueuedPod;
  readonly volumes: VolumeBindings;
  readonly deadlineMs: number;
}

/** Pods between Reserve and Bind, and which of them are worth another look. */
export class BindingPods {
  readonly #pods: Map<string, BindingPod>;
  #toCheck: Set<string>;

  constructor(from?: BindingPods) {
    this.#pods = new Map(from ? from.#pods : undefined);
    this.#toCheck = new Set(from ? from.#toCheck : undefined);
  }

  get(key: string): BindingPod | undefined {
    return this.#pods.get(key);
  }

  has(key: string): boolean {
    return this.#pods.has(key);
  }

  add(item: QueuedPod, volumes: VolumeBindings, deadlineMs: number): void {
    this.#pods.set(item.key, { item, volumes, deadlineMs });
    this.#toCheck.add(item.key);
  }

  delete(key: string): void {
    this.#pods.delete(key);
    this.#toCheck.delete(key);
  }

  /** A claim or volume changed, or time passed. */
  checkAll(): void {
    if (this.#pods.size > 0) this.#toCheck = new Set(this.#pods.keys());
  }

  /** The next pod to look at. */
  next(): string | undefined {
    for (const key of this.#toCheck) {
      this.#toCheck.delete(key);
      return key;
    }
    return undefined;
  }

  /** When the first gives up. */
  nextDeadlineMs(): number | undefined {
    let first: number | undefined;
    for (const { deadlineMs } of this.#pods.values())
      if (first === undefined || deadlineMs < first) first = deadlineMs;
    return first;
  }
}
