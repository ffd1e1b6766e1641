import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod, PodCondition } from '../../../generated/core/v1/types.ts';
import type { ReconcileContext } from '../../client/index.ts';
import { conditionOf, formatTime, isNotFound, type KubeObject } from '../../meta/index.ts';

/** Says of the pods of a silent node that they are not ready: nobody else can. */
export async function markPodsNotReady(
  onNode: readonly Pod[],
  { client, events, now }: ReconcileContext,
): Promise<void> {
  for (const pod of onNode.slice()) {
    const marked = notReady(pod, now());
    if (!marked) continue;
    try {
      await client.updateStatus(pods, marked);
      events.event(pod as KubeObject, 'Warning', 'NodeNotReady', 'Node is not ready');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** The pod with its Ready condition False; undefined when it has none, or is not ready already. */
export function notReady(pod: Pod, nowMs: number): Pod | undefined {
  const conditions = pod.status?.conditions;
  const ready = conditionOf(conditions, 'Ready');
  if (!conditions || !ready || ready.status === 'False') return undefined;
  const lastTransitionTime = formatTime(nowMs);
  const marked = conditions.map(
    (each): PodCondition =>
      each === ready ? { ...each, status: 'False', lastTransitionTime } : each,
  );
  return { ...pod, status: { ...pod.status, conditions: marked } };
}
