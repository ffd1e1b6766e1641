import { limits, type Random } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { Cycle, type Incoming } from './cycle.ts';
import { type Diagnosis, isRejection, type Rejection, type SlotFilter } from './framework.ts';
import { LocalCache } from './local-cache.ts';
import type { PodShape, Requirements } from './pod-shape.ts';
import type { Profile } from './profile.ts';
import { feasibleNodesToFind } from './sampling.ts';
import { type PluginScores, scoreNodes } from './scoring.ts';

/** The outcome of one scheduling cycle. */
export type Outcome =
  | {
      readonly kind: 'fits';
      readonly slot: number;
      readonly nodeName: string;
      /** Absent when only one node was feasible: then nothing is scored. */
      readonly score?: number;
      readonly feasible: number;
      readonly evaluated: number;
    }
  | { readonly kind: 'unschedulable'; readonly diagnosis: Diagnosis; readonly cycle: Cycle }
  | { readonly kind: 'noNodes' }
  | { readonly kind: 'error'; readonly message: string };

/** Which nodes are tried: all of them in order, or those that PreFilter named. */
interface Candidates {
  readonly order: Int32Array;
  readonly absent?: Rejection;
}

/** A cycle whose nodes can be asked. */
interface Ready {
  readonly kind: 'ready';
  readonly cycle: Cycle;
  readonly candidates: Candidates;
}

/**
 * Runs the plugins of one profile over one cluster state: which node takes a pod. Pure but for its caches, the rotating
 * start and the random choice among equals.
 */
export class ProfileRunner {
  readonly profile: Profile;
  readonly #caches = new Map<Requirements, LocalCache>();
  readonly #countsAbsentNodes: boolean;
  #feasible = new Int32Array(0);
  #totals = new Float64Array(0);

  constructor(profile: Profile, options: { readonly countsAbsentNodes: boolean }) {
    this.profile = profile;
    this.#countsAbsentNodes = options.countsAbsentNodes;
  }

  /** Chooses a node for a pod. `cursor.start` is where in the order of nodes to begin, and then where to begin next time. */
  schedule(
    incoming: Incoming,
    state: ClusterState,
    cursor: { start: number },
    random: Random,
  ): Outcome {
    if (state.nodeCount === 0) return { kind: 'noNodes' };
    const prepared = this.prepare(incoming, state);
    if (prepared.kind !== 'ready') return prepared;
    const { cycle, candidates } = prepared;
    const nominated = this.#nominatedSlot(cycle, candidates);
    if (nominated !== undefined) return fitsOnly(nominated, state);
    const { found, processed } = this.#filter(cycle, candidates.order, cursor);
    cursor.start = (cursor.start + processed) % state.nodeCount;
    if (found === 0)
      return { kind: 'unschedulable', diagnosis: diagnose(cycle, candidates), cycle };
    return this.#choose(cycle, found, processed, random);
  }

  /** PreFilter: the filters of a cycle and the nodes in question, or why there are none. */
  prepare(
    incoming: Incoming,
    state: ClusterState,
  ): Ready | Extract<Outcome, { kind: 'unschedulable' | 'error' }> {
    const { shape } = incoming;
    const cache = this.cacheFor(shape.requirements, state);
    const filters: SlotFilter[] = [];
    const candidates = this.#candidates(shape.requirements, state);
    if ('message' in candidates) return { kind: 'error', message: candidates.message };
    let refused = 'code' in candidates ? candidates : undefined;
    for (const plugin of this.profile.clusterFilters) {
      if (refused) break;
      const filter = plugin.preFilter!(shape, state);
      if (isRejection(filter)) refused = filter;
      else if (filter) filters.push(filter);
    }
    const cycle = new Cycle(this.profile, incoming, state, cache, filters);
    if (!refused) return { kind: 'ready', cycle, candidates: candidates as Candidates };
    const nothing = { total: state.nodeCount, slots: [], rejections: [] };
    return { kind: 'unschedulable', diagnosis: { ...nothing, preFilter: refused }, cycle };
  }

