import type { Pod } from '../../generated/core/v1/types.ts';
import { Heap } from './heap.ts';
import type { PodShape } from './pod-shape.ts';
import { UnschedulablePods, type WaitingGroup } from './unschedulable.ts';

/** A pod that waits for a node. Immutable: a change makes a new one. */
export interface QueuedPod {
  readonly key: string;
  readonly uid: string;
  readonly pod: Pod;
  readonly shape: PodShape;
  /** When it came, or was last put back; orders pods of equal priority and starts the back-off. */
  readonly sinceMs: number;
  readonly sequence: number;
  /** Attempts that found no node. */
  readonly attempts: number;
  /** Attempts in a row that ended in an error. */
  readonly errors: number;
  /** The plugins that rejected it last, as bits in the order of the profile; 0 = any event is worth a retry. */
  readonly rejectors: number;
  /** Revision of the write that put it here. */
  readonly trigger: number;
}

export type QueuePart = 'active' | 'backoff' | 'unschedulable' | 'gated';

interface Place {
  readonly part: QueuePart;
  readonly item: QueuedPod;
}

interface Delayed {
  readonly item: QueuedPod;
  readonly untilMs: number;
}

export interface QueueOptions {
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /**
   * When nothing is active, pods leave back-off early, unless an error sent them there; and back-off is counted in whole
   * seconds, so that all pods of one second come out together, by priority.
   */
  readonly popsFromBackoff: boolean;
}

/** How long a pod stays unschedulable before it is tried again although nothing happened. */
export const UNSCHEDULABLE_MAX_MS = 5 * 60_000;

const WINDOW_MS = 1000;

/**
 * The scheduling queue: active pods by priority, then by age; pods in back-off by when it ends; unschedulable pods wait
 * for an event, gated ones for their gates. A pod is in one part at a time. Heaps keep entries of pods that went
 * elsewhere since; `#isAt` tells them.
 */
export class SchedulingQueue {
  #options: QueueOptions;
  #places: Map<string, Place>;
  #placesShared = false;
  #active: Heap<QueuedPod>;
  #backoff: Heap<Delayed>;
  /** Back-off after errors: never cut short. */
  #errors: Heap<Delayed>;
  #unschedulable: UnschedulablePods;
  #sequence: number;
  #counts: Record<QueuePart, number>;

