import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
} from '../../../generated/autoscaling/v2/types.ts';
import { formatTime, jsonEqual, withCondition } from '../../meta/index.ts';
import type { Decision, Finding } from './decide.ts';

/** How a look at an autoscaler ended. */
export type Outcome =
  | { readonly kind: 'noScale'; readonly failure: string }
  /** No number could be computed. */
  | { readonly kind: 'unknown'; readonly current: number; readonly decision: Decision }
  | { readonly kind: 'kept'; readonly current: number; readonly decision: Decision }
  /** The target did not take the number. */
  | {
      readonly kind: 'refused';
      readonly current: number;
      readonly decision: Decision;
      readonly failure: string;
    }
  | {
      readonly kind: 'rescaled';
      readonly current: number;
      readonly decision: Decision;
      readonly desired: number;
    };

const GOT: Finding = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
};

/** The status after a look; the very same when nothing is new. */
export function statusAfter(
  { status }: HorizontalPodAutoscaler,
  outcome: Outcome,
  nowMs: number,
): HorizontalPodAutoscalerStatus {
  const before = status ?? { desiredReplicas: 0 };
  const { lastScaleTime } = before;
  const conditions = conditionsAfter(before.conditions, outcome, nowMs);
  const next: HorizontalPodAutoscalerStatus =
    outcome.kind === 'noScale'
      ? { ...before, conditions }
      : {
          currentReplicas: outcome.current,
          desiredReplicas: desiredAfter(before, outcome),
          ...(outcome.decision.metrics.length > 0
            ? { currentMetrics: outcome.decision.metrics }
            : {}),
          ...(outcome.kind === 'rescaled'
            ? { lastScaleTime: formatTime(nowMs) }
            : lastScaleTime === undefined
              ? {}
              : { lastScaleTime }),
          conditions,
        };
  return status && jsonEqual(status, next) ? status : next;
}

function desiredAfter(
  { desiredReplicas }: HorizontalPodAutoscalerStatus,
  outcome: Exclude<Outcome, { kind: 'noScale' }>,
): number {
  if (outcome.kind === 'rescaled') return outcome.desired;
  return outcome.kind === 'kept' ? outcome.current : desiredReplicas;
}

function conditionsAfter(
  before: HorizontalPodAutoscalerStatus['conditions'],
  outcome: Outcome,
  nowMs: number,
): readonly HorizontalPodAutoscalerCondition[] {
  const lastTransitionTime = formatTime(nowMs);
  return findingsOf(outcome).reduce(
    (conditions, finding) => withCondition(conditions, { ...finding, lastTransitionTime }),
    before ?? [],
  );
}

/** In the order in which they are set: a later one of a type has the last word. */
function findingsOf(outcome: Outcome): readonly Finding[] {
  if (outcome.kind === 'noScale')
    return [
      {
        type: 'AbleToScale',
        status: 'False',
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${outcome.failure}`,
      },
    ];
  const found = [GOT, ...outcome.decision.findings];
  if (outcome.kind === 'rescaled')
    found.push({
      type: 'AbleToScale',
      status: 'True',
      reason: 'SucceededRescale',
      message: `the HPA controller was able to update the target scale to ${outcome.desired}`,
    });
  if (outcome.kind === 'refused')
    found.push({
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedUpdateScale',
      message: `the HPA controller was unable to update the target scale: ${outcome.failure}`,
    });
  return found;
}
