import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricStatus,
} from '../../../generated/autoscaling/v2/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { History } from './history.ts';
import { type Limited, limitedByDefault, limitedByPolicies } from './limits.ts';
import { type Proposal, proposalOf, tolerancesOf } from './proposal.ts';
import type { PodMetricsAnswer } from './samples.ts';
import type { Settings } from './settings.ts';
import { type Stabilized, stabilizedByDefault, stabilizedByWindows } from './stabilize.ts';

/** What a target's scale subresource says. */
export interface TargetScale {
  /** Pods that it is told to have. */
  readonly replicas: number;
  /** Label selector of its pods, as text. */
  readonly selector: string;
}

/** A condition to set; when it changed is worked out by whoever sets it. */
export interface Finding {
  readonly type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** An Event about the autoscaler. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What follows from a look at an autoscaler. */
export interface Decision {
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  readonly metrics: readonly MetricStatus[];
  /** How many pods there are to be; absent where that could not be computed, and nothing is changed. */
  readonly desired?: number;
  /** Why it is another number than the present one. */
  readonly because: string;
  /** What the metrics ask for goes into the history. */
  readonly recommendations?: History['recommendations'];
}

/** Both directions with all that a behaviour leaves to the defaults. */
export interface Rules {
  readonly up: HPAScalingRules;
  readonly down: HPAScalingRules;
}

const ACTIVE = { type: 'ScalingActive', status: 'True' } as const;
const INACTIVE = { type: 'ScalingActive', status: 'False' } as const;

/** What needs no metrics: a target that is switched off, or outside of the limits; undefined for all others. */
export function decideByLimits(
  { minReplicas: min = 1, maxReplicas: max }: HorizontalPodAutoscalerSpec,
  current: number,
): Decision | undefined {
  const nothing = { findings: [], notices: [], metrics: [] };
  if (current === 0 && min !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    const findings = [{ ...INACTIVE, reason: 'ScalingDisabled', message }];
    return { ...nothing, findings, desired: 0, because: '' };
  }
  if (current > max)
    return {
      ...nothing,
      desired: max,
      because: 'Current number of replicas above Spec.MaxReplicas',
    };
  if (current < min)
    return {
      ...nothing,
      desired: min,
      because: 'Current number of replicas below Spec.MinReplicas',
    };
  return undefined;
}

/** Why the pods of a target cannot be told from others. */
export function decideBySelector(
  selector: string,
  problem: { readonly reason: string; readonly message: string },
): Decision {
  const condition =
    selector === '' ? "the HPA target's scale is missing a selector" : problem.message;
  const reason = problem.reason === 'SelectorRequired' ? 'InvalidSelector' : problem.reason;
  return {
    findings: [{ ...INACTIVE, reason, message: condition }],
    notices: [{ type: 'Warning', ...problem }, failedToCompute(problem.message)],
    metrics: [],
    because: '',
  };
}

function failedToCompute(message: string): Notice {
  return { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message };
}

export interface Situation {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly current: number;
  readonly pods: readonly Pod[];
  readonly answer: PodMetricsAnswer;
  readonly history: History;
  readonly settings: Settings;
  readonly nowMs: number;
}

/** What the metrics ask for, held back by what was asked for before, by the speed that is allowed, and by the limits. */
export function decideByMetrics(situation: Situation): Decision {
  const { autoscaler, current, settings } = situation;
  const spec = autoscaler.spec!;
  const view = {
    ...situation,
    namespace: autoscaler.metadata.namespace ?? '',
    tolerances: tolerancesOf(spec, settings),
  };
  const proposals = (spec.metrics ?? []).map((metric) => proposalOf(metric, view));
  const { notices, metrics, best, failure } = surveyed(proposals);
  if (failure && (!best || best.replicas < current))
    return {
      findings: [{ ...INACTIVE, reason: failure.reason, message: unable(failure.message) }],
      notices: [...notices, failedToCompute(failure.text)],
      metrics,
      because: '',
    };
  const { replicas = 0, metric = '' } = best ?? {};
  const { stabilized, limited } = heldBack(situation, replicas);
  return {
    findings: [
      {
        ...ACTIVE,
        reason: 'ValidMetricFound',
        message: `the HPA was able to successfully calculate a replica count from ${metric}`,
      },
      {
        type: 'AbleToScale',
        status: 'True',
        reason: stabilized.reason,
        message: stabilized.message,
      },
      {
        type: 'ScalingLimited',
        status: limited.replicas === stabilized.replicas ? 'False' : 'True',
        reason: limited.reason,
        message: limited.message,
      },
    ],
    notices,
    metrics,
    desired: limited.replicas,
    because: replicas > current ? `${metric} above target` : replicas < current ? BELOW : '',
    recommendations: stabilized.recommendations,
  };
}

const BELOW = 'All metrics below target';

const unable = (message: string): string =>
  `the HPA was unable to compute the replica count: ${message}`;

interface Survey {
  readonly notices: readonly Notice[];
  readonly metrics: readonly MetricStatus[];
  /** The proposal of the most pods. */
  readonly best: { readonly replicas: number; readonly metric: string } | undefined;
  /** The first failure, and how all are told. */
  readonly failure:
    | { readonly reason: string; readonly message: string; readonly text: string }
    | undefined;
}

function surveyed(proposals: readonly Proposal[]): Survey {
  const notices: Notice[] = [];
  const metrics: MetricStatus[] = [];
  let best: Survey['best'];
  let first: Extract<Proposal, { reason: string }> | undefined;
  for (const proposal of proposals) {
    if ('reason' in proposal) {
      const { reason, message } = proposal;
      notices.push({ type: 'Warning', reason, message });
      metrics.push({ type: '' });
      first ??= proposal;
      continue;
    }
    metrics.push(proposal.status);
    if (!best || best.replicas === 0 || proposal.replicas > best.replicas) best = proposal;
  }
  const counted = `${notices.length} invalid out of ${proposals.length}`;
  const failure = first && {
    reason: first.reason,
    message: first.message,
    text: `invalid metrics (${counted}), first error is: ${first.error}`,
  };
  return { notices, metrics, best, failure };
}

function heldBack(
  { autoscaler, current, history, settings, nowMs }: Situation,
  desired: number,
): { readonly stabilized: Stabilized; readonly limited: Limited } {
  const { minReplicas: min = 1, maxReplicas: max, behavior } = autoscaler.spec!;
  const bounds = { current, min, max };
  const { stabilizationMs } = settings;
  if (!behavior) {
    const stabilized = stabilizedByDefault(desired, history, stabilizationMs, nowMs);
    return { stabilized, limited: limitedByDefault(stabilized.replicas, bounds) };
  }
  const rules = rulesOf(behavior);
  const windowMs = (seconds: number | undefined, otherwise: number): number =>
    seconds === undefined ? otherwise : seconds * 1000;
  const windows = {
    upMs: windowMs(rules.up.stabilizationWindowSeconds, 0),
    downMs: windowMs(rules.down.stabilizationWindowSeconds, stabilizationMs),
  };
  const stabilized = stabilizedByWindows(desired, current, history, windows, nowMs);
  const limited = limitedByPolicies(stabilized.replicas, bounds, rules, history, nowMs);
  return { stabilized, limited };
}

/** The server fills in what a behaviour leaves out. */
export function rulesOf({
  scaleUp = {},
  scaleDown = {},
}: NonNullable<HorizontalPodAutoscalerSpec['behavior']>): Rules {
  return { up: scaleUp, down: scaleDown };
}
