import type { ClusterState } from './cluster-state.ts';
import type { LocalPlugin, Rejection } from './framework.ts';
import type { Requirements } from './pod-shape.ts';
import type { Profile, Weighted } from './profile.ts';

/** A score plugin whose raw scores are normalized over the feasible nodes of each cycle. */
export interface NormalizedScore {
  readonly weighted: Weighted<LocalPlugin>;
  /** By slot. */
  raw: Int32Array;
}

/**
 * What the local plugins of a profile say of one set of requirements, node by node, kept until the node changes. A cycle
 * then compares two numbers a node.
 */
export class LocalCache {
  readonly requirements: Requirements;
  readonly normalized: readonly NormalizedScore[];
  /** Score plugins whose raw scores are final; their weighted sum is in `base`. */
  readonly direct: readonly Weighted<LocalPlugin>[];
  /** Generation of the slot when it was judged; 0 = never. */
  seen: Int32Array;
  /** 0 = passes, else 1 + the index in `rejections`. */
  verdict: Uint16Array;
  base: Int32Array;
  readonly rejections: Rejection[] = [];
  readonly #filters: readonly LocalPlugin[];
  readonly #byText = new Map<string, number>();

  constructor(profile: Profile, requirements: Requirements, capacity: number) {
    this.requirements = requirements;
    this.#filters = profile.localFilters.filter(({ filter }) => filter);
    const scores = profile.localScores.filter(({ plugin }) => !plugin.skipScore?.(requirements));
    this.direct = scores.filter(({ plugin }) => !plugin.normalize);
    this.normalized = scores
      .filter(({ plugin }) => plugin.normalize)
      .map((weighted) => ({ weighted, raw: new Int32Array(capacity) }));
    this.seen = new Int32Array(capacity);
    this.verdict = new Uint16Array(capacity);
    this.base = new Int32Array(capacity);
  }

  /** Makes room for slots up to `capacity`. */
  fit(capacity: number): void {
    if (capacity <= this.seen.length) return;
    this.seen = grown(this.seen, new Int32Array(capacity));
    this.verdict = grown(this.verdict, new Uint16Array(capacity));
    this.base = grown(this.base, new Int32Array(capacity));
    for (const each of this.normalized) each.raw = grown(each.raw, new Int32Array(capacity));
  }

  /** Judges the node in a slot anew; returns the verdict. */
  judge(slot: number, state: ClusterState): number {
    this.seen[slot] = state.generations[slot]!;
    const node = state.at(slot)!;
    for (const plugin of this.#filters) {
      const rejection = plugin.filter!(this.requirements, node);
      if (!rejection) continue;
      const verdict = this.#intern(rejection);
      this.verdict[slot] = verdict;
      return verdict;
    }
    this.verdict[slot] = 0;
    let sum = 0;
    for (const { plugin, weight } of this.direct)
      sum += weight * plugin.score!(this.requirements, node);
    this.base[slot] = sum;
    for (const { weighted, raw } of this.normalized)
      raw[slot] = weighted.plugin.score!(this.requirements, node);
    return 0;
  }

  #intern(rejection: Rejection): number {
    const at = this.rejections.indexOf(rejection);
    if (at >= 0) return at + 1;
    const text = `${rejection.plugin}|${rejection.code}|${rejection.reasons.join('|')}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.rejections.push(rejection);
    this.#byText.set(text, this.rejections.length);
    return this.rejections.length;
  }
}

function grown<T extends Int32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
