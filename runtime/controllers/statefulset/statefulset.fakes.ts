import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import { formatTime, ownerReference } from '../../meta/index.ts';
import type { StatefulSetState } from './members.ts';

export const NOW = VIRTUAL_EPOCH_MS + 3_600_000;
const template = { spec: { containers: [{ name: 'c', image: 'app:1' }] } };

export function setOf(replicas: number, spec: Partial<NonNullable<StatefulSet['spec']>> = {}) {
  const set: StatefulSet = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop', uid: 'uid-db', generation: 1 },
    spec: { replicas, selector: { matchLabels: { app: 'db' } }, template, ...spec },
  };
  return set;
}

interface PodShape {
  readonly revision?: string;
  /** Running and ready unless told otherwise. */
  readonly is?: 'ready' | 'broken' | 'pending' | 'leaving' | 'failed';
}

export function podOf(ordinal: number, { revision = 'old', is = 'ready' }: PodShape = {}): Pod {
  const name = `db-${ordinal}`;
  const labels = {
    app: 'db',
    'statefulset.kubernetes.io/pod-name': name,
    'controller-revision-hash': revision,
  };
  const phase = is === 'failed' ? 'Failed' : is === 'pending' ? 'Pending' : 'Running';
  const isReady = is === 'ready' || is === 'leaving';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      labels,
      ownerReferences: [ownerReference(setOf(0))],
      ...(is === 'leaving' ? { deletionTimestamp: formatTime(NOW) } : {}),
    },
    spec: { containers: template.spec.containers },
    status: {
      phase,
      conditions: [
        {
          type: 'Ready',
          status: isReady ? 'True' : 'False',
          lastTransitionTime: formatTime(NOW - 60_000),
        },
      ],
    },
  };
}

export function stateOf(set: StatefulSet, pods: readonly Pod[]): StatefulSetState {
  const revisions = { current: { name: 'old', template }, update: { name: 'new', template } };
  return { set, pods, ...revisions, nowMs: NOW };
}
