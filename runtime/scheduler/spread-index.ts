import { limits } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PodShape } from './pod-shape.ts';
import type { PodSelector } from './selectors.ts';
import { type Membership, SpreadTally, SpreadTopology } from './spread-tally.ts';

/** How many pods of one namespace that one selector matches are on each node. */
export class PodCounter {
  readonly namespace: string;
  readonly selector: PodSelector;
  readonly #tallies = new Map<string, SpreadTally>();
  /** The same, for the walk with every pod. */
  #every: readonly SpreadTally[] = [];
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
    for (const tally of this.#every) tally.add(slot, delta);
  }

  /** Visits every node that has any. */
  each(visit: (slot: number, count: number) => void): void {
    for (let slot = 0; slot < this.#perSlot.length; slot++)
      if (this.#perSlot[slot]! > 0) visit(slot, this.#perSlot[slot]!);
  }

  forgetTallies(): void {
    this.#tallies.clear();
    this.#every = [];
  }

  /** The sum over a topology's domains; `key` names the topology. */
  tally(key: string, topology: SpreadTopology): SpreadTally {
    const known = this.#tallies.get(key);
    if (known) return known;
    const made = new SpreadTally(this, topology);
    this.#tallies.set(key, made);
    this.#every = [...this.#every, made];
    return made;
  }
}

interface Matches {
  /** How many of the namespace's counters have been looked at. */
  seen: number;
  readonly counters: PodCounter[];
}

/**
 * Counts of pods for topology spreading, by selector, node and domain. A counter is made when a pod with such a
 * constraint is first scheduled, by a look at all shapes of pods; after that each pod that comes or goes changes the few
 * counters that match it. A fork starts without any.
 */
export class SpreadIndex {
  readonly #state: ClusterState;
  /** Another object whenever counters and tallies handed out before are no longer kept. */
  epoch: object = {};
  #byNamespace = new Map<string, PodCounter[]>();
  #byKey = new Map<string, PodCounter>();
  #matches = new WeakMap<PodShape, Matches>();
  #topologies = new Map<string, SpreadTopology>();
  /** Pods by shape and node, once a counter has been asked for. */
  #placed: Map<PodShape, Map<number, number>> | undefined;

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
    this.#keep(made);
    return made;
  }

  #keep(counter: PodCounter): void {
    const { namespace, selector } = counter;
    this.#byKey.set(`${namespace}\0${selector.key}`, counter);
    const list = this.#byNamespace.get(namespace);
    if (list) list.push(counter);
    else this.#byNamespace.set(namespace, [counter]);
  }

  /** The tally of a counter over nodes as `membership` judges them; `key` names that judgement. */
  tally(
    counter: PodCounter,
    key: string,
    membership: (slot: number) => Membership | undefined,
  ): SpreadTally {
    let topology = this.#topologies.get(key);
    if (!topology) {
      if (this.#topologies.size >= limits.schedulerSpreadCounters) {
        this.#forget();
        counter.forgetTallies();
        this.#keep(counter);
      }
      topology = new SpreadTopology(this.#state.slotCount, membership);
      this.#topologies.set(key, topology);
    }
    return counter.tally(key, topology);
  }

  /** A pod that is not terminating came to (1) or left (-1) a node. */
  count(shape: PodShape, slot: number, delta: 1 | -1): void {
    if (!this.#placed) return;
    place(this.#placed, shape, slot, delta);
    const list = this.#byNamespace.get(shape.namespace);
    if (!list) return;
    for (const counter of this.#matching(shape, list)) counter.add(slot, delta);
  }

  nodeChanged(slot: number): void {
    for (const topology of this.#topologies.values()) topology.nodeChanged(slot);
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
    this.#placed ??= this.#place();
    for (const [{ namespace, labels }, slots] of this.#placed) {
      if (namespace !== counter.namespace || !counter.selector.matches(labels)) continue;
      for (const [slot, count] of slots) counter.add(slot, count);
    }
  }

  #place(): Map<PodShape, Map<number, number>> {
    const placed = new Map<PodShape, Map<number, number>>();
    for (let slot = 0; slot < this.#state.slotCount; slot++)
      for (const { shape, terminating } of this.#state.at(slot)?.pods ?? [])
        if (!terminating) place(placed, shape, slot, 1);
    return placed;
  }

  #forget(): void {
    this.epoch = {};
    this.#byKey = new Map();
    this.#byNamespace = new Map();
    this.#matches = new WeakMap();
    this.#topologies = new Map();
  }
}

function place(
  placed: Map<PodShape, Map<number, number>>,
  shape: PodShape,
  slot: number,
  delta: number,
): void {
  let slots = placed.get(shape);
  if (!slots) {
    slots = new Map();
    placed.set(shape, slots);
  }
  const count = (slots.get(slot) ?? 0) + delta;
  if (count > 0) slots.set(slot, count);
  else slots.delete(slot);
  if (slots.size === 0) placed.delete(shape);
}
