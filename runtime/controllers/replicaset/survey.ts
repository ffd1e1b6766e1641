import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { isDeleting, labelMatcher } from '../../meta/index.ts';
import type { Claims } from '../claim.ts';
import { isPodActive, isPodTerminating } from '../pods.ts';

export interface Survey {
  readonly claims: Claims<Pod>;
  /** Pods of its own that were told to go and still run. */
  readonly terminating: number;
}

/**
 * One pass over the pods that name the ReplicaSet as their controller: which count, which it lets go of, and how many
 * are ending. Pods that have ended are nobody's business. `orphans` are those that it selects.
 */
export function survey(
  replicaSet: ReplicaSet,
  dependents: readonly Pod[],
  orphans: readonly Pod[],
): Survey {
  const matches = labelMatcher(replicaSet.spec?.selector);
  const isLeaving = isDeleting(replicaSet);
  const owned: Pod[] = [];
  const release: Pod[] = [];
  let terminating = 0;
  for (const pod of dependents) {
    const isActive = isPodActive(pod);
    if (!isActive && !isPodTerminating(pod)) continue;
    const isSelected = matches(pod.metadata.labels ?? {});
    if (isActive && isSelected) owned.push(pod);
    else if (isActive && !isLeaving) release.push(pod);
    else if (isSelected) terminating++;
  }
  const adopt = isLeaving ? [] : orphans.filter(isPodActive);
  return { claims: { owned, adopt, release }, terminating };
}
