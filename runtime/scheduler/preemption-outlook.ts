import type { ClusterState } from './cluster-state.ts';
import type { Diagnosis } from './framework.ts';
import { reasonList } from './messages.ts';
import type { PodShape } from './pod-shape.ts';
import type { Profile } from './profile.ts';

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';

/**
 * What preemption says when it cannot help: by node, whether removing pods of lower priority would make room. Undefined
 * when it would help somewhere; evicting them is PostFilter's business.
 */
export function preemptionOutlook(
  shape: PodShape,
  diagnosis: Diagnosis,
  state: ClusterState,
  profile: Profile,
): string | undefined {
  if (shape.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const counts = new Map<string, number>();
  const note = (reason: string, nodes = 1): void => {
    if (nodes > 0) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  };
  const { slots, rejections, total, preFilter, absent } = diagnosis;
  note(preFilter || absent ? NOT_HELPFUL : NO_VICTIMS, total - slots.length);
  for (let i = 0; i < slots.length; i++) {
    if (rejections[i]!.code === 'UnschedulableAndUnresolvable') {
      note(NOT_HELPFUL);
      continue;
    }
    const reasons = withoutLower(shape, slots[i]!, state, profile);
    if (!reasons) return undefined;
    for (const reason of reasons) note(reason);
  }
  return `0/${total} nodes are available: ${reasonList(counts)}.`;
}

/** Reasons that remain once all pods of lower priority are gone; undefined when none does. */
function withoutLower(
  shape: PodShape,
  slot: number,
  state: ClusterState,
  profile: Profile,
): readonly string[] | undefined {
  const node = state.at(slot)!;
  if (!node.pods.some((record) => record.shape.priority < shape.priority)) return [NO_VICTIMS];
  const emptied = node.copy({});
  for (let i = emptied.pods.length - 1; i >= 0; i--)
    if (emptied.pods[i]!.shape.priority < shape.priority) emptied.removeAt(i);
  for (const plugin of profile.localFilters) {
    const rejection = plugin.filter?.(shape.requirements, emptied);
    if (rejection) return rejection.reasons;
  }
  return undefined;
}
