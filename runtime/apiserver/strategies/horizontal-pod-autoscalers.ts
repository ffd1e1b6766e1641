import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricSpec,
  MetricTarget,
  Quantity,
} from '../../../generated/autoscaling/v2/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { amount } from './pod-spec/index.ts';
import { forbidden, invalid, notSupported, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredAutoscaler = HorizontalPodAutoscaler & KubeObject;

/** HorizontalPodAutoscalers: each direction has defaults of its own, and each metric exactly the target that its source takes. */
export const horizontalPodAutoscalers: Strategy<StoredAutoscaler> = {
  prepareCreate: complete,
  prepareUpdate: complete,
  validate({ spec }, old) {
    if (!spec || spec === old?.spec) return [];
    const { metrics = [], behavior = {} } = spec;
    const { scaleDown, scaleUp } = behavior;
    return [
      ...targetVersionProblems(spec.scaleTargetRef, old?.spec?.scaleTargetRef),
      ...metrics.flatMap((metric, at) => metricProblems(metric, `spec.metrics[${at}]`)),
      ...toleranceProblems(scaleUp, 'spec.behavior.scaleUp'),
      ...toleranceProblems(scaleDown, 'spec.behavior.scaleDown'),
    ];
  },
};

const FULL = { type: 'Percent', value: 100, periodSeconds: 15 } as const;
const DOWN: HPAScalingRules = { selectPolicy: 'Max', policies: [FULL] };
const UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, FULL],
};

/** A behaviour that says something says all of it. */
function complete(autoscaler: StoredAutoscaler): StoredAutoscaler {
  const { behavior, metrics } = autoscaler.spec ?? {};
  if (metrics?.length === 0) return complete(withoutMetrics(autoscaler));
  if (!behavior) return autoscaler;
  const scaleUp = { ...UP, ...behavior.scaleUp };
  const scaleDown = { ...DOWN, ...behavior.scaleDown };
  return { ...autoscaler, spec: { ...autoscaler.spec, behavior: { scaleUp, scaleDown } } };
}

/** An empty list is as good as none: the default takes its place. */
function withoutMetrics(autoscaler: StoredAutoscaler): StoredAutoscaler {
  const { metrics: _, ...spec } = autoscaler.spec!;
  return { ...autoscaler, spec };
}

/** What is scaled is of an API group, unless it is the one scalable kind that is of none. */
function targetVersionProblems(
  { apiVersion = '', kind }: CrossVersionObjectReference,
  old: CrossVersionObjectReference | undefined,
): Problem[] {
  if (old?.kind === kind && (old.apiVersion ?? '') === apiVersion) return [];
  const field = 'spec.scaleTargetRef.apiVersion';
  const slashes = apiVersion.split('/').length - 1;
  if (slashes > 1)
    return [invalid(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const hasGroup = slashes === 1 && !apiVersion.startsWith('/');
  return hasGroup || kind === 'ReplicationController'
    ? []
    : [invalid(field, apiVersion, 'apiVersion must specify API group')];
}

function toleranceProblems({ tolerance }: HPAScalingRules = {}, path: string): Problem[] {
  return tolerance !== undefined && amount(tolerance).nanos < 0n
    ? [invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to zero')]
    : [];
}

/** Source types, with the field that each fills. */
const SOURCES = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const satisfies Record<MetricSpec['type'], string>;

/** In the order in which upstream looks: the first that is there is checked. */
const LOOKED_AT = ['object', 'pods', 'resource', 'external', 'containerResource'] as const;

function metricProblems(metric: MetricSpec, path: string): Problem[] {
  const expected = SOURCES[metric.type] as (typeof LOOKED_AT)[number] | undefined;
  const present = LOOKED_AT.filter((source) => metric[source] !== undefined);
  const [first] = present;
  const others = present.length === 1 ? [] : present.filter((source) => source !== expected);
  return [
    ...(metric.type ? [] : [notSupported(`${path}.type`, '', Object.keys(SOURCES).sort())]),
    ...(first ? sourceProblems(metric, first, `${path}.${first}`) : []),
    ...(expected && !metric[expected]
      ? [required(`${path}.${expected}`, 'must populate information for the given metric source')]
      : []),
    ...others.map((source) =>
      forbidden(`${path}.${source}`, 'must populate the given metric source only'),
    ),
  ];
}

type Source = (typeof LOOKED_AT)[number];

function sourceProblems(metric: MetricSpec, source: Source, path: string): Problem[] {
  const { target } = metric[source]!;
  return [
    ...targetProblems(target, `${path}.target`),
    ...VALUE_RULES[source](target, `${path}.target`),
  ];
}

function targetProblems({ type, value, averageValue }: MetricTarget, path: string): Problem[] {
  const positive = (field: string, quantity: Quantity | undefined): Problem[] =>
    quantity !== undefined && amount(quantity).nanos <= 0n
      ? [invalid(`${path}.${field}`, quantity, 'must be positive')]
      : [];
  return [
    ...(type
      ? []
      : [invalid(`${path}.type`, '', 'must be either Utilization, Value, or AverageValue')]),
    ...positive('value', value),
    ...positive('averageValue', averageValue),
  ];
}

type ValueRule = (target: MetricTarget, path: string) => Problem[];

const eitherValue: ValueRule = ({ value, averageValue }, path) =>
  value === undefined && averageValue === undefined
    ? [
        required(
          `${path}.averageValue`,
          'must set either a target value for metric or a per-pod target',
        ),
      ]
    : [];

const eitherUse: ValueRule = ({ averageUtilization, averageValue }, path) => {
  if (averageUtilization === undefined && averageValue === undefined)
    return [
      required(
        `${path}.averageUtilization`,
        'must set either a target raw value or a target utilization',
      ),
    ];
  return averageUtilization !== undefined && averageValue !== undefined
    ? [
        forbidden(
          `${path}.averageValue`,
          'may not set both a target raw value and a target utilization',
        ),
      ]
    : [];
};

const VALUE_RULES: Readonly<Record<Source, ValueRule>> = {
  object: eitherValue,
  external(target, path) {
    const isBoth = target.value !== undefined && target.averageValue !== undefined;
    const problem = forbidden(
      `${path}.value`,
      'may not set both a target value for metric and a per-pod target',
    );
    return [...eitherValue(target, path), ...(isBoth ? [problem] : [])];
  },
  pods: ({ averageValue }, path) =>
    averageValue === undefined || amount(averageValue).nanos <= 0n
      ? [required(`${path}.averageValue`, 'must specify a positive target averageValue')]
      : [],
  resource: eitherUse,
  containerResource: eitherUse,
};
