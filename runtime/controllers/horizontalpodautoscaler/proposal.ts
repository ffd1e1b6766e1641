import type {
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
  Quantity,
} from '../../../generated/autoscaling/v2/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  formatQuantity,
  milliUnits,
  parseQuantity,
  quantityOf,
  scaledValue,
} from '../../meta/index.ts';
import { selectorText } from '../selector-text.ts';
import {
  type Calculation,
  type Measured,
  replicasForAverage,
  replicasForUtilization,
  type Tolerances,
} from './replicas.ts';
import { type PodMetricsAnswer, readingOf } from './samples.ts';
import type { Settings } from './settings.ts';

/** What metrics are read with. */
export interface View {
  readonly namespace: string;
  readonly current: number;
  readonly pods: readonly Pod[];
  readonly answer: PodMetricsAnswer;
  readonly tolerances: Tolerances;
  readonly settings: Settings;
  readonly nowMs: number;
}

/** How many pods one metric asks for; or why it says nothing. */
export type Proposal =
  | { readonly replicas: number; readonly metric: string; readonly status: MetricStatus }
  | {
      /** Reason of the event and of the condition. */
      readonly reason: string;
      readonly message: string;
      /** As it is told among the failures of all metrics. */
      readonly error: string;
    };

const NO_CUSTOM_METRICS =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

/** What a metric says. Only the resource metrics API is served here: metrics of other APIs fail as where nobody has registered them. */
export function proposalOf(spec: MetricSpec, view: View): Proposal {
  const { resource, containerResource, pods, object, external } = spec;
  if (spec.type === 'Resource' && resource) {
    const { name, target } = resource;
    return used(view, name, undefined, target);
  }
  if (spec.type === 'ContainerResource' && containerResource) {
    const { name, container, target } = containerResource;
    return used(view, name, container, target);
  }
  if (spec.type === 'Pods' && pods) {
    const message = `unable to get metric ${pods.metric.name}: ${NO_CUSTOM_METRICS}`;
    return failed('FailedGetPodsMetric', message, `failed to get pods metric value: ${message}`);
  }
  if (spec.type === 'Object' && object) {
    const { kind, name } = object.describedObject;
    const message = `unable to get metric ${object.metric.name}: ${NO_CUSTOM_METRICS} on ${kind} ${view.namespace}/${name}`;
    return failed(
      'FailedGetObjectMetric',
      message,
      `failed to get object metric value: ${message}`,
    );
  }
  if (spec.type === 'External' && external) return ofExternal(external, view.namespace);
  const message = `unknown metric source type "${spec.type}"`;
  return failed('InvalidMetricSourceType', message, message);
}

function failed(reason: string, message: string, error: string): Proposal {
  return { reason, message, error };
}

function ofExternal(
  { metric, target }: NonNullable<MetricSpec['external']>,
  namespace: string,
): Proposal {
  const { name, selector } = metric;
  const message =
    `unable to get external metric ${namespace}/${name}/${selectorText(selector)}: unable to fetch metrics from ` +
    `external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
  const what =
    target.averageValue === undefined
      ? `failed to get external metric ${name}`
      : `failed to get ${name} external metric`;
  return failed(
    'FailedGetExternalMetric',
    message,
    `failed to get ${name} external metric value: ${what}: ${message}`,
  );
}

/** A metric of the resource metrics API: of whole pods, or of one container of each. */
function used(
  view: View,
  resource: string,
  container: string | undefined,
  { averageValue, averageUtilization }: MetricTarget,
): Proposal {
  const measured: Measured = {
    ...view,
    resource,
    ...(container === undefined ? {} : { container }),
    reading: readingOf(view.answer, resource, container),
  };
  const isAverage = averageValue !== undefined;
  const calculation: Calculation = isAverage
    ? replicasForAverage(measured, milliUnits(averageValue))
    : replicasForUtilization(measured, averageUtilization ?? 0);
  if ('failure' in calculation) {
    const message = `failed to get ${resource} ${isAverage ? 'usage' : 'utilization'}: ${calculation.failure}`;
    return container === undefined
      ? failed(
          'FailedGetResourceMetric',
          message,
          `failed to get ${resource} resource metric value: ${message}`,
        )
      : failed(
          'FailedGetContainerResourceMetric',
          message,
          `failed to get ${resource} container metric value: ${message}`,
        );
  }
  const { replicas, average, utilization } = calculation;
  const current: MetricValueStatus = {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue: formatQuantity(quantityOf(average, -3)) as Quantity,
  };
  const whose = container === undefined ? 'resource' : 'container resource';
  const metric = isAverage
    ? `${resource} resource`
    : `${resource} ${whose} utilization (percentage of request)`;
  const status: MetricStatus =
    container === undefined
      ? { type: 'Resource', resource: { name: resource, current } }
      : {
          type: 'ContainerResource',
          containerResource: { name: resource, container, current },
        };
  return { replicas, metric, status };
}

/** How far a metric may be from its target, upwards and downwards. */
export function tolerancesOf(
  { behavior }: HorizontalPodAutoscalerSpec,
  { tolerance: fallback }: Settings,
): Tolerances {
  const share = (rules: HPAScalingRules | undefined): number => {
    const quantity =
      rules?.tolerance === undefined ? undefined : parseQuantity(String(rules.tolerance));
    return quantity ? Number(scaledValue(quantity, -9)) / 1e9 : fallback;
  };
  return { up: share(behavior?.scaleUp), down: share(behavior?.scaleDown) };
}