  /** Scores of all feasible nodes, plugin by plugin and in `total`, without choosing. */
  scores(incoming: Incoming, state: ClusterState): PluginScores[] {
    const prepared = this.prepare(incoming, state);
    if (prepared.kind !== 'ready') return [];
    const { cycle, candidates } = prepared;
    const feasible = candidates.order.filter((slot) => !cycle.rejection(slot));
    return this.#score(incoming.shape, state, cycle.cache, feasible);
  }

  /** Scores of the nodes in `slots`, as if just they were feasible. */
  scoresOf(shape: PodShape, state: ClusterState, slots: Int32Array): PluginScores[] {
    const unfiltered = { ...this.profile, localFilters: [] };
    const cache = new LocalCache(unfiltered, shape.requirements, state.generations.length);
    for (const slot of slots) cache.judge(slot, state);
    return this.#score(shape, state, cache, slots);
  }

  /** What the profile's local plugins know of these requirements. */
  cacheFor(requirements: Requirements, state: ClusterState): LocalCache {
    let cache = this.#caches.get(requirements);
    if (!cache) {
      if (this.#caches.size >= limits.schedulerNodeCaches)
        this.#caches.delete(this.#caches.keys().next().value as Requirements);
      cache = new LocalCache(this.profile, requirements, state.generations.length);
      this.#caches.set(requirements, cache);
    }
    cache.fit(state.generations.length);
    return cache;
  }

  /** PreFilter of the local plugins: all nodes, some by name, or a refusal for all. */
  #candidates(
    requirements: Requirements,
    state: ClusterState,
  ): Candidates | Rejection | { readonly message: string } {
    let names: readonly string[] | undefined;
    const by: string[] = [];
    for (const plugin of this.profile.localFilters) {
      const outcome = plugin.preFilter?.(requirements);
      if (!outcome) continue;
      if (isRejection(outcome)) return outcome;
      names = names ? names.filter((name) => outcome.names.includes(name)) : outcome.names;
      by.push(plugin.name);
    }
    if (!names) return { order: state.order() };
    const slots: number[] = [];
    for (const name of names) {
      const info = state.find(name);
      if (info?.facts) slots.push(info.slot);
      else if (!this.#countsAbsentNodes)
        return { message: `nodeinfo not found for node name "${name}"` };
    }
    const order = Int32Array.from(slots);
    if (!this.#countsAbsentNodes) return { order };
    const reasons = [`node(s) didn't satisfy plugin(s) [${by.sort().join(' ')}]`];
    return {
      order,
      absent: { plugin: by[0]!, code: 'UnschedulableAndUnresolvable', reasons },
    };
  }

  /** The node that was made free for the pod, if it can have it now: then no other is looked at. */
  #nominatedSlot(cycle: Cycle, { order }: Candidates): number | undefined {
    const { nominatedNodeName } = cycle.incoming;
    const node = nominatedNodeName ? cycle.state.find(nominatedNodeName) : undefined;
    if (!node?.facts || !order.includes(node.slot)) return undefined;
    return cycle.rejection(node.slot) ? undefined : node.slot;
  }

  /** Collects feasible nodes in `#feasible` until there are enough. */
  #filter(
    cycle: Cycle,
    order: Int32Array,
    cursor: { readonly start: number },
  ): { found: number; processed: number } {
    const count = order.length;
    const wanted = this.#wanted(count);
    if (this.#feasible.length < wanted) {
      this.#feasible = new Int32Array(wanted);
      this.#totals = new Float64Array(wanted);
    }
    const few = count === cycle.state.nodeCount ? this.#few(cycle, wanted) : undefined;
    if (few) return { found: this.#filterFew(cycle, few), processed: count };
    const feasible = this.#feasible;
    const { generations } = cycle.state;
    const { seen, verdict } = cycle.cache;
    let found = 0;
    let at = count > 0 ? cursor.start % count : 0;
    let processed = 0;
    while (processed < count && found < wanted) {
      const slot = order[at]!;
      at = at + 1 === count ? 0 : at + 1;
      processed++;
      // The usual refusal, without a call.
      if (seen[slot] === generations[slot] && verdict[slot] !== 0) continue;
      if (cycle.rejection(slot)) continue;
      feasible[found++] = slot;
    }
    return { found, processed };
  }

  /** The only nodes that may pass, if a plugin knows them and they are fewer than are wanted: all nodes count as tried then. */
  #few({ profile, incoming, state }: Cycle, wanted: number): readonly number[] | undefined {
    for (const plugin of profile.localFilters) {
      const slots = plugin.mayPass?.(incoming.shape.requirements, state);
      if (slots && slots.length < wanted) return slots;
    }
    return undefined;
  }

