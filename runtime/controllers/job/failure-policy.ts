import type {
  Job,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
} from '../../../generated/batch/v1/types.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../../generated/core/v1/types.ts';
import { isPodFailed } from './job.ts';

export interface FailureJudgement {
  /** Whether the failure counts towards limits. */
  readonly counts: boolean;
  readonly failsIndex: boolean;
  /** Why the whole Job fails for it. */
  readonly failsJob?: string;
}

const COUNTS: FailureJudgement = { counts: true, failsIndex: false };
const IGNORED: FailureJudgement = { counts: false, failsIndex: false };

/** What the first rule that a failed pod meets says of it; a pod that meets none counts. */
export function judgeFailure({ spec }: Job, pod: Pod): FailureJudgement {
  const rules = spec?.podFailurePolicy?.rules ?? [];
  for (const [at, { action, onExitCodes, onPodConditions }] of rules.entries()) {
    const reason = onExitCodes
      ? exitReason(pod, onExitCodes)
      : conditionReason(pod, onPodConditions ?? []);
    if (reason === undefined) continue;
    if (action === 'Ignore') return IGNORED;
    if (action === 'FailIndex') return { counts: true, failsIndex: true };
    if (action === 'FailJob')
      return { ...COUNTS, failsJob: `${reason} matching FailJob rule at index ${at}` };
    return COUNTS;
  }
  return COUNTS;
}

/** Why the Job fails as a whole, if one of its pods says so. */
export function failJobMessage(job: Job, pods: readonly Pod[]): string | undefined {
  if (!job.spec?.podFailurePolicy) return undefined;
  for (const pod of pods) {
    const message = isPodFailed(job, pod) ? judgeFailure(job, pod).failsJob : undefined;
    if (message !== undefined) return message;
  }
  return undefined;
}

function exitReason(
  { metadata, status }: Pod,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): string | undefined {
  const fits = ({ name, state }: ContainerStatus): boolean => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(code) === (operator === 'In');
  };
  const found = status?.containerStatuses?.find(fits) ?? status?.initContainerStatuses?.find(fits);
  return (
    found &&
    `Container ${found.name} for pod ${metadata.namespace}/${metadata.name} failed with exit code ` +
      `${found.state?.terminated?.exitCode}`
  );
}

function conditionReason(
  { metadata, status }: Pod,
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
): string | undefined {
  const fits = (condition: PodCondition): boolean =>
    patterns.some(
      (pattern) =>
        pattern.type === condition.type && (pattern.status ?? 'True') === condition.status,
    );
  const found = status?.conditions?.find(fits);
  return found && `Pod ${metadata.namespace}/${metadata.name} has condition ${found.type}`;
}
