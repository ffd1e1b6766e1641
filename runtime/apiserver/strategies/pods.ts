import type { Container, Pod, PodSpec, PodStatus } from '../../../generated/core/v1/types.ts';
import { type FieldProblem, forbidden, invalid, jsonEqual } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { completePodSpec, each } from './pod-spec.ts';
import type { Strategy } from './strategy.ts';

type StoredPod = Pod & KubeObject;

/** Pods: requests from limits, QoS class, what of a spec may change, and how long a deletion waits. */
export const pods: Strategy<StoredPod> = {
  returnsDeleted: true,
  prepareCreate(pod) {
    const spec = pod.spec && ownDefaults(completePodSpec(pod.spec));
    return { ...pod, ...(spec ? { spec } : {}), status: firstStatus(spec) };
  },
  prepareUpdate(pod, old) {
    const spec = pod.spec && ownDefaults(completePodSpec(pod.spec));
    const same = spec && old.spec && jsonEqual(spec, old.spec) ? old.spec : spec;
    return { ...pod, ...(same ? { spec: same } : {}) };
  },
  prepareStatus(pod, old) {
    const qosClass = old.status?.qosClass;
    if (!qosClass || pod.status?.qosClass === qosClass) return pod;
    return { ...pod, status: { ...pod.status, qosClass } };
  },
  validate(pod, old) {
    return old ? updateProblems(pod, old) : createProblems(pod);
  },
  grace(pod, requested, fallback) {
    const { phase } = pod.status ?? {};
    if (!pod.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
    return requested ?? fallback;
  },
};

const GATED = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
} as const;

function firstStatus(spec: PodSpec | undefined): PodStatus {
  const gated = (spec?.schedulingGates?.length ?? 0) > 0;
  return {
    phase: 'Pending',
    qosClass: spec ? qosClassOf(spec) : 'BestEffort',
    ...(gated ? { conditions: [GATED] } : {}),
  };
}

const prepared = new WeakMap<PodSpec, PodSpec>();

/** Defaults that hold for pods but not for templates: a limit without a request is one too. */
function ownDefaults(spec: PodSpec): PodSpec {
  let found = prepared.get(spec);
  if (!found) {
    const containers = each(spec.containers, withRequests);
    const initContainers = spec.initContainers && each(spec.initContainers, withRequests);
    const isSame =
      containers === spec.containers &&
      initContainers === spec.initContainers &&
      spec.enableServiceLinks !== undefined;
    found = isSame
      ? spec
      : {
          ...spec,
          enableServiceLinks: spec.enableServiceLinks ?? true,
          containers,
          ...(initContainers ? { initContainers } : {}),
        };
    prepared.set(spec, found);
    prepared.set(found, found);
  }
  return found;
}

function withRequests(container: Container): Container {
  const { limits, requests = {} } = container.resources ?? {};
  const missing = Object.entries(limits ?? {}).filter(([name]) => requests[name] === undefined);
  if (missing.length === 0) return container;
  const resources = { ...container.resources, requests: { ...requests, ...Object.fromEntries(missing) } };
  return { ...container, resources };
}

const classes = new WeakMap<PodSpec, PodStatus['qosClass'] & string>();

/** Guaranteed: all containers ask for exactly their limits; BestEffort: none asks for anything; else Burstable. */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const known = classes.get(spec);
  if (known) return known as 'Guaranteed';
  const found = computeQos([...spec.containers, ...(spec.initContainers ?? [])]);
  classes.set(spec, found);
  return found;
}

const COMPUTE = ['cpu', 'memory'] as const;

function computeQos(containers: readonly Container[]): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const asks = (list: Readonly<Record<string, unknown>> | undefined): boolean =>
    COMPUTE.some((name) => list?.[name] !== undefined && !isZero(list[name]));
  const any = containers.some(({ resources }) => asks(resources?.requests) || asks(resources?.limits));
  if (!any) return 'BestEffort';
  const guaranteed = containers.every(({ resources }) =>
    COMPUTE.every((name) => {
      const limit = resources?.limits?.[name];
      const request = resources?.requests?.[name] ?? limit;
      return limit !== undefined && !isZero(limit) && String(limit) === String(request);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

const isZero = (amount: unknown): boolean => /^0+(\.0*)?([a-zA-Z]*)$/.test(String(amount));

function createProblems({ spec }: StoredPod): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (spec?.ephemeralContainers?.length)
    problems.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec?.nodeName && spec.schedulingGates?.length)
    problems.push(
      forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'),
    );
  return problems;
}

const CHANGEABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function updateProblems({ spec }: StoredPod, { spec: old }: StoredPod): FieldProblem[] {
  if (!spec || !old || spec === old) return [];
  if (!sameNames(spec.containers, old.containers))
    return [forbidden('spec.containers', 'pod updates may not add or remove containers')];
  if (!sameNames(spec.initContainers, old.initContainers))
    return [forbidden('spec.initContainers', 'pod updates may not add or remove containers')];
  const problems = [
    ...deadlineProblems(spec, old),
    ...tolerationProblems(spec, old),
    ...gateProblems(spec, old),
  ];
  if (problems.length === 0 && !jsonEqual(masked(spec, old), old))
    problems.push(forbidden('spec', CHANGEABLE));
  return problems;
}

function sameNames(now: readonly Container[] = [], before: readonly Container[] = []): boolean {
  return now.length === before.length && now.every(({ name }, at) => name === before[at]?.name);
}

function deadlineProblems(spec: PodSpec, old: PodSpec): FieldProblem[] {
  const field = 'spec.activeDeadlineSeconds';
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  if (before === undefined || now === before) return [];
  if (now === undefined)
    return [invalid(field, null, 'must not update from a positive integer to nil value')];
  return now > before ? [invalid(field, now, 'must be less than or equal to previous value')] : [];
}

function tolerationProblems(spec: PodSpec, old: PodSpec): FieldProblem[] {
  const kept = (old.tolerations ?? []).every(({ tolerationSeconds: _, ...wanted }) =>
    spec.tolerations?.some(({ tolerationSeconds: __, ...each }) => jsonEqual(each, wanted)),
  );
  const message = 'existing toleration can not be modified except its tolerationSeconds';
  return kept ? [] : [forbidden('spec.tolerations', message)];
}

function gateProblems(spec: PodSpec, old: PodSpec): FieldProblem[] {
  return (spec.schedulingGates ?? []).flatMap(({ name }, at) =>
    old.schedulingGates?.some((each) => each.name === name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${at}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** The new spec with everything that may change as it was. */
function masked(spec: PodSpec, old: PodSpec): PodSpec {
  const gated = (old.schedulingGates?.length ?? 0) > 0;
  const images = (now: readonly Container[], before: readonly Container[]): readonly Container[] =>
    each(now, (item) => {
      const image = before.find(({ name }) => name === item.name)?.image;
      return image === undefined || image === item.image ? item : { ...item, image };
    });
  const {
    activeDeadlineSeconds: _,
    tolerations: __,
    schedulingGates: ___,
    initContainers,
    ...rest
  } = spec;
  const { activeDeadlineSeconds, tolerations, schedulingGates, nodeSelector, affinity } = old;
  const relaxed = gated
    ? { ...(nodeSelector ? { nodeSelector } : {}), ...(affinity ? { affinity } : {}) }
    : {};
  return {
    ...rest,
    ...relaxed,
    containers: images(spec.containers, old.containers),
    ...(initContainers ? { initContainers: images(initContainers, old.initContainers ?? []) } : {}),
    ...(activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds }),
    ...(tolerations ? { tolerations } : {}),
    ...(schedulingGates ? { schedulingGates } : {}),
  };
}
