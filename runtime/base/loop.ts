import { VirtualClock } from './clock.ts';
import { KeyedMap } from './keyed-map.ts';
import { SortedMap } from './sorted-map.ts';

/**
 * Whether a timer is part of converging (`work`: a back-off, a grace period, an image pull) or comes back for ever
 * (`periodic`: a lease renewal, a resync). A cluster whose only timers are periodic has come to rest.
 */
export type TimerKind = 'work' | 'periodic';

/** Something that does work when told to: a controller, the scheduler, the nodes. One unit at a time. */
export interface Actor {
  readonly name: string;
  /** Does one unit of the work that is ready; true if more is ready. Must not throw. */
  step(): boolean | Promise<boolean>;
  /**
   * A timer of this actor came due. Only notes what to do; the doing is `step`'s. The loop then calls `step`. `cause` is what
   * `setTimer` was told.
   */
  onTimer(key: string, cause: number): void;
}

export interface Timer {
  readonly actor: string;
  readonly key: string;
  readonly atMs: number;
  readonly kind: TimerKind;
  readonly order: string;
  /** Whatever whoever set it wants to remember: the journal's record of why; 0 or absent for nothing. */
  readonly cause?: number;
}

/**
 * The one event loop of a cluster. Who is ready and who sleeps until when is data: actors are named, timers are records,
 * so a fork copies them. Actors run in the order in which they became ready, one at a time, each until it has no work left.
 * Timers of one moment fire in the order in which they were set.
 */
export class Loop {
  readonly clock: VirtualClock;
  readonly #actors = new Map<string, Actor>();
  #ready: string[] = [];
  #readySet = new Set<string>();
  #current: string | undefined;
  #again = false;
  #timers: SortedMap<Timer>;
  readonly #byKey: KeyedMap<Timer>;
  #sequence: number;
  #workTimers: number;
  /** Units of work done since the start. */
  steps = 0;
  /** Called when work appears while the loop rests; a driver that follows the wall sets it. */
  onWork: (() => void) | undefined;

  /** A copy of `from`, or a new one that begins at `startMs`. */
  constructor(from?: Loop, startMs?: number) {
    this.clock = new VirtualClock(from?.clock.now() ?? startMs);
    this.#timers = from ? from.#timers.clone() : new SortedMap();
    this.#byKey = from ? from.#byKey.clone() : new KeyedMap();
    this.#sequence = from ? from.#sequence : 0;
    this.#workTimers = from ? from.#workTimers : 0;
    if (from) {
      this.#ready = from.#ready.slice();
      this.#readySet = new Set(from.#ready);
      this.steps = from.steps;
    }
  }

  now(): number {
    return this.clock.now();
  }

  register(actor: Actor): void {
    this.#actors.set(actor.name, actor);
  }

  /** Takes an actor out with all its timers: it crashed, or is no longer configured. */
  unregister(name: string): void {
    this.#actors.delete(name);
    this.#readySet.delete(name);
    this.#ready = this.#ready.filter((each) => each !== name);
    for (const timer of this.#byKey.withPrefix(`${name}\0`)) this.clearTimer(name, timer.key);
  }

  /** Notes that `name` has work. Cheap when it is noted already. */
  markReady(name: string): void {
    if (name === this.#current) this.#again = true;
    if (this.#readySet.has(name)) return;
    this.#readySet.add(name);
    this.#ready.push(name);
    this.onWork?.();
  }

  /** Sets or moves the timer that `actor` knows as `key`. */
  setTimer(actor: string, key: string, atMs: number, kind: TimerKind = 'work', cause = 0): void {
    const id = `${actor}\0${key}`;
    const previous = this.#byKey.get(id);
    if (previous) this.#forget(previous);
    const at = Math.max(atMs, this.now());
    const order = timerOrder(at, this.#sequence++);
    const timer: Timer = { actor, key, atMs: at, kind, order, cause };
    this.#byKey.set(id, timer);
    this.#timers.set(timer.order, timer);
    if (kind === 'work') this.#workTimers++;
    this.onWork?.();
  }

  clearTimer(actor: string, key: string): void {
    const timer = this.#byKey.get(`${actor}\0${key}`);
    if (!timer) return;
    this.#forget(timer);
    this.#byKey.delete(`${actor}\0${key}`);
  }

  timerOf(actor: string, key: string): Timer | undefined {
    return this.#byKey.get(`${actor}\0${key}`);
  }

  get idle(): boolean {
    return this.#ready.length === 0;
  }

  get workTimerCount(): number {
    return this.#workTimers;
  }

  /** When the next timer is due, whatever its kind. */
  nextTimerMs(): number | undefined {
    const key = this.#timers.firstKey();
    return key === undefined ? undefined : this.#timers.get(key)!.atMs;
  }

  /** The next `count` sleepers in order of waking. */
  upcoming(count: number): Timer[] {
    const found: Timer[] = [];
    this.#timers.scan(undefined, undefined, (_, timer) => {
      if (found.length >= count) return false;
      found.push(timer);
      return true;
    });
    return found;
  }

  /** Names of the actors that have work, in the order in which they will run. */
  readyActors(): readonly string[] {
    return this.#ready;
  }

  /** Does one unit of work; false if nothing is ready at this moment. */
  step(): boolean | Promise<boolean> {
    const name = this.#current ?? this.#ready[0];
    if (name === undefined) return false;
    const actor = this.#actors.get(name);
    this.#current = name;
    this.steps++;
    if (!actor) return this.#settle(name, false);
    const more = actor.step();
    if (typeof more === 'boolean') return this.#settle(name, more);
    return more.then((value) => this.#settle(name, value));
  }

  /** Moves the clock to `atMs` and fires every timer due by then. */
  fireUntil(atMs: number): void {
    this.clock.moveTo(atMs);
    for (;;) {
      const first = this.#timers.firstKey();
      if (first === undefined) return;
      const timer = this.#timers.get(first)!;
      if (timer.atMs > atMs) return;
      this.#forget(timer);
      this.#byKey.delete(`${timer.actor}\0${timer.key}`);
      const actor = this.#actors.get(timer.actor);
      if (!actor) continue;
      actor.onTimer(timer.key, timer.cause ?? 0);
      this.markReady(timer.actor);
    }
  }

  #settle(name: string, more: boolean): boolean {
    if (more || this.#again) {
      this.#again = false;
      return true;
    }
    this.#current = undefined;
    this.#readySet.delete(name);
    const at = this.#ready[0] === name ? 0 : this.#ready.indexOf(name);
    if (at >= 0) this.#ready.splice(at, 1);
    return true;
  }

  #forget(timer: Timer): void {
    this.#timers.delete(timer.order);
    if (timer.kind === 'work') this.#workTimers--;
  }
}

/** Sorts by time, then by the order of setting. */
function timerOrder(atMs: number, sequence: number): string {
  return `${atMs.toString(36).padStart(9, '0')}.${sequence.toString(36).padStart(9, '0')}`;
}
