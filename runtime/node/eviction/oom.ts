import type { Pod } from '../../../generated/core/v1/types.ts';
import { wholeUnits } from '../../meta/index.ts';
import { isCritical, qosOf } from './qos.ts';

/** A container that could be killed for its memory. */
export interface MemoryUser {
  readonly pod: Pod;
  readonly container: string;
  readonly memoryBytes: number;
}

const GUARANTEED = -997;
const BEST_EFFORT = 1000;

/**
 * What the kubelet adds to a container's score, from -1000 to 1000: guaranteed and critical pods go last, best-effort ones
 * first, and of the others those that asked for the smaller part of the node.
 */
export function oomScoreAdjust(pod: Pod, container: string, capacityBytes: number): number {
  if (isCritical(pod)) return GUARANTEED;
  switch (qosOf(pod)) {
    case 'Guaranteed':
      return GUARANTEED;
    case 'BestEffort':
      return BEST_EFFORT;
    default: {
      const specs = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
      const { requests } = specs.find(({ name }) => name === container)?.resources ?? {};
      const adjust = 1000 - Math.trunc((1000 * wholeUnits(requests?.memory)) / capacityBytes);
      return Math.min(Math.max(adjust, 1000 + GUARANTEED), BEST_EFFORT - 1);
    }
  }
}

/** The container that the kernel kills when the node's memory is used up: that of the highest score. */
export function oomVictim<User extends MemoryUser>(
  users: readonly User[],
  capacityBytes: number,
): User | undefined {
  let victim: User | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const user of users) {
    if (user.memoryBytes <= 0) continue;
    const share = (1000 * user.memoryBytes) / capacityBytes;
    const score = share + oomScoreAdjust(user.pod, user.container, capacityBytes);
    if (score <= highest) continue;
    highest = score;
    victim = user;
  }
  return victim;
}