  constructor(options: QueueOptions, from?: SchedulingQueue) {
    this.#options = options;
    this.#places = from ? from.#places : new Map();
    this.#placesShared = from !== undefined;
    if (from) from.#placesShared = true;
    this.#active = from ? from.#active.clone() : new Heap(comesBefore);
    this.#backoff = from ? from.#backoff.clone() : new Heap(endsBefore);
    this.#errors = from ? from.#errors.clone() : new Heap(endsBefore);
    this.#unschedulable = new UnschedulablePods(from?.#unschedulable);
    this.#sequence = from ? from.#sequence : 0;
    this.#counts = from
      ? { ...from.#counts }
      : { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
  }

  clone(): SchedulingQueue {
    return new SchedulingQueue(this.#options, this);
  }

  /** Other waits, for pods that go to back-off from now on. */
  configure(options: Partial<QueueOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  count(part: QueuePart): number {
    return this.#counts[part];
  }

  get(key: string): QueuedPod | undefined {
    return this.#places.get(key)?.item;
  }

  partOf(key: string): QueuePart | undefined {
    return this.#places.get(key)?.part;
  }

  /** The unschedulable pods, grouped by what may help them. */
  waiting(): Iterable<WaitingGroup> {
    return this.#unschedulable.groups();
  }

  /** Takes in a new pod; `gated` keeps it out of the active part. */
  add(
    pod: Pod,
    shape: PodShape,
    key: string,
    options: { readonly nowMs: number; readonly gated: boolean; readonly trigger: number },
  ): void {
    const item: QueuedPod = {
      key,
      uid: pod.metadata?.uid ?? '',
      pod,
      shape,
      sinceMs: options.nowMs,
      sequence: this.#sequence++,
      attempts: 0,
      errors: 0,
      rejectors: 0,
      trigger: options.trigger,
    };
    this.#put(item, options.gated ? 'gated' : 'active');
  }

  /** The pod's object changed: it keeps its place and its past attempts. */
  update(key: string, pod: Pod, shape: PodShape): void {
    const place = this.#places.get(key);
    if (!place || place.item.pod === pod) return;
    const { part, item } = place;
    const newer = { ...item, pod, shape };
    this.#own().set(key, { part, item: newer });
    this.#insert(newer, part);
  }

  delete(key: string): void {
    this.#leave(key);
  }

  /** The next pod to schedule, which leaves the queue. */
  pop(nowMs: number): QueuedPod | undefined {
    this.#endBackoffs(nowMs);
    for (let item = this.#active.pop(); item; item = this.#active.pop()) {
      if (!this.#isAt(item, 'active')) continue;
      this.#leave(item.key);
      return item;
    }
    if (!this.#options.popsFromBackoff) return undefined;
    const early = this.#first(this.#backoff)?.item;
    if (early) this.#leave(early.key);
    return early;
  }

  /** No node took the pod: it waits for an event that `rejectors` may care about. */
  failed(item: QueuedPod, rejectors: number, nowMs: number): void {
    this.#put(
      { ...item, rejectors, sinceMs: nowMs, attempts: item.attempts + 1, errors: 0 },
      'unschedulable',
    );
  }

  /** The attempt ended in an error: it is repeated after a back-off, whatever happens. */
  erred(item: QueuedPod, nowMs: number): void {
    const again = { ...item, rejectors: 0, sinceMs: nowMs, errors: item.errors + 1 };
    this.#put(again, this.#backoffEnd(again) > nowMs ? 'backoff' : 'active');
  }

  /** An event may help this pod: to back-off while that lasts, else to the active part. */
  activate(key: string, nowMs: number, trigger: number): void {
    const place = this.#places.get(key);
    if (place?.part !== 'unschedulable' && place?.part !== 'gated') return;
    const item = { ...place.item, trigger };
    this.#put(item, this.#backoffEnd(item) > nowMs ? 'backoff' : 'active');
  }

  /** Retries pods that have been unschedulable for five minutes. */
  flush(nowMs: number): void {
    for (const item of this.#unschedulable.values()) {
      if (nowMs - item.sinceMs < UNSCHEDULABLE_MAX_MS) return;
      this.activate(item.key, nowMs, 0);
    }
  }

  /** When the next back-off ends; undefined when none is under way. */
  nextBackoffMs(): number | undefined {
    const one = this.#first(this.#backoff)?.untilMs;
    const other = this.#first(this.#errors)?.untilMs;
    if (one === undefined || other === undefined) return one ?? other;
    return Math.min(one, other);
  }

  /** When the pod that has been unschedulable longest is flushed. */
  nextFlushMs(): number | undefined {
    const { oldest } = this.#unschedulable;
    return oldest && oldest.sinceMs + UNSCHEDULABLE_MAX_MS;
  }

  #endBackoffs(nowMs: number): void {
    for (const heap of [this.#backoff, this.#errors]) {
      for (let first = this.#first(heap); first; first = this.#first(heap)) {
        if (first.untilMs > nowMs) break;
        this.#put(first.item, 'active');
      }
    }
  }

  /** The first entry that still holds; drops those before it. */
  #first(heap: Heap<Delayed>): Delayed | undefined {
    for (let first = heap.peek(); first; first = heap.peek()) {
      if (this.#isAt(first.item, 'backoff')) return first;
      heap.pop();
    }
    return undefined;
  }

  /** When the pod may be tried again; 0 for one that never failed. */
  #backoffEnd({ sinceMs, attempts, errors }: QueuedPod): number {
    const { initialBackoffMs, maxBackoffMs, popsFromBackoff } = this.#options;
    const times = errors > 0 ? errors : attempts;
    if (times === 0 || maxBackoffMs === 0) return 0;
    const end = sinceMs + Math.min(initialBackoffMs * 2 ** Math.min(times - 1, 30), maxBackoffMs);
    return popsFromBackoff ? Math.floor(end / WINDOW_MS) * WINDOW_MS + WINDOW_MS : end;
  }

  #put(item: QueuedPod, part: QueuePart): void {
    this.#leave(item.key);
    this.#own().set(item.key, { part, item });
    this.#counts[part]++;
    this.#insert(item, part);
  }

  #insert(item: QueuedPod, part: QueuePart): void {
    if (part === 'active') this.#active.push(item);
    else if (part === 'unschedulable') this.#unschedulable.set(item);
    else if (part === 'backoff') {
      const heap = item.errors > 0 ? this.#errors : this.#backoff;
      heap.push({ item, untilMs: this.#backoffEnd(item) });
    }
  }

  #leave(key: string): void {
    const place = this.#places.get(key);
    if (!place) return;
    this.#own().delete(key);
    this.#counts[place.part]--;
    if (place.part === 'unschedulable') this.#unschedulable.delete(key);
  }

  #isAt(item: QueuedPod, part: QueuePart): boolean {
    const place = this.#places.get(item.key);
    return place?.item === item && place.part === part;
  }

  #own(): Map<string, Place> {
    if (this.#placesShared) {
      this.#places = new Map(this.#places);
      this.#placesShared = false;
    }
    return this.#places;
  }
}

function comesBefore(a: QueuedPod, b: QueuedPod): boolean {
  if (a.shape.priority !== b.shape.priority) return a.shape.priority > b.shape.priority;
  if (a.sinceMs !== b.sinceMs) return a.sinceMs < b.sinceMs;
  return a.sequence < b.sequence;
}

function endsBefore(a: Delayed, b: Delayed): boolean {
  return a.untilMs === b.untilMs ? comesBefore(a.item, b.item) : a.untilMs < b.untilMs;
}
