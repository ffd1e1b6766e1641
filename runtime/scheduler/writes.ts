import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { Client } from '../client/index.ts';
import { formatTime } from '../meta/index.ts';

/** The condition of a pod that was not scheduled. */
export interface NotScheduled {
  readonly reason: 'Unschedulable' | 'SchedulerError' | 'SchedulingGated';
  readonly message: string;
  /** Written along when the version does so. */
  readonly observedGeneration?: number;
}

/** Assigns the pod to the node: the API server sets `spec.nodeName` and the PodScheduled condition. */
export async function bind(client: Client, { metadata }: Pod, nodeName: string): Promise<void> {
  const target = targetOf(metadata);
  await client.createSubresource(pods, target, 'binding', {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { ...target, ...(metadata?.uid ? { uid: metadata.uid } : {}) },
    target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
  });
}

/** Sets PodScheduled=False on the pod, unless it says the same already. Returns whether it wrote. */
export async function markNotScheduled(
  client: Client,
  pod: Pod,
  wanted: NotScheduled,
  nowMs: number,
): Promise<boolean> {
  const current = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (
    current?.status === 'False' &&
    current.reason === wanted.reason &&
    current.message === wanted.message
  )
    return false;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: wanted.reason,
    message: wanted.message,
    lastTransitionTime:
      current?.status === 'False' ? current.lastTransitionTime : formatTime(nowMs),
    ...(wanted.observedGeneration === undefined
      ? {}
      : { observedGeneration: wanted.observedGeneration }),
  };
  await client.patch(
    pods,
    targetOf(pod.metadata),
    { status: { conditions: [condition] } },
    { subresource: 'status' },
  );
  return true;
}

function targetOf(metadata: Pod['metadata'] | undefined): { name: string; namespace: string } {
  return { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
}
