/**
 * horizontal-pod-autoscaler-controller: sets how many pods a target has by what metrics say of their load.
 *
 * Once a period (`horizontalPodAutoscalerSyncPeriod`), and not in between, it looks at each autoscaler: reads the scale of the target,
 * whatever its kind, and the resource metrics of its pods (`samples.ts`, `groups.ts`); works out how many pods would meet each metric's
 * target (`replicas.ts`, `proposal.ts`); holds the greatest of these numbers back by what was asked for before (`stabilize.ts`) and by
 * the speed that is allowed (`limits.ts`); and sets the scale, the conditions and the events.
 *
 * Invariant: the decision (`decide.ts`) is a pure function of autoscaler, scale, pods, metrics, history and time. The history is the
 * only state: immutable records in a copy-on-write map, so that a fork goes on as its parent would have. A controller that starts anew
 * has none, as upstream: it does not go below the number it finds for a whole window.
 *
 * While an autoscaler changes its target, or has not got its first metrics, the next look is part of converging; otherwise looks come
 * back for ever and are not. Metrics of pods, objects and from outside fail as where no API is registered for them.
 *
 * For runtime/cluster. Left out: where metrics come from (runtime/node), custom and external metrics.
 */
export {
  createHorizontalPodAutoscalerController,
  type HorizontalPodAutoscalerConfig,
} from './controller.ts';
