import type { Client, ManifestError } from '../../client/index.ts';
import {
  type ApiError,
  controllerOf,
  isApiError,
  type KubeObject,
  keyOf,
} from '../../meta/index.ts';
import { placeText } from '../model/outcomes.ts';
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
): Promise<Drained> {
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
  const kept: Kept[] = [];
  for (const pod of going) {
    const error = await evict(pod, client, pods.ref, options);
    if (error) kept.push({ name: pod.metadata.name ?? '', ...refusalOf(pod, error, world) });
  }
  const evicted = `${going.length - kept.length} of ${going.length} pods evicted from ${name}`;
  return {
    evicted: going.length - kept.length,
    kept: kept.length,
    text: kept.length === 0 ? evicted : `${evicted}; ${keptText(kept)}; drain again later`,
    refusals: kept.flatMap(({ refusal }) => refusal ?? []),
  };
}

/** What became of a drain; each refusal stands at the number of the budget that made it, where a manifest has it. */
export interface Drained {
  /** So many pods go, and so many stay. */
  readonly evicted: number;
  readonly kept: number;
  readonly text: string;
  readonly refusals: readonly ManifestError[];
}

/** What there is to say of several nodes: the numbers, and where what keeps pods stands. */
export function drainedText(all: readonly Drained[]): string {
  const [only, ...others] = all;
  if (only && others.length === 0) return only.text;
  const sum = (of: (each: Drained) => number): number => all.reduce((n, each) => n + of(each), 0);
  const [evicted, kept] = [sum((each) => each.evicted), sum((each) => each.kept)];
  const text = `${evicted} of ${evicted + kept} pods evicted from ${all.length} nodes`;
  if (kept === 0) return text;
  const places = all.flatMap(({ refusals }) => refusals).flatMap(({ position }) => position ?? []);
  const told = [...new Set(places.map(placeText))].join(', ');
  return `${text}; ${kept} stay${told === '' ? '' : `: ${told}`}; ! says why, drain again later`;
}

interface Kept {
  readonly name: string;
  readonly why: string;
  readonly refusal?: ManifestError;
}

function refusalOf(pod: PodLike, error: ApiError, { control }: World): Omit<Kept, 'name'> {
  const refusal = control.refusedEviction(keyOf(pod), error);
  const said = error.causes.find(({ reason }) => reason === 'DisruptionBudget')?.message;
  const place = refusal?.position ? `${placeText(refusal.position)} ` : '';
  return { why: `${place}${said ?? error.message}`, ...(refusal ? { refusal } : {}) };
}

/** `a, b stay: manifests/web.ts:70:5 The disruption budget web needs 2 healthy pods …`: names that stay for one reason together. */
function keptText(kept: readonly Kept[]): string {
  return [...Map.groupBy(kept, ({ why }) => why)]
    .map(([why, each]) => {
      const names = each.map(({ name }) => name).join(', ');
      return `${names} ${each.length === 1 ? 'stays' : 'stay'}: ${why}`;
    })
    .join('; ');
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

/** The server's refusal when a budget keeps the pod. */
async function evict(
  { metadata }: PodLike,
  client: Client,
  pods: Parameters<Client['createSubresource']>[0],
  { gracePeriodSeconds }: Readonly<Record<string, string>>,
): Promise<ApiError | undefined> {
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
    if (isApiError(error) && error.status.code === TOO_MANY_REQUESTS) return error;
    throw error;
  }
}
