import type { Pod } from '../../../../generated/core/v1/types.ts';
import type { Eviction, PodDisruptionBudget } from '../../../../generated/policy/v1/types.ts';
import {
  type ApiRequest,
  badRequest,
  conflict,
  formatTime,
  isConditionTrue,
  isConflict,
  isDeleting,
  type KubeObject,
  matchesLabelSelector,
  type RequestOptions,
  type Status,
  unknownError,
  withCondition,
} from '../../../meta/index.ts';
import { connectionOf, validate } from '../../admission/index.ts';
import type { Core } from '../../core.ts';
import { remove } from '../../delete.ts';
import type { ServedKind } from '../../kind.ts';
import { get } from '../../read.ts';
import { change } from '../../update.ts';
import type { SubresourceHandler } from '../handler.ts';
import { granted, sparesUnready, stillProcessed } from './budget.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
const SCHEMA = 'policy/v1.Eviction';
const VERSIONS: readonly (string | undefined)[] = ['policy/v1', 'policy/v1beta1', undefined];

type StoredPod = Pod & KubeObject;
type Budget = PodDisruptionBudget & KubeObject;

export const eviction: SubresourceHandler = {
  async create(core, kind, request) {
    const wish = { ...request, options: optionsOf(kind, request) };
    const pod = get(kind, request).object as StoredPod;
    validate(connectionOf(kind, request, pod), core);
    await evict(core, kind, wish, pod);
    return { code: 201, object: DONE };
  },
};

const DONE = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 201,
} satisfies Status as unknown as KubeObject;

/** The options of the deletion that is asked for. */
function optionsOf(kind: ServedKind, { body, name, options }: ApiRequest): RequestOptions {
  const { apiVersion, kind: called = 'Eviction', ...rest } = (body ?? {}) as Partial<KubeObject>;
  if (called !== 'Eviction' || !VERSIONS.includes(apiVersion))
    throw badRequest(`${called} in version "${apiVersion}" cannot be handled as a Eviction`);
  const asked = { ...rest, apiVersion: 'policy/v1', kind: 'Eviction' };
  const { value, problems } = kind.interpreter.admit(SCHEMA, asked);
  const undecodable = problems.filter(({ reason }) => reason !== 'FieldUnknown');
  if (undecodable.length > 0)
    throw badRequest(undecodable.map(({ field, message }) => `${field}: ${message}`).join(', '));
  const { metadata, deleteOptions = {} } = value as Eviction;
  if (metadata?.name !== name)
    throw badRequest('name in URL does not match name in Eviction object');
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun = [] } = deleteOptions;
  return {
    ...(options?.dryRun || dryRun.length > 0 ? { dryRun: true } : {}),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(preconditions ? { preconditions } : {}),
  };
}

async function evict(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  pod: StoredPod,
): Promise<void> {
  if (isNoDisruption(pod)) return leave(core, kind, request);
  const [budget, ...others] = budgetsOf(core, pod);
  if (others.length > 0)
    throw unknownError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  if (!budget) return leave(core, kind, request);
  if (isConditionTrue(pod.status?.conditions, 'Ready') || !sparesUnready(budget)) {
    await charge(core, request, budget);
    return leave(core, kind, request);
  }
  try {
    await leave(core, kind, as(request, pod));
  } catch (error) {
    if (isConflict(error) && !request.options?.preconditions?.resourceVersion)
      throw stillProcessed(budget.metadata.name ?? '');
    throw error;
  }
}

/** Its going disrupts nobody: it has not begun, has ended, or goes already. */
function isNoDisruption(pod: StoredPod): boolean {
  const { phase } = pod.status ?? {};
  return phase === 'Pending' || phase === 'Succeeded' || phase === 'Failed' || isDeleting(pod);
}

function budgetsOf(core: Core, { metadata }: StoredPod): readonly Budget[] {
  const all = (core.kindById(BUDGETS)?.cache.list(metadata.namespace) ?? []) as readonly Budget[];
  return all.filter(({ spec }) => matchesLabelSelector(spec?.selector, metadata.labels));
}

/** Takes one disruption from the budget, which its controller gives back once it sees the pod go. */
async function charge(core: Core, request: ApiRequest, { metadata }: Budget): Promise<void> {
  const kind = core.kindById(BUDGETS)!;
  const status = {
    ...request,
    verb: 'update',
    subresource: 'status',
    name: metadata.name,
  } as const;
  await change(core, kind, status, ({ object }) => ({
    object: {
      ...object,
      status: granted(object as Budget, request.name ?? '', core.now()),
    } as KubeObject,
    trusted: true,
  }));
}

/** The same request, but only for the pod as it is: one that has become ready in the meantime must be counted. */
function as(request: ApiRequest, { metadata: { resourceVersion = '' } }: StoredPod): ApiRequest {
  const { options = {} } = request;
  const preconditions = { resourceVersion, ...options.preconditions };
  return { ...request, options: { ...options, preconditions } };
}

/** Says in the pod why it goes, and deletes it. */
async function leave(
  core: Core,
  kind: ServedKind,
  { subresource: _, ...request }: ApiRequest,
): Promise<void> {
  const { options = {} } = request;
  const deletion = { ...request, verb: 'delete', options } as const;
  if (options.dryRun) {
    await remove(core, kind, deletion);
    return;
  }
  const answer = await change(
    core,
    kind,
    { ...request, verb: 'update', subresource: 'status' },
    ({ object }) => {
      checkPreconditions(options, object);
      return { object: disrupted(object as StoredPod, core.now()), trusted: true };
    },
  );
  const { resourceVersion = '' } = answer.object.metadata;
  const preconditions = options.preconditions?.resourceVersion
    ? { ...options.preconditions, resourceVersion }
    : options.preconditions;
  await remove(core, kind, {
    ...deletion,
    options: { ...options, ...(preconditions ? { preconditions } : {}) },
  });
}

function checkPreconditions({ preconditions }: RequestOptions, { metadata }: KubeObject): void {
  const refuse = (what: string, wanted: string, have: string | undefined, how: string): never => {
    throw conflict(
      { group: '', resource: 'Pod', name: metadata.name ?? '' },
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${have}). ` +
        `The object might have been ${how}`,
    );
  };
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid && uid !== metadata.uid) refuse('UID', uid, metadata.uid, 'deleted and then recreated');
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    refuse('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified');
}

function disrupted(pod: StoredPod, nowMs: number): KubeObject {
  const conditions = withCondition(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: formatTime(nowMs),
  });
  return { ...pod, status: { ...pod.status, conditions } } as KubeObject;
}
