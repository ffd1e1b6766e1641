import type {
  NodeMetrics,
  PodMetrics,
  Quantity,
} from '../../../generated/metrics/v1beta1/types.ts';
import { formatQuantity, formatTime, type KubeObject, quantityOf } from '../../meta/index.ts';
import type { Strategy } from './strategy.ts';

const NANO = -9;

/** NodeMetrics: what each node was last measured to use. A node that has not been measured has none. */
export const nodeMetrics: Strategy<NodeMetrics & KubeObject> = {
  derived: {
    of: 'nodes',
    called: 'nodemetrics',
    from(context) {
      const meter = context.nodes.meter();
      return (node) => {
        const reading = meter.node(node);
        if (!reading) return undefined;
        return {
          ...headOf('NodeMetrics', node, context.now()),
          ...measured(reading),
          usage: usageOf(reading),
        };
      };
    },
  },
};

/** PodMetrics: what the running containers of each pod were last measured to use. */
export const podMetrics: Strategy<PodMetrics & KubeObject> = {
  derived: {
    of: 'pods',
    called: 'podmetrics',
    from(context) {
      const meter = context.nodes.meter();
      return (pod) => {
        const reading = meter.pod(pod);
        if (!reading) return undefined;
        return {
          ...headOf('PodMetrics', pod, context.now()),
          ...measured(reading),
          containers: reading.containers.map(({ name, ...each }) => ({
            name,
            usage: usageOf(each),
          })),
        };
      };
    },
  },
};

/** What metrics take over from what they are about. They are made when they are read. */
function headOf<K extends string>(kind: K, { metadata }: KubeObject, nowMs: number) {
  const { name = '', namespace, labels } = metadata;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      creationTimestamp: formatTime(nowMs),
      ...(labels ? { labels } : {}),
    },
  } as const;
}

function measured({ atMs, windowMs }: { readonly atMs: number; readonly windowMs: number }) {
  return { timestamp: formatTime(atMs), window: durationText(windowMs) };
}

/** A duration as Go writes it: `15s`, `14.25s`, `1m0s`. */
function durationText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes % 60}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function usageOf({ cpuNanos, memoryBytes }: { cpuNanos: number; memoryBytes: number }) {
  return {
    cpu: formatQuantity(quantityOf(cpuNanos, NANO)) as Quantity,
    memory: formatQuantity(quantityOf(memoryBytes, 0, 'BinarySI')) as Quantity,
  };
}
