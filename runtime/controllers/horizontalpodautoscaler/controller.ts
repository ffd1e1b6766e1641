import { horizontalpodautoscalers } from '../../../generated/autoscaling/v2/resources.ts';
import type { HorizontalPodAutoscaler } from '../../../generated/autoscaling/v2/types.ts';
import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { pods as podMetrics } from '../../../generated/metrics/v1beta1/resources.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import {
  isApiError,
  isConflict,
  isNotFound,
  type KubeObject,
  keyOf,
  type ResourceRef,
} from '../../meta/index.ts';
import { ServedResources } from '../served-resources.ts';
import {
  type Decision,
  decideByLimits,
  decideByMetrics,
  decideBySelector,
  rulesOf,
} from './decide.ts';
import { Histories, type History, newHistory } from './history.ts';
import { withChange } from './limits.ts';
import type { PodMetricsAnswer } from './samples.ts';
import { SelectedPods } from './selected-pods.ts';
import { type Settings, settingsOf } from './settings.ts';
import { type Outcome, statusAfter } from './status.ts';
import { rescale, targetOf } from './target.ts';

export interface HorizontalPodAutoscalerConfig {
  /** Every built-in kind that may be a target; those of definitions are found. */
  readonly kinds: readonly ResourceRef<KubeObject>[];
}

/** For so long an autoscaler without metrics is expected to get some: after that it is only looked at. */
const PATIENCE_MS = 120_000;

/** Sets the scale of the targets of autoscalers. Key: an autoscaler, looked at once a period and not in between. */
export function createHorizontalPodAutoscalerController(
  deps: ControllerDeps<HorizontalPodAutoscalerConfig, Histories>,
): Controller {
  const histories = deps.inherited ?? new Histories();
  const autoscalers = listerOf(deps, horizontalpodautoscalers);
  const clusterLister = listerOf(deps, clusters);
  const served = new ServedResources(deps, deps.config.kinds);
  const selected = new SelectedPods(deps, autoscalers, histories);
  return {
    name: 'horizontalpodautoscaling',
    watches: [
      ...served.watches,
      watch(horizontalpodautoscalers, ({ type, object }) =>
        type === 'DELETED' || !histories.get(keyOf(object)) ? [keyOf(object)] : [],
      ),
    ],
    async reconcile(key, context) {
      const autoscaler = autoscalers.byKey(key);
      if (!autoscaler) {
        histories.forget(key);
        return undefined;
      }
      const nowMs = context.now();
      const settings = settingsOf(clusterLister.list());
      const history = histories.get(key) ?? newHistory(nowMs + settings.syncMs);
      histories.set(key, history);
      if (nowMs < history.dueMs) return { requeueAfterMs: history.dueMs - nowMs };
      const look = new Look({ kinds: served.all }, selected, settings, context);
      const { decision, ...after } = await look.at(autoscaler, history);
      histories.set(key, { ...after.history, dueMs: nowMs + settings.syncMs });
      return { requeueAfterMs: settings.syncMs, periodic: !after.isMoving, decision };
    },
    inherit: () => histories.clone(),
  };
}

interface Looked {
  readonly history: History;
  /** Whether the next look is likely to find something else. */
  readonly isMoving: boolean;
  readonly decision: unknown;
}

/** One look at one autoscaler: reads, decides, performs. */
class Look {
  readonly #config: HorizontalPodAutoscalerConfig;
  readonly #selected: SelectedPods;
  readonly #settings: Settings;
  readonly #context: ReconcileContext;

  constructor(
    config: HorizontalPodAutoscalerConfig,
    selected: SelectedPods,
    settings: Settings,
    context: ReconcileContext,
  ) {
    this.#config = config;
    this.#selected = selected;
    this.#settings = settings;
    this.#context = context;
  }

