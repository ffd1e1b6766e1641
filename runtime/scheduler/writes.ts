import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { Client } from '../client/index.ts';
import { formatTime, isNotFound } from '../meta/index.ts';

/** What a pod that was not scheduled is told. */
export interface NotScheduled {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  /** The node that the pod waits for; '' takes an earlier one back, undefined leaves it. */
  readonly nominatedNodeName?: string | undefined;
  /** The condition carries the generation of the pod. */
  readonly observesGeneration: boolean;
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

/** Sets PodScheduled=False and the nominated node, unless the pod says the same already. Returns whether it wrote. */
export async function markNotScheduled(
  client: Client,
  pod: Pod,
  wanted: NotScheduled,
  nowMs: number,
): Promise<boolean> {
  const current = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const { nominatedNodeName = pod.status?.nominatedNodeName ?? '' } = wanted;
  const isSaid =
    current?.status === 'False' &&
    current.reason === wanted.reason &&
    current.message === wanted.message;
  const isNominated = nominatedNodeName === (pod.status?.nominatedNodeName ?? '');
  if (isSaid && isNominated) return false;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: wanted.reason,
    message: wanted.message,
    lastTransitionTime:
      current?.status === 'False' ? current.lastTransitionTime : formatTime(nowMs),
    ...(wanted.observesGeneration ? notedGeneration(pod) : {}),
  };
  const status = {
    ...(isSaid ? {} : { conditions: [condition] }),
    ...(isNominated ? {} : { nominatedNodeName: nominatedNodeName || null }),
  };
  await client.patch(pods, targetOf(pod.metadata), { status }, { subresource: 'status' });
  return true;
}

/** Says where the pod is going while that still takes time. */
export async function nominate(client: Client, pod: Pod, nodeName: string): Promise<void> {
  if (pod.status?.nominatedNodeName === nodeName) return;
  const patch = { status: { nominatedNodeName: nodeName } };
  await client.patch(pods, targetOf(pod.metadata), patch, { subresource: 'status' });
}

/** Takes the nomination for a node back. A pod that is gone has none. */
export async function clearNomination(client: Client, pod: Pod): Promise<void> {
  const patch = { status: { nominatedNodeName: null } };
  try {
    await client.patch(pods, targetOf(pod.metadata), patch, { subresource: 'status' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** `observedGeneration` of a condition, for pods that have a generation. */
export function notedGeneration({ metadata }: Pod): { readonly observedGeneration?: number } {
  const { generation } = metadata ?? {};
  return generation === undefined ? {} : { observedGeneration: generation };
}

export function targetOf(metadata: Pod['metadata'] | undefined): {
  name: string;
  namespace: string;
} {
  return { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
}
