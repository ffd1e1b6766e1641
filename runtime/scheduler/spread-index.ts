import { limits } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PodShape } from './pod-shape.ts';
import type { Labels, PodSelector } from './selectors.ts';
import { type Membership, SpreadTally } from './spread-tally.ts';

/** How many pods of one namespace that one selector matches are on each node. */
export class PodCounter {
  readonly namespace: string;
  readonly selector: PodSelector;
  readonly tallies = new Map<string, SpreadTally>();
  #perSlot: Int32Array;

  constructor(namespace: string, selector: PodSelector, slots: number) {
    this.namespace = namespace;
    this.selector = selector;
    this.#perSlot = new Int32Array(Math.max(64, slots));
  }

  at(slot: number): number {
    return slot < this.#perSlot.length ? this.#perSlot[slot]! : 0;
  }

  add(slot: number, delta: number): void {
    if (slot >= this.#perSlot.length) {
      const larger = new Int32Array(Math.max(slot + 1, this.#perSlot.length * 2));
      larger.set(this.#perSlot);
      this.#perSlot = larger;
    }
    this.#perSlot[slot]! += delta;
    for (const tally of this.tallies.values()) tally.add(slot, delta);
  }
}

interface Matches {
  /** How many of the namespace's counters have been looked at. */
  seen: number;
  readonly counters: PodCounter[];
}

/**
 * Counts of pods for topology spreading, by selector, node and domain. A counter is made when a pod with such a
 * constraint is first scheduled, by one look at all pods; after that each pod that comes or goes changes the few
 * counters that match it. A fork starts without any.
 */
export class SpreadIndex {
  readonly #state: ClusterState;
  /** Another object whenever counters and tallies handed out before are no longer kept. */
  epoch: object = {};
  #byNamespace = new Map<string, PodCounter[]>();
  #byKey = new Map<string, PodCounter>();
  #matches = new WeakMap<PodShape, Matches>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** The counter of a selector in a namespace. A selector that states nothing counts nothing. */
  counter(namespace: string, selector: PodSelector): PodCounter {
    const key = `${namespace}\0${selector.key}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    // Beyond the limit all are dropped and made again when asked for.
    if (this.#byKey.size >= limits.schedulerSpreadCounters) this.#forget();
    const made = new PodCounter(namespace, selector, this.#state.slotCount);
    if (!selector.empty) this.#fill(made);
    this.#byKey.set(key, made);
    const list = this.#byNamespace.get(namespace);
    if (list) list.push(made);
    else this.#byNamespace.set(namespace, [made]);
    return made;
  }

  /** The tally of a counter over nodes as `membership` judges them; `key` names that judgement. */
  tally(
    counter: PodCounter,
    topologyKey: string,
    key: string,
    membership: (slot: number) => Membership | undefined,
  ): SpreadTally {
    const known = counter.tallies.get(key);
    if (known) return known;
    const made = new SpreadTally(counter, topologyKey, this.#state.slotCount, membership);
    counter.tallies.set(key, made);
    return made;
  }

  /** A pod that is not terminating came to (1) or left (-1) a node. */
  count(shape: PodShape, slot: number, delta: 1 | -1): void {
    const list = this.#byNamespace.get(shape.namespace);
    if (!list) return;
    for (const counter of this.#matching(shape, list)) counter.add(slot, delta);
  }

  nodeChanged(slot: number): void {
    for (const counter of this.#byKey.values())
      for (const tally of counter.tallies.values()) tally.nodeChanged(slot);
  }

  #matching(shape: PodShape, list: readonly PodCounter[]): readonly PodCounter[] {
    let matches = this.#matches.get(shape);
    if (!matches) {
      matches = { seen: 0, counters: [] };
      this.#matches.set(shape, matches);
    }
    for (; matches.seen < list.length; matches.seen++) {
      const counter = list[matches.seen]!;
      if (!counter.selector.empty && counter.selector.matches(shape.labels))
        matches.counters.push(counter);
    }
    return matches.counters;
  }

  #fill(counter: PodCounter): void {
    const memo = new Map<Labels, boolean>();
    for (let slot = 0; slot < this.#state.slotCount; slot++) {
      for (const { shape, terminating } of this.#state.at(slot)?.pods ?? []) {
        if (terminating || shape.namespace !== counter.namespace) continue;
        let matches = memo.get(shape.labels);
        if (matches === undefined) {
          matches = counter.selector.matches(shape.labels);
          memo.set(shape.labels, matches);
        }
        if (matches) counter.add(slot, 1);
      }
    }
  }

  #forget(): void {
    this.epoch = {};
    this.#byKey = new Map();
    this.#byNamespace = new Map();
    this.#matches = new WeakMap();
  }
}
