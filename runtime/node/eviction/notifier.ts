import { podsGroup, type Summary } from './summary.ts';
import { isHard, levelOf, type Threshold } from './thresholds.ts';

/**
 * The memory in use, page cache included, at which the kernel tells the kubelet that a memory threshold was crossed, where
 * `kernelMemcgNotification` asks it to; undefined while the statistics do not say enough.
 */
export function notifyAt(threshold: Threshold, summary: Summary): number | undefined {
  const { usageBytes, workingSetBytes, availableBytes } =
    (isOfPods(threshold) ? podsGroup(summary) : summary.node.memory) ?? {};
  if (usageBytes === undefined || workingSetBytes === undefined || availableBytes === undefined)
    return undefined;
  const capacity = availableBytes + workingSetBytes;
  return capacity - levelOf(threshold.value, capacity) + (usageBytes - workingSetBytes);
}

/** `hard allocatable memory eviction threshold`. */
export function notifierName(threshold: Threshold): string {
  const strength = isHard(threshold) ? 'hard' : 'soft';
  return `${strength} ${isOfPods(threshold) ? 'allocatable ' : ''}memory eviction threshold`;
}

function isOfPods({ signal }: Threshold): boolean {
  return signal === 'allocatableMemory.available';
}
