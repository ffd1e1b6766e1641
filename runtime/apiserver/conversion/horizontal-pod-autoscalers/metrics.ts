import type * as v2 from '../../../../generated/autoscaling/v2/types.ts';
import type { Quantity } from '../../../../generated/autoscaling/v2/types.ts';

/** A metric as autoscaling/v1 has it in its annotations: the target's fields stand beside the name of what is measured. */
interface FlatMetric {
  readonly type: string;
  readonly object?: Flat;
  readonly pods?: Flat;
  readonly resource?: Flat;
  readonly containerResource?: Flat;
  readonly external?: Flat;
}

interface Flat {
  readonly name?: string;
  readonly container?: string;
  readonly target?: v2.CrossVersionObjectReference;
  readonly metricName?: string;
  readonly selector?: v2.MetricIdentifier['selector'];
  readonly metricSelector?: v2.MetricIdentifier['selector'];
  readonly averageValue?: Quantity;
  readonly targetValue?: Quantity;
  readonly targetAverageValue?: Quantity;
  readonly targetAverageUtilization?: number;
  readonly currentValue?: Quantity;
  readonly currentAverageValue?: Quantity;
  readonly currentAverageUtilization?: number;
}

const ZERO = '0';

/** Without the fields that have no value. */
function defined<T extends object>(fields: T): Flat {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

type Value = Pick<v2.MetricTarget, 'value' | 'averageValue' | 'averageUtilization'>;

/** Each kind of source, by the prefix that the fields of its value have: `target` for what is wanted, `current` for what is. */
function flat(source: v2.MetricSpec | v2.MetricStatus, prefix: 'target' | 'current'): FlatMetric {
  const { type, object, pods, resource, containerResource, external } = source;
  const amountOf = (each: object): Value =>
    prefix === 'target' ? (each as { target: Value }).target : (each as { current: Value }).current;
  const field = (
    name: 'Value' | 'AverageValue' | 'AverageUtilization',
    value: unknown,
  ): object => ({
    [prefix + name]: value,
  });
  const ofResource = (each: v2.ResourceMetricSource | v2.ResourceMetricStatus): Flat => {
    const { averageUtilization, averageValue } = amountOf(each);
    return defined({
      name: each.name,
      ...field('AverageUtilization', averageUtilization),
      ...field('AverageValue', averageValue),
    });
  };
  return {
    type,
    ...(object
      ? {
          object: defined({
            target: object.describedObject,
            metricName: object.metric.name,
            ...field('Value', amountOf(object).value ?? ZERO),
            selector: object.metric.selector,
            averageValue: amountOf(object).averageValue,
          }),
        }
      : {}),
    ...(pods
      ? {
          pods: defined({
            metricName: pods.metric.name,
            ...field('AverageValue', amountOf(pods).averageValue ?? ZERO),
            selector: pods.metric.selector,
          }),
        }
      : {}),
    ...(resource ? { resource: ofResource(resource) } : {}),
    ...(containerResource
      ? {
          containerResource: {
            ...ofResource(containerResource),
            container: containerResource.container,
          },
        }
      : {}),
    ...(external
      ? {
          external: defined({
            metricName: external.metric.name,
            metricSelector: external.metric.selector,
            ...field('Value', amountOf(external).value),
            ...field('AverageValue', amountOf(external).averageValue),
          }),
        }
      : {}),
  };
}

export const flatMetric = (metric: v2.MetricSpec): FlatMetric => flat(metric, 'target');
export const flatStatus = (metric: v2.MetricStatus): FlatMetric => flat(metric, 'current');

/** What is measured, and its value, of each source that is there. */
function nested<T extends object>(
  { type, object, pods, resource, containerResource, external }: FlatMetric,
  of: (value: Value) => T,
): object {
  const metricOf = ({ metricName = '', selector, metricSelector = selector }: Flat) => ({
    metric: { name: metricName, ...(metricSelector ? { selector: metricSelector } : {}) },
  });
  const values = (each: Flat): Value => {
    const value = each.targetValue ?? each.currentValue;
    const averageValue = each.averageValue ?? each.targetAverageValue ?? each.currentAverageValue;
    const averageUtilization = each.targetAverageUtilization ?? each.currentAverageUtilization;
    const isUnset = value === undefined || (value === ZERO && averageValue !== undefined);
    return {
      ...(isUnset ? {} : { value }),
      ...(averageValue === undefined ? {} : { averageValue }),
      ...(averageUtilization === undefined ? {} : { averageUtilization }),
    };
  };
  const measured = (each: Flat): object => ({ ...metricOf(each), ...of(values(each)) });
  const used = (each: Flat): object => ({ name: each.name ?? '', ...of(values(each)) });
  return {
    type,
    ...(object ? { object: { describedObject: object.target, ...measured(object) } } : {}),
    ...(pods ? { pods: measured(pods) } : {}),
    ...(resource ? { resource: used(resource) } : {}),
    ...(containerResource
      ? {
          containerResource: {
            ...used(containerResource),
            container: containerResource.container ?? '',
          },
        }
      : {}),
    ...(external ? { external: measured(external) } : {}),
  };
}

export function nestedMetric(metric: FlatMetric): v2.MetricSpec {
  return nested(metric, (value) => ({
    target: { type: typeOf(value), ...value },
  })) as v2.MetricSpec;
}

function typeOf({ value, averageUtilization }: Value): v2.MetricTarget['type'] {
  if (averageUtilization !== undefined) return 'Utilization';
  return value === undefined ? 'AverageValue' : 'Value';
}

export function nestedStatus(metric: FlatMetric): v2.MetricStatus {
  return nested(metric, (current) => ({ current })) as v2.MetricStatus;
}
