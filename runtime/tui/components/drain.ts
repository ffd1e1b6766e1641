import type { Client } from '../../client/index.ts';
import { controllerOf, isApiError, type KubeObject } from '../../meta/index.ts';
import { kindById, type World } from '../model/world.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const TOO_MANY_REQUESTS = 429;

interface PodLike extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly volumes?: readonly { readonly emptyDir?: object }[];
  };
  readonly status?: { readonly phase?: string };
}

/**
 * Cordons a node and evicts its pods, as `kubectl drain` does: nothing is evicted when a pod stands in the way that the
 * options do not allow to go. What a disruption budget keeps stays, and is said; draining again tries again.
 */
export async function drain(
  node: KubeObject,
  client: Client,
  world: World,
  options: Readonly<Record<string, string>>,
): Promise<string> {
  const { name = '' } = node.metadata;
  const [nodes, pods] = [kindById(world, 'nodes')!, kindById(world, 'pods')!];
  await client.patch(nodes.ref, { name }, { spec: { unschedulable: true } });
  const all: readonly PodLike[] = world.lister(pods.ref).list();
  const here = all.filter(({ spec, metadata }) => {
    return spec?.nodeName === name && metadata.annotations?.[MIRROR] === undefined;
  });
  const obstacles = here.flatMap((pod) => obstacleOf(pod, options) ?? []);
  if (obstacles.length > 0)
    throw new Error(`${name} is cordoned, not drained: ${[...new Set(obstacles)].join('; ')}`);
  const going = here.filter((pod) => controllerOf(pod)?.kind !== 'DaemonSet');
  const kept = new Set<string>();
  for (const pod of going) {
    const refusal = await evict(pod, client, pods.ref, options);
    if (refusal !== undefined) kept.add(refusal);
  }
  const evicted = `${going.length - kept.size} of ${going.length} pods evicted from ${name}`;
  return kept.size === 0 ? evicted : `${evicted}; ${[...kept].join('; ')}; drain again later`;
}

/** Why a pod may not be evicted without being asked for. */
function obstacleOf(pod: PodLike, options: Readonly<Record<string, string>>): string | undefined {
  const { name = '' } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner?.kind === 'DaemonSet')
    return options.ignoreDaemonSets === 'refuse' ? `${name} is of a daemon set` : undefined;
  const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (hasEnded) return undefined;
  if (!owner && options.force !== 'evict') return `${name} has no controller to make it anew`;
  const keepsData = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined);
  return keepsData && options.deleteEmptyDirData !== 'evict'
    ? `${name} would lose its emptyDir`
    : undefined;
}

/** The server's words when a budget keeps the pod. */
async function evict(
  { metadata }: PodLike,
  client: Client,
  pods: Parameters<Client['createSubresource']>[0],
  { gracePeriodSeconds }: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { name = '', namespace } = metadata;
  const grace = gracePeriodSeconds?.match(/^\d+$/) ? Number(gracePeriodSeconds) : undefined;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    ...(grace === undefined ? {} : { deleteOptions: { gracePeriodSeconds: grace } }),
  };
  try {
    await client.createSubresource(pods, { name, namespace }, 'eviction', eviction);
    return undefined;
  } catch (error) {
    if (isApiError(error) && error.status.code === TOO_MANY_REQUESTS)
      return `${name} is kept: ${error.message}`;
    throw error;
  }
}
