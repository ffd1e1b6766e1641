import { limits, type Random } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
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
  | { readonly kind: 'unschedulable'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'noNodes' }
  | { readonly kind: 'error'; readonly message: string };

/** Which nodes are tried: all of them in order, or those that PreFilter named. */
interface Candidates {
  readonly order: Int32Array;
  readonly absent?: Rejection;
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

  /** Chooses a node for a pod. `start` is where in the order of nodes to begin; `next` hears where to begin next time. */
  schedule(
    shape: PodShape,
    state: ClusterState,
    cursor: { start: number },
    random: Random,
  ): Outcome {
    if (state.nodeCount === 0) return { kind: 'noNodes' };
    const candidates = this.#candidates(shape.requirements, state);
    if ('code' in candidates) {
      const diagnosis = {
        total: state.nodeCount,
        preFilter: candidates,
        slots: [],
        rejections: [],
      };
      return { kind: 'unschedulable', diagnosis };
    }
    if ('message' in candidates) return { kind: 'error', message: candidates.message };
    const cache = this.cacheFor(shape.requirements, state);
    const filters = this.clusterFilters(shape, state);
    const { found, processed } = this.#filter(cache, filters, candidates.order, state, cursor);
    cursor.start = (cursor.start + processed) % state.nodeCount;
    if (found === 0) {
      const diagnosis = this.#diagnose(cache, filters, candidates, state);
      return { kind: 'unschedulable', diagnosis };
    }
    return this.#choose(shape, state, cache, found, processed, random);
  }

  /** Scores of all feasible nodes, plugin by plugin and in `total`, without choosing. */
  scores(shape: PodShape, state: ClusterState): PluginScores[] {
    const candidates = this.#candidates(shape.requirements, state);
    if (!('order' in candidates)) return [];
    const cache = this.cacheFor(shape.requirements, state);
    const filters = this.clusterFilters(shape, state);
    const feasible = candidates.order.filter(
      (slot) => !this.#rejection(cache, filters, slot, state),
    );
    return this.#score(shape, state, cache, feasible);
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

  clusterFilters(shape: PodShape, state: ClusterState): SlotFilter[] {
    const filters: SlotFilter[] = [];
    for (const plugin of this.profile.clusterFilters) {
      const filter = plugin.preFilter!(shape, state);
      if (filter) filters.push(filter);
    }
    return filters;
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

  /** Collects feasible nodes in `#feasible` until there are enough. */
  #filter(
    cache: LocalCache,
    filters: readonly SlotFilter[],
    order: Int32Array,
    state: ClusterState,
    cursor: { readonly start: number },
  ): { found: number; processed: number } {
    const count = order.length;
    const wanted = this.#wanted(count);
    if (this.#feasible.length < wanted) {
      this.#feasible = new Int32Array(wanted);
      this.#totals = new Float64Array(wanted);
    }
    const feasible = this.#feasible;
    const { generations } = state;
    const { seen, verdict } = cache;
    let found = 0;
    let at = count > 0 ? cursor.start % count : 0;
    let processed = 0;
    while (processed < count && found < wanted) {
      const slot = order[at]!;
      at = at + 1 === count ? 0 : at + 1;
      processed++;
      const judged = seen[slot] === generations[slot] ? verdict[slot]! : cache.judge(slot, state);
      if (judged !== 0) continue;
      if (filters.length > 0 && refusal(filters, slot)) continue;
      feasible[found++] = slot;
    }
    return { found, processed };
  }

  #wanted(count: number): number {
    const { localScores, clusterScores, percentageOfNodesToScore } = this.profile;
    if (localScores.length === 0 && clusterScores.length === 0) return 1;
    return feasibleNodesToFind(count, percentageOfNodesToScore);
  }

  #choose(
    shape: PodShape,
    state: ClusterState,
    cache: LocalCache,
    found: number,
    evaluated: number,
    random: Random,
  ): Outcome {
    const feasible = this.#feasible;
    let slot = feasible[0]!;
    let score: number | undefined;
    if (found > 1) {
      scoreNodes(this.profile, cache, shape, state, feasible, found, this.#totals);
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

  #rejection(
    cache: LocalCache,
    filters: readonly SlotFilter[],
    slot: number,
    state: ClusterState,
  ): Rejection | undefined {
    const fresh = cache.seen[slot] === state.generations[slot];
    const verdict = fresh ? cache.verdict[slot]! : cache.judge(slot, state);
    return verdict === 0 ? refusal(filters, slot) : cache.rejections[verdict - 1];
  }

  #diagnose(
    cache: LocalCache,
    filters: readonly SlotFilter[],
    { order, absent }: Candidates,
    state: ClusterState,
  ): Diagnosis {
    const slots: number[] = [];
    const rejections: Rejection[] = [];
    for (let at = 0; at < order.length; at++) {
      const slot = order[at]!;
      const rejection = this.#rejection(cache, filters, slot, state);
      if (!rejection) continue;
      slots.push(slot);
      rejections.push(rejection);
    }
    return { total: state.nodeCount, slots, rejections, ...(absent ? { absent } : {}) };
  }
}

function refusal(filters: readonly SlotFilter[], slot: number): Rejection | undefined {
  for (const filter of filters) {
    const rejection = filter(slot);
    if (rejection) return rejection;
  }
  return undefined;
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
