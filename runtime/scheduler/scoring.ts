import type { ClusterState } from './cluster-state.ts';
import type { LocalCache, NormalizedScore } from './local-cache.ts';
import type { PodShape } from './pod-shape.ts';
import type { Profile } from './profile.ts';

/** One plugin's share of the scores, by node name, after normalizing and times its weight. */
export interface PluginScores {
  readonly plugin: string;
  readonly scores: ReadonlyMap<string, number>;
}

/** Hears each plugin's weighted scores, in the order of `slots`. */
type Listener = (plugin: string, scores: Float64Array) => void;

let scratch = new Float64Array(0);

/** Scores the first `count` of `slots` into `totals`: the sum over plugins of weight times normalized score. */
export function scoreNodes(
  profile: Profile,
  cache: LocalCache,
  shape: PodShape,
  state: ClusterState,
  slots: Int32Array,
  count: number,
  totals: Float64Array,
  listener?: Listener,
): void {
  const { base } = cache;
  for (let i = 0; i < count; i++) totals[i] = base[slots[i]!]!;
  for (const each of cache.normalized) addNormalized(each, slots, count, totals);
  if (scratch.length < count) scratch = new Float64Array(count);
  for (const { plugin, weight } of profile.clusterScores) {
    const scorer = plugin.preScore!(shape, state, slots, count);
    if (!scorer) continue;
    scorer(slots, count, scratch);
    for (let i = 0; i < count; i++) totals[i]! += weight * scratch[i]!;
    listener?.(
      plugin.name,
      scratch.slice(0, count).map((score) => score * weight),
    );
  }
  if (listener) explainLocal(cache, state, slots, count, listener);
}

function addNormalized(
  { weighted: { plugin, weight }, raw }: NormalizedScore,
  slots: Int32Array,
  count: number,
  totals: Float64Array,
): void {
  const reversed = plugin.normalize === 'reversed';
  let most = 0;
  for (let i = 0; i < count; i++) if (raw[slots[i]!]! > most) most = raw[slots[i]!]!;
  if (most === 0) {
    if (reversed) for (let i = 0; i < count; i++) totals[i]! += 100 * weight;
    return;
  }
  for (let i = 0; i < count; i++) {
    const share = Math.trunc((100 * raw[slots[i]!]!) / most);
    totals[i]! += weight * (reversed ? 100 - share : share);
  }
}

function explainLocal(
  cache: LocalCache,
  state: ClusterState,
  slots: Int32Array,
  count: number,
  listener: Listener,
): void {
  for (const { plugin, weight } of cache.direct) {
    const scores = Float64Array.from(
      slots.subarray(0, count),
      (slot) => weight * plugin.score!(cache.requirements, state.at(slot)!),
    );
    listener(plugin.name, scores);
  }
  for (const each of cache.normalized) {
    const scores = new Float64Array(count);
    addNormalized(each, slots, count, scores);
    listener(each.weighted.plugin.name, scores);
  }
}
