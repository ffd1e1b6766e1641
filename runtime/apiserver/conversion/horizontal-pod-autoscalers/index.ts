/**
 * HorizontalPodAutoscalers in autoscaling/v1: CPU is a number of its own there, and all else that v2 knows (other metrics,
 * their present values, conditions, behaviour) travels in annotations, as JSON. Clients of v1 that send the annotations back lose
 * nothing; stored objects have none of them.
 *
 * The annotations are Kubernetes' own, with the forms that it gives them: metrics look as they did in their alpha version
 * (`metrics.ts`), and the names in a behaviour begin with capital letters.
 */
import type * as v1 from '../../../../generated/autoscaling/v1/types.ts';
import type * as v2 from '../../../../generated/autoscaling/v2/types.ts';
import { badRequest, type KubeObject, type ObjectMeta } from '../../../meta/index.ts';
import type { FieldConversion } from '../conversion.ts';
import { flatMetric, flatStatus, nestedMetric, nestedStatus } from './metrics.ts';

const ANNOTATION = 'autoscaling.alpha.kubernetes.io/';
const CARRIED = ['metrics', 'current-metrics', 'conditions', 'behavior'] as const;

type Carried = Readonly<Partial<Record<(typeof CARRIED)[number], unknown>>>;

export const horizontalPodAutoscalers: FieldConversion = {
  fromStorage(object) {
    const { spec, status, ...rest } = object as KubeObject & v2.HorizontalPodAutoscaler;
    const { metrics = [], behavior, ...limits } = spec ?? {};
    const { currentMetrics = [], conditions, ...counts } = status ?? {};
    const cpu = metrics.find(isCpu)?.resource?.target.averageUtilization;
    const others = metrics.filter((each) => !(isCpu(each) && utilization(each) !== undefined));
    const carried = {
      ...(others.length > 0 ? { metrics: others.map(flatMetric) } : {}),
      ...(currentMetrics.length > 0 ? { 'current-metrics': currentMetrics.map(flatStatus) } : {}),
      ...(conditions?.length ? { conditions } : {}),
      ...(behavior ? { behavior: renamed(behavior, upper) } : {}),
    };
    const shown = {
      ...limits,
      ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu }),
    };
    return {
      ...rest,
      metadata: withAnnotations(rest.metadata, carried),
      ...(spec ? { spec: shown } : {}),
      ...(status
        ? { status: { currentReplicas: 0, ...counts, ...presentCpu(currentMetrics) } }
        : {}),
    } as KubeObject;
  },

  toStorage(object) {
    const { spec, status, ...rest } = object as KubeObject & v1.HorizontalPodAutoscaler;
    const { targetCPUUtilizationPercentage: cpu, ...limits } = spec ?? {};
    const { currentCPUUtilizationPercentage: present, ...counts } = status ?? {};
    const { metadata, carried } = withoutAnnotations(rest.metadata);
    const metrics = [
      ...(cpu === undefined ? [] : [cpuMetric(cpu)]),
      ...list(carried.metrics, nestedMetric),
    ];
    const seen = carried['current-metrics']
      ? list(carried['current-metrics'], nestedStatus)
      : present === undefined
        ? []
        : [cpuStatus(present)];
    const { behavior, conditions } = carried;
    const stored = {
      ...limits,
      ...(metrics.length > 0 ? { metrics } : {}),
      ...(behavior ? { behavior: renamed(behavior, lower) } : {}),
    };
    const observed = {
      ...counts,
      ...(seen.length > 0 ? { currentMetrics: seen } : {}),
      ...(conditions ? { conditions } : {}),
    };
    return {
      ...rest,
      metadata,
      ...(spec ? { spec: stored } : {}),
      ...(status ? { status: observed } : {}),
    } as KubeObject;
  },
};

const isCpu = ({ type, resource }: v2.MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu';

const utilization = ({ resource }: v2.MetricSpec): number | undefined =>
  resource?.target.averageUtilization;

const cpuMetric = (averageUtilization: number): v2.MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

const cpuStatus = (averageUtilization: number): v2.MetricStatus => ({
  type: 'Resource',
  resource: { name: 'cpu', current: { averageUtilization } },
});

function presentCpu(metrics: readonly v2.MetricStatus[]): object {
  const used = metrics.findLast(
    ({ type, resource }) =>
      type === 'Resource' &&
      resource?.name === 'cpu' &&
      resource.current.averageUtilization !== undefined,
  )?.resource?.current.averageUtilization;
  return used === undefined ? {} : { currentCPUUtilizationPercentage: used };
}

function withAnnotations(metadata: ObjectMeta, carried: Carried): ObjectMeta {
  const entries = Object.entries(carried).map(([name, value]) => [
    ANNOTATION + name,
    JSON.stringify(value),
  ]);
  if (entries.length === 0) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, ...Object.fromEntries(entries) } };
}

function withoutAnnotations(metadata: ObjectMeta): { metadata: ObjectMeta; carried: Carried } {
  const present = CARRIED.filter((name) => metadata.annotations?.[ANNOTATION + name] !== undefined);
  if (present.length === 0) return { metadata, carried: {} };
  const { annotations: all = {}, ...kept } = metadata;
  const carried = present.map((name) => [name, parsed(ANNOTATION + name, all[ANNOTATION + name]!)]);
  const dropped = new Set(present.map((name) => ANNOTATION + name));
  const annotations = Object.entries(all).filter(([name]) => !dropped.has(name));
  const rest = annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {};
  return { metadata: { ...kept, ...rest }, carried: Object.fromEntries(carried) };
}

function parsed(annotation: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`the annotation ${annotation} is not the JSON that it must be`);
  }
}

function list<T>(value: unknown, item: (each: never) => T): T[] {
  return Array.isArray(value) ? value.map((each) => item(each as never)) : [];
}

const upper = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const lower = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

/** With every field renamed, at every depth; nulls are left out. */
function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([name, each]) => [rename(name), renamed(each, rename)]));
}