  #filterFew(cycle: Cycle, slots: readonly number[]): number {
    let found = 0;
    for (const slot of slots) if (!cycle.rejection(slot)) this.#feasible[found++] = slot;
    return found;
  }

  #wanted(count: number): number {
    const { localScores, clusterScores, percentageOfNodesToScore } = this.profile;
    if (localScores.length === 0 && clusterScores.length === 0) return 1;
    return feasibleNodesToFind(count, percentageOfNodesToScore);
  }

  #choose(cycle: Cycle, found: number, evaluated: number, random: Random): Outcome {
    const { incoming, state, cache } = cycle;
    const feasible = this.#feasible;
    let slot = feasible[0]!;
    let score: number | undefined;
    if (found > 1) {
      scoreNodes(this.profile, cache, incoming.shape, state, feasible, found, this.#totals);
      const best = pickBest(this.#totals, found, random);
      slot = feasible[best]!;
      score = this.#totals[best]!;
    }
    return {
      kind: 'fits',
      slot,
      nodeName: state.factsAt(slot).name,
      ...(score === undefined ? {} : { score }),
      feasible: found,
      evaluated,
    };
  }

  #score(
    shape: PodShape,
    state: ClusterState,
    cache: LocalCache,
    slots: Int32Array,
  ): PluginScores[] {
    const totals = new Float64Array(slots.length);
    const found: PluginScores[] = [];
    scoreNodes(this.profile, cache, shape, state, slots, slots.length, totals, (plugin, scores) =>
      found.push({ plugin, scores: new Map(nodeScores(slots, scores, state)) }),
    );
    found.push({ plugin: 'total', scores: new Map(nodeScores(slots, totals, state)) });
    return found;
  }
}

function fitsOnly(slot: number, state: ClusterState): Outcome {
  const nodeName = state.factsAt(slot).name;
  return { kind: 'fits', slot, nodeName, feasible: 1, evaluated: 1 };
}

/** Asks every node again, for the first refusal of each. */
function diagnose(cycle: Cycle, { order, absent }: Candidates): Diagnosis {
  const slots: number[] = [];
  const rejections: Rejection[] = [];
  for (let at = 0; at < order.length; at++) {
    const slot = order[at]!;
    const rejection = cycle.rejection(slot);
    if (!rejection) continue;
    slots.push(slot);
    rejections.push(rejection);
  }
  return { total: cycle.state.nodeCount, slots, rejections, ...(absent ? { absent } : {}) };
}

/** One of the highest, each with the same chance. */
export function pickBest(totals: Float64Array, count: number, random: Random): number {
  let best = 0;
  let ties = 1;
  for (let i = 1; i < count; i++) {
    if (totals[i]! > totals[best]!) {
      best = i;
      ties = 1;
    } else if (totals[i] === totals[best]) ties++;
  }
  if (ties === 1) return best;
  let skip = random.below(ties);
  for (let i = best; i < count; i++) if (totals[i] === totals[best] && skip-- === 0) return i;
  return best;
}

function* nodeScores(
  slots: Int32Array,
  scores: Float64Array,
  state: ClusterState,
): Iterable<[string, number]> {
  for (let i = 0; i < slots.length; i++) yield [state.factsAt(slots[i]!).name, scores[i]!];
}
