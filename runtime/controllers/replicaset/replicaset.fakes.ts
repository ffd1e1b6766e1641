import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import { formatTime } from '../../meta/index.ts';

export const NOW = VIRTUAL_EPOCH_MS + 3_600_000;

export interface PodShape {
  readonly name: string;
  readonly node?: string;
  readonly phase?: NonNullable<Pod['status']>['phase'];
  /** Seconds before `NOW`; absent: not ready. */
  readonly readyFor?: number;
  readonly age?: number;
  readonly restarts?: number;
  readonly sidecarRestarts?: number;
  readonly cost?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A pod as a kubelet would have reported it. Running and assigned unless told otherwise. */
export function podOf(shape: PodShape): Pod {
  const { name, node = 'a', phase = 'Running', readyFor, age = 600, uid = name } = shape;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid,
      creationTimestamp: secondsAgo(age),
      labels: shape.labels ?? { app: 'web' },
      ...(shape.cost === undefined
        ? {}
        : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': shape.cost } }),
    },
    spec: {
      containers: [{ name: 'c', image: 'app:1' }],
      initContainers: [{ name: 's', image: 'side:1', restartPolicy: 'Always' }],
      ...(node ? { nodeName: node } : {}),
    },
    status: {
      phase,
      conditions: [
        readyFor === undefined
          ? { type: 'Ready', status: 'False' }
          : { type: 'Ready', status: 'True', lastTransitionTime: secondsAgo(readyFor) },
      ],
      containerStatuses: [statusOf('c', shape.restarts)],
      initContainerStatuses: [statusOf('s', shape.sidecarRestarts)],
    },
  };
}

export function replicaSetOf(
  replicas: number,
  spec: Partial<NonNullable<ReplicaSet['spec']>> = {},
): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', generation: 2 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web', tier: 'front' }, finalizers: ['example.com/f'] },
        spec: { containers: [{ name: 'c', image: 'app:1' }] },
      },
      ...spec,
    },
  };
}

function statusOf(name: string, restartCount = 0) {
  return { name, image: 'app:1', imageID: '', ready: true, restartCount } as const;
}

function secondsAgo(seconds: number): string {
  return formatTime(NOW - seconds * 1000);
}
