import { SortedMap } from '../../base/index.ts';
import type { Zone } from './zones.ts';

/** What is known of a node since the last look at it. */
export interface NodeRecord {
  readonly uid: string;
  readonly zone: string;
  readonly ready: boolean;
  /** In the zone's count. */
  readonly counted: boolean;
}

const DIGITS = 15;

/** When to look at which node, and which nodes wait for a NoExecute taint. Copy-on-write. */
export class LifecycleState {
  readonly startMs: number;
  /** From when on silence counts: the start, or the end of a time in which no zone was heard of. */
  floorMs: number;
  readonly nodes: SortedMap<NodeRecord>;
  readonly zones: SortedMap<Zone>;
  readonly #due: SortedMap<string>;
  readonly #dueKeys: SortedMap<string>;
  readonly #waiting: SortedMap<string>;
  readonly #waitingKeys: SortedMap<string>;

  constructor(startMs: number, from?: LifecycleState) {
    this.startMs = startMs;
    this.floorMs = from?.floorMs ?? startMs;
    this.nodes = from?.nodes.clone() ?? new SortedMap();
    this.zones = from?.zones.clone() ?? new SortedMap();
    this.#due = from ? from.#due.clone() : new SortedMap();
    this.#dueKeys = from ? from.#dueKeys.clone() : new SortedMap();
    this.#waiting = from ? from.#waiting.clone() : new SortedMap();
    this.#waitingKeys = from ? from.#waitingKeys.clone() : new SortedMap();
  }

  clone(): LifecycleState {
    return new LifecycleState(this.startMs, this);
  }

  /** Sets or moves the next look at a node. `urgent` when others may wait for its outcome. */
  schedule(name: string, atMs: number, urgent: boolean): void {
    this.unschedule(name);
    const key = `${time(atMs)}/${urgent ? 0 : 1}/${name}`;
    this.#due.set(key, name);
    this.#dueKeys.set(name, key);
  }

  unschedule(name: string): void {
    const key = this.#dueKeys.get(name);
    if (key === undefined) return;
    this.#due.delete(key);
    this.#dueKeys.delete(name);
  }

  /** When the next look is, and whether somebody may wait for it. */
  nextDue(): { readonly atMs: number; readonly urgent: boolean } | undefined {
    const key = this.#due.firstKey();
    return key === undefined
      ? undefined
      : { atMs: Number(key.slice(0, DIGITS)), urgent: key[DIGITS + 1] === '0' };
  }

  /** The nodes to look at by now, taken off the list. */
  takeDue(nowMs: number): string[] {
    const names: string[] = [];
    this.#due.scan(undefined, time(nowMs + 1), (_, name) => {
      names.push(name);
      return true;
    });
    for (const name of names) this.unschedule(name);
    return names;
  }

  /** Puts a node at the end of its zone's queue, unless it is in one. */
  enqueue(zone: string, name: string, nowMs: number): void {
    if (this.#waitingKeys.has(name)) return;
    const key = `${zone}\0${time(nowMs)}/${name}`;
    this.#waiting.set(key, name);
    this.#waitingKeys.set(name, key);
  }

  dequeue(name: string): void {
    const key = this.#waitingKeys.get(name);
    if (key === undefined) return;
    this.#waiting.delete(key);
    this.#waitingKeys.delete(name);
  }

  isQueued(name: string): boolean {
    return this.#waitingKeys.has(name);
  }

  /** The node that has waited longest in a zone. */
  firstWaiting(zone: string): string | undefined {
    let first: string | undefined;
    this.#waiting.scan(`${zone}\0`, `${zone}\x01`, (_, name) => {
      first = name;
      return false;
    });
    return first;
  }

  /** Notes how a node is, or that it is gone, and keeps the counts of its zone. */
  record(name: string, now: NodeRecord | undefined, emptyZone: Zone): void {
    const before = this.nodes.get(name);
    if (before?.counted) this.#count(before.zone, before.ready, -1, emptyZone);
    if (now?.counted) this.#count(now.zone, now.ready, 1, emptyZone);
    if (now) this.nodes.set(name, now);
    else this.nodes.delete(name);
  }

  #count(key: string, ready: boolean, by: number, emptyZone: Zone): void {
    const zone = this.zones.get(key) ?? emptyZone;
    const next = ready
      ? { ...zone, ready: zone.ready + by }
      : { ...zone, unready: zone.unready + by };
    this.zones.set(key, next);
  }
}

function time(ms: number): string {
  return String(ms).padStart(DIGITS, '0');
}