  async at(autoscaler: HorizontalPodAutoscaler, before: History): Promise<Looked> {
    const { client, events, now } = this.#context;
    const target = await targetOf(autoscaler, this.#config.kinds, client);
    if ('failure' in target) {
      const { failure } = target;
      events.event(autoscaler as KubeObject, 'Warning', 'FailedGetScale', failure);
      await this.#write(autoscaler, { kind: 'noScale', failure });
      return this.#looked(withFailure(before, now()), { failure });
    }
    const { ref, scale } = target;
    const current = scale.spec?.replicas ?? 0;
    const history = withFirst(before, current, now());
    const selector = scale.status?.selector ?? '';
    const { decision, ...found } = await this.#decide(autoscaler, history, current, selector);
    for (const { type, reason, message } of decision.notices)
      events.event(autoscaler as KubeObject, type, reason, message);
    const { desired, because, recommendations = history.recommendations } = decision;
    const next: History = { ...found.history, recommendations };
    if (desired === undefined) {
      await this.#write(autoscaler, { kind: 'unknown', current, decision });
      return this.#looked(withFailure(next, now()), { current });
    }
    const known = withoutFailure(next);
    if (desired === current) {
      await this.#write(autoscaler, { kind: 'kept', current, decision });
      return this.#looked(known, { current, desired });
    }
    const failure = await rescale(ref, scale, desired, client);
    if (failure !== undefined) {
      const message = `New size: ${desired}; reason: ${because}; error: ${failure}`;
      events.event(autoscaler as KubeObject, 'Warning', 'FailedRescale', message);
      await this.#write(autoscaler, { kind: 'refused', current, decision, failure });
      return this.#looked(withFailure(next, now()), { current, desired, failure });
    }
    const message = `New size: ${desired}; reason: ${because}`;
    events.event(autoscaler as KubeObject, 'Normal', 'SuccessfulRescale', message);
    await this.#write(autoscaler, { kind: 'rescaled', current, decision, desired });
    const { behavior } = autoscaler.spec ?? {};
    const changed = behavior
      ? withChange(known, rulesOf(behavior), desired - current, now())
      : known;
    return { history: changed, isMoving: true, decision: { current, desired, because } };
  }

  async #decide(
    autoscaler: HorizontalPodAutoscaler,
    history: History,
    current: number,
    selector: string,
  ): Promise<{ decision: Decision; history: History }> {
    const byLimits = decideByLimits(autoscaler.spec!, current);
    if (byLimits) return { decision: byLimits, history };
    const found = this.#selected.by(autoscaler, selector);
    const known = found.isSelector ? { ...history, selector } : history;
    if ('problem' in found)
      return { decision: decideBySelector(selector, found.problem), history: known };
    const decision = decideByMetrics({
      autoscaler,
      current,
      pods: found.pods,
      answer: await this.#metrics(autoscaler, selector),
      history,
      settings: this.#settings,
      nowMs: this.#context.now(),
    });
    return { decision, history: known };
  }

  async #metrics(
    { metadata }: HorizontalPodAutoscaler,
    selector: string,
  ): Promise<PodMetricsAnswer> {
    const { namespace = '' } = metadata;
    try {
      return await this.#context.client.list(podMetrics, { namespace, labelSelector: selector });
    } catch (error) {
      if (isApiError(error)) return { failure: error.message };
      throw error;
    }
  }

  /** Somebody else's change of the autoscaler, or its end, wins: the next look is soon enough. */
  async #write(autoscaler: HorizontalPodAutoscaler, outcome: Outcome): Promise<void> {
    const status = statusAfter(autoscaler, outcome, this.#context.now());
    if (status === autoscaler.status) return;
    try {
      await this.#context.client.updateStatus(horizontalpodautoscalers, { ...autoscaler, status });
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }

  #looked(history: History, decision: object): Looked {
    const { failingMs } = history;
    const isMoving = failingMs !== undefined && this.#context.now() - failingMs < PATIENCE_MS;
    return { history, isMoving, decision };
  }
}

/** The number of pods at the first look counts as a recommendation: it is not gone below at once. */
function withFirst(history: History, replicas: number, nowMs: number): History {
  if (history.recommendations.length > 0) return history;
  return { ...history, recommendations: [{ atMs: nowMs, replicas }] };
}

function withFailure(history: History, nowMs: number): History {
  return { ...history, failingMs: history.failingMs ?? nowMs };
}

function withoutFailure({ failingMs: _, ...history }: History): History {
  return history;
}
