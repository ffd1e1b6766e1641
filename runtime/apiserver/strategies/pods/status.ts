import type {
  Container,
  ContainerStatus,
  Pod,
  PodSpec,
  PodStatus,
} from '../../../../generated/core/v1/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';
import { qosClassOf } from './qos.ts';

const GATED = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
} as const;

/** The status of a new pod: pending, and held back while it has scheduling gates. */
export function firstStatus(spec: PodSpec | undefined): PodStatus {
  const isGated = (spec?.schedulingGates?.length ?? 0) > 0;
  return {
    phase: 'Pending',
    qosClass: spec ? qosClassOf(spec) : 'BestEffort',
    ...(isGated ? { conditions: [GATED] } : {}),
  };
}

const NONE: readonly Problem[] = [];

/** What a reported status must not say after the one before. Most writes change nothing that is looked at here. */
export function statusProblems(pod: Pod, old: Pod): readonly Problem[] {
  const now = pod.status ?? {};
  const before = old.status ?? {};
  const policy = pod.spec?.restartPolicy;
  const isAsBefore = !before.qosClass || now.qosClass === before.qosClass;
  if (isAsBefore && policy === 'Always' && (now.podIPs?.length ?? 0) < 2) return NONE;
  return [
    ...(isAsBefore ? NONE : [invalid('status.qosClass', now.qosClass, 'field is immutable')]),
    ...(policy === 'Always' ? NONE : revivals(pod.spec, before, now)),
    ...addressProblems(now),
  ];
}

const STATUSES = ['containerStatuses', 'initContainerStatuses'] as const;

/** Containers that ended for good and are reported to run again. */
function revivals(spec: PodSpec | undefined, before: PodStatus, now: PodStatus): Problem[] {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  if (containers.some(endsAll)) return [];
  const mayRestart = ({ name, state }: ContainerStatus): boolean => {
    const own = containers.find((each) => each.name === name);
    const policy = own?.restartPolicy ?? spec?.restartPolicy;
    if (own?.restartPolicyRules || policy === 'Always') return true;
    return policy === 'OnFailure' && state?.terminated?.exitCode !== 0;
  };
  return STATUSES.flatMap((list) =>
    (before[list] ?? []).flatMap((ended, at) => {
      if (now[list] === before[list] || !ended.state?.terminated || mayRestart(ended)) return [];
      const next = now[list]?.find(({ name }) => name === ended.name);
      if (!next || next.state?.terminated) return [];
      const message = 'may not be transitioned to non-terminated state';
      return [forbidden(`status.${list}[${at}].state`, message)];
    }),
  );
}

/** Whether one way for the container to end restarts all of its pod. */
function endsAll({ restartPolicyRules = [] }: Container): boolean {
  return restartPolicyRules.some(({ action }) => action === 'RestartAllContainers');
}

function addressProblems({ podIPs = [] }: PodStatus): readonly Problem[] {
  const families = new Set(podIPs.map(({ ip }) => ip?.includes(':')));
  if (podIPs.length < 2 || families.size === podIPs.length) return NONE;
  return [invalid('status.podIPs', podIPs, 'may specify no more than one IP for each IP family')];
}
