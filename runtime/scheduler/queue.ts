import type { Pod } from '../../generated/core/v1/types.ts';
import { Heap } from './heap.ts';
import type { PodShape } from './pod-shape.ts';

/** A pod that waits for a node. Immutable: a change makes a new one. */
export interface QueuedPod {
  readonly key: string;
  readonly uid: string;
  readonly pod: Pod;
  readonly shape: PodShape;
  /** Since when it waits in its present round; orders pods of equal priority and starts the back-off. */
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
  /** When nothing else is active, pods leave back-off early, unless an error sent them there. */
  readonly popsFromBackoff: boolean;
}

/** How long a pod stays unschedulable before it is tried again although nothing happened. */
export const UNSCHEDULABLE_MAX_MS = 5 * 60_000;

/**
 * The scheduling queue: active pods by priority, then by age; pods in back-off by when it ends; unschedulable pods wait
 * for an event, gated ones for their gates. A pod is in one part at a time.
 */
export class SchedulingQueue {
  #options: QueueOptions;
  #places: Map<string, Place>;
  #placesShared = false;
  #active: Heap<QueuedPod>;
  #backoff: Heap<Delayed>;
  #unschedulable: Map<string, QueuedPod>;
  #sequence: number;
  #counts: Record<QueuePart, number>;

  constructor(options: QueueOptions, from?: SchedulingQueue) {
    this.#options = options;
    this.#places = from ? from.#places : new Map();
    this.#placesShared = from !== undefined;
    if (from) from.#placesShared = true;
    this.#active = from ? from.#active.clone() : new Heap(comesBefore);
    this.#backoff = from ? from.#backoff.clone() : new Heap(endsBefore);
    this.#unschedulable = new Map(from ? from.#unschedulable : undefined);
    this.#sequence = from ? from.#sequence : 0;
    this.#counts = from
      ? { ...from.#counts }
      : { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
  }

  clone(): SchedulingQueue {
    return new SchedulingQueue(this.#options, this);
  }

  /** From now on; back-offs under way keep their end. */
  configure(options: QueueOptions): void {
    this.#options = options;
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

  /** Unschedulable pods in the order in which they became so. */
  unschedulable(): Iterable<QueuedPod> {
    return this.#unschedulable.values();
  }

  keys(): readonly string[] {
    return [...this.#places.keys()];
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

  /** The pod's object changed in a way that does not matter for scheduling. */
  refresh(key: string, pod: Pod): void {
    const place = this.#places.get(key);
    if (!place || place.item.pod === pod) return;
    const { part, item } = place;
    const newer = { ...item, pod };
    this.#own().set(key, { part, item: newer });
    if (part === 'active') this.#active.push(newer);
    if (part === 'backoff') this.#delay(newer);
    if (part === 'unschedulable') this.#unschedulable.set(key, newer);
  }

  /** The pod changed in a way that matters: it keeps its place and its past attempts. */
  replace(key: string, pod: Pod, shape: PodShape): void {
    const place = this.#places.get(key);
    if (place?.part !== 'unschedulable') return;
    const item = { ...place.item, pod, shape };
    this.#own().set(key, { part: place.part, item });
    this.#unschedulable.set(key, item);
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
    return this.#options.popsFromBackoff ? this.#popBackoff() : undefined;
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
    const again = { ...item, sinceMs: nowMs, errors: item.errors + 1 };
    this.#place(again, 'backoff', () => this.#delay(again));
  }

  /** An event may help this pod: to back-off while that lasts, else to the active part. */
  activate(key: string, nowMs: number, trigger: number): void {
    const place = this.#places.get(key);
    if (place?.part !== 'unschedulable' && place?.part !== 'gated') return;
    const item = { ...place.item, trigger };
    if (item.attempts > 0 && this.#backoffEnd(item) > nowMs)
      this.#place(item, 'backoff', () => this.#delay(item));
    else this.#put(item, 'active');
  }

  /** Retries pods that have been unschedulable for five minutes. */
  flush(nowMs: number): void {
    for (const item of this.#unschedulable.values())
      if (nowMs - item.sinceMs >= UNSCHEDULABLE_MAX_MS) this.activate(item.key, nowMs, 0);
  }

  /** When the next back-off ends; undefined when none is under way. */
  nextBackoffMs(): number | undefined {
    for (let first = this.#backoff.peek(); first; first = this.#backoff.peek()) {
      if (this.#isAt(first.item, 'backoff')) return first.untilMs;
      this.#backoff.pop();
    }
    return undefined;
  }

  /** When the pod that has been unschedulable longest is flushed. */
  nextFlushMs(): number | undefined {
    const first = this.#unschedulable.values().next().value;
    return first && first.sinceMs + UNSCHEDULABLE_MAX_MS;
  }

  #endBackoffs(nowMs: number): void {
    for (let until = this.nextBackoffMs(); until !== undefined; until = this.nextBackoffMs()) {
      if (until > nowMs) return;
      this.#put(this.#backoff.pop()!.item, 'active');
    }
  }

  #popBackoff(): QueuedPod | undefined {
    if (this.nextBackoffMs() === undefined) return undefined;
    const early: Delayed[] = [];
    let found: QueuedPod | undefined;
    for (let each = this.#backoff.pop(); each && !found; ) {
      if (this.#isAt(each.item, 'backoff')) {
        if (each.item.errors === 0) found = each.item;
        else early.push(each);
      }
      if (!found) each = this.#backoff.pop();
    }
    for (const each of early) this.#backoff.push(each);
    if (found) this.#leave(found.key);
    return found;
  }

  #backoffEnd({ sinceMs, attempts, errors }: QueuedPod): number {
    const { initialBackoffMs, maxBackoffMs } = this.#options;
    const times = Math.max(1, errors > 0 ? errors : attempts);
    return sinceMs + Math.min(initialBackoffMs * 2 ** Math.min(times - 1, 30), maxBackoffMs);
  }

  #delay(item: QueuedPod): void {
    this.#backoff.push({ item, untilMs: this.#backoffEnd(item) });
  }

  #put(item: QueuedPod, part: 'active' | 'unschedulable' | 'gated'): void {
    this.#place(item, part, () => {
      if (part === 'active') this.#active.push(item);
      if (part === 'unschedulable') this.#unschedulable.set(item.key, item);
    });
  }

  #place(item: QueuedPod, part: QueuePart, insert: () => void): void {
    this.#leave(item.key);
    this.#own().set(item.key, { part, item });
    this.#counts[part]++;
    insert();
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

/** PrioritySort: the higher priority first, of equals the one that has waited longer. */
function comesBefore(a: QueuedPod, b: QueuedPod): boolean {
  if (a.shape.priority !== b.shape.priority) return a.shape.priority > b.shape.priority;
  if (a.sinceMs !== b.sinceMs) return a.sinceMs < b.sinceMs;
  return a.sequence < b.sequence;
}

function endsBefore(a: Delayed, b: Delayed): boolean {
  return a.untilMs === b.untilMs ? comesBefore(a.item, b.item) : a.untilMs < b.untilMs;
}
