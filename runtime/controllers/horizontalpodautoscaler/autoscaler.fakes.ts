import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
} from '../../../generated/autoscaling/v2/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { PodMetrics } from '../../../generated/metrics/v1beta1/types.ts';
import { formatTime } from '../../meta/index.ts';
import { settingsOf } from './settings.ts';

export const NOW = Date.UTC(2026, 0, 1, 12);
export const SETTINGS = settingsOf([]);

export interface FakePod {
  readonly phase?: 'Running' | 'Pending' | 'Failed';
  readonly ready?: boolean;
  /** Seconds before now. */
  readonly startedAgo?: number;
  readonly readyChangedAgo?: number;
  readonly deleted?: boolean;
  /** Requests of its containers, `cpu`; absent: none. */
  readonly requests?: readonly (string | undefined)[];
}

const ago = (seconds: number): string => formatTime(NOW - seconds * 1000);

/** A pod that has run for an hour, ready, with one container that requests one processor. */
export function fakePod(name: string, given: FakePod = {}): Pod {
  const { phase = 'Running', ready = true, startedAgo = 3600, deleted = false } = given;
  const { readyChangedAgo = startedAgo - 5, requests = ['1'] } = given;
  return {
    metadata: { name, labels: { app: 'web' }, ...(deleted ? { deletionTimestamp: ago(1) } : {}) },
    spec: {
      containers: requests.map((cpu, at) => ({
        name: `c${at}`,
        image: 'i',
        ...(cpu === undefined ? {} : { resources: { requests: { cpu } } }),
      })),
    },
    status: {
      phase,
      startTime: ago(startedAgo),
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          lastTransitionTime: ago(readyChangedAgo),
        },
      ],
    },
  } as unknown as Pod;
}

/** Metrics of a pod, measured 5 seconds ago over 15: what each container uses of cpu. */
export function fakeMetrics(name: string, ...cpu: readonly string[]): PodMetrics {
  return {
    metadata: { name, namespace: 'ns' },
    timestamp: ago(5),
    window: '15s',
    containers: cpu.map((amount, at) => ({ name: `c${at}`, usage: { cpu: amount } })),
  } as unknown as PodMetrics;
}

export const CPU_50 = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
} as const;

export function fakeAutoscaler(
  spec: Partial<HorizontalPodAutoscalerSpec> = {},
): HorizontalPodAutoscaler {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'ns' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 10,
      metrics: [CPU_50],
      ...spec,
    },
  } as HorizontalPodAutoscaler;
}
