import { limits } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { type DomainTally, type Membership, Topology } from './domain-tally.ts';
import { PodCounter } from './pod-counter.ts';
import type { PodShape } from './pod-shape.ts';
import { labelPair } from './selectors.ts';

/** Which pods are counted together. */
export interface PodGroup {
  /** Equal groups have equal keys. */
  readonly key: string;
  /** Where its pods are; undefined for a group that may reach into any namespace. */
  readonly namespace: string | undefined;
  /** A label that all its pods have, as `labelPair`; with it a pod's groups are found by its labels. */
  readonly pair?: string | undefined;
  /** Whether the labels of namespaces decide. */
  readonly readsNamespaces?: boolean;
  matches(shape: PodShape): boolean;
}

interface Counted {
  readonly group: PodGroup;
  readonly counter: PodCounter;
}

/** The counters that a shape is in. */
interface Matches {
  /** How many groups there were. */
  readonly of: number;
  readonly counters: readonly PodCounter[];
}

const NONE: readonly Counted[] = [];

/**
 * Counts of pods by group, node and domain. A counter is made when it is first asked for, by a look at all shapes of pods;
 * after that each pod that comes or goes changes the few counters that match it. A fork starts without any.
 */
export class PodCounts {
  readonly #state: ClusterState;
  readonly #countsTerminating: boolean;
  /** Another object whenever counters and tallies handed out before are no longer kept. */
  epoch: object = {};
  /** Groups by namespace (none: of any) and the label that all their pods have (none: any labels). */
  #byPlace = new Map<string, Counted[]>();
  #kept = 0;
  #byKey = new Map<string, Counted>();
  #matches = new WeakMap<PodShape, Matches>();
  #topologies = new Map<string, Topology>();
  /** Pods by shape and node, once a counter has been asked for. */
  #placed: Map<PodShape, Map<number, number>> | undefined;

  constructor(state: ClusterState, options: { readonly terminating: boolean }) {
    this.#state = state;
    this.#countsTerminating = options.terminating;
  }

  counter(group: PodGroup): PodCounter {
    const known = this.#byKey.get(group.key);
    if (known) return known.counter;
    // Beyond the limit all are dropped and made again when asked for.
    if (this.#byKey.size >= limits.schedulerPodCounters) this.forget();
    const made = { group, counter: new PodCounter(this.#state.slotCount) };
    this.#fill(made);
    this.#keep(made);
    return made.counter;
  }

  /** The tally of a group over nodes as `membership` judges them; `key` names that judgement. */
  tally(
    group: PodGroup,
    key: string,
    membership: (slot: number) => Membership | undefined,
  ): DomainTally {
    const counter = this.counter(group);
    let topology = this.#topologies.get(key);
    if (!topology) {
      if (this.#topologies.size >= limits.schedulerPodCounters) {
        this.forget();
        counter.forgetTallies();
        this.#keep({ group, counter });
      }
      topology = new Topology(this.#state.slotCount, membership);
      this.#topologies.set(key, topology);
    }
    return counter.tally(key, topology);
  }

  /** A pod came to (1) or left (-1) a node. */
  count(shape: PodShape, terminating: boolean, slot: number, delta: 1 | -1): void {
    if (!this.#placed || (terminating && !this.#countsTerminating)) return;
    place(this.#placed, shape, slot, delta);
    for (const counter of this.#matching(shape)) counter.add(slot, delta);
  }

  nodeChanged(slot: number): void {
    for (const topology of this.#topologies.values()) topology.nodeChanged(slot);
  }

  /** Labels of namespaces changed. */
  namespacesChanged(): void {
    for (const { group } of this.#byKey.values())
      if (group.readsNamespaces) {
        this.forget();
        return;
      }
  }

  /** Drops all counters: what groups match is no longer what it was, or there are too many. */
  forget(): void {
    this.epoch = {};
    this.#byKey = new Map();
    this.#byPlace = new Map();
    this.#matches = new WeakMap();
    this.#topologies = new Map();
  }

  #keep(counted: Counted): void {
    const { group } = counted;
    this.#byKey.set(group.key, counted);
    const at = placeOf(group.namespace, group.pair);
    const list = this.#byPlace.get(at);
    if (list) list.push(counted);
    else this.#byPlace.set(at, [counted]);
    this.#kept++;
  }

  /** Work per label, and per group that may hold the shape. */
  #matching(shape: PodShape): readonly PodCounter[] {
    const known = this.#matches.get(shape);
    if (known?.of === this.#kept) return known.counters;
    const counters: PodCounter[] = [];
    for (const namespace of [shape.namespace, undefined]) {
      this.#look(placeOf(namespace, undefined), shape, counters);
      for (const key in shape.labels)
        this.#look(placeOf(namespace, labelPair(key, shape.labels[key]!)), shape, counters);
    }
    this.#matches.set(shape, { of: this.#kept, counters });
    return counters;
  }

  #look(at: string, shape: PodShape, counters: PodCounter[]): void {
    for (const { group, counter } of this.#byPlace.get(at) ?? NONE)
      if (group.matches(shape)) counters.push(counter);
  }

  #fill({ group, counter }: Counted): void {
    this.#placed ??= this.#place();
    for (const [shape, slots] of this.#placed) {
      if (group.namespace !== undefined && group.namespace !== shape.namespace) continue;
      if (!group.matches(shape)) continue;
      for (const [slot, count] of slots) counter.add(slot, count);
    }
  }

  #place(): Map<PodShape, Map<number, number>> {
    const placed = new Map<PodShape, Map<number, number>>();
    for (let slot = 0; slot < this.#state.slotCount; slot++)
      for (const { shape, terminating } of this.#state.at(slot)?.pods ?? [])
        if (!terminating || this.#countsTerminating) place(placed, shape, slot, 1);
    return placed;
  }
}

/** An index key: a namespace or any, and a label or any. No namespace has this name. */
const placeOf = (namespace = '*', pair = ''): string => `${namespace}\0${pair}`;

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
