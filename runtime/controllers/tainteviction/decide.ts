import type { Taint, Toleration } from '../../../generated/core/v1/types.ts';
import { tolerates } from '../../meta/index.ts';

/** A pod that goes when its tolerations end. */
export interface Scheduled {
  readonly startMs: number;
  readonly atMs: number;
}

export type Eviction =
  | { readonly kind: 'none' }
  /** An eviction that was scheduled is called off. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'wait'; readonly scheduled: Scheduled; readonly restarted: boolean }
  | { readonly kind: 'evict' };

/** What to do with a pod that has these tolerations, on a node with these NoExecute taints. */
export function decideEviction(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  scheduled: Scheduled | undefined,
  nowMs: number,
): Eviction {
  if (scheduled && scheduled.atMs <= nowMs) return { kind: 'evict' };
  const seconds = toleratedSeconds(taints, tolerations);
  if (seconds === 0) return { kind: 'evict' };
  if (seconds === Number.POSITIVE_INFINITY) return { kind: scheduled ? 'cancel' : 'none' };
  const atMs = nowMs + seconds * 1000;
  // Upstream lets an eviction that is under way run on, even where the tolerations have become shorter.
  if (scheduled && scheduled.startMs < nowMs) return { kind: 'wait', scheduled, restarted: false };
  if (scheduled?.atMs === atMs) return { kind: 'wait', scheduled, restarted: false };
  return {
    kind: 'wait',
    scheduled: { startMs: nowMs, atMs },
    restarted: scheduled !== undefined,
  };
}

/** For how long all taints are tolerated: 0 = not at all. Of several tolerations for one taint the first counts. */
export function toleratedSeconds(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
): number {
  let least = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const toleration = tolerations.find((each) => tolerates(each, taint));
    if (!toleration) return 0;
    const { tolerationSeconds = Number.POSITIVE_INFINITY } = toleration;
    least = Math.min(least, Math.max(0, tolerationSeconds));
  }
  return least;
}
