import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import type { Lease } from '../../../generated/coordination/v1/types.ts';
import type { Node, NodeCondition, Taint } from '../../../generated/core/v1/types.ts';
import { formatMicroTime, formatTime } from '../../meta/index.ts';
import { type Settings, settingsOf } from './settings.ts';

/** Start of the grid in these tests. */
export const START = Date.UTC(2026, 0, 1);

export const at = (seconds: number): string => formatTime(START + seconds * 1000);

export function condition(
  type: string,
  status: NodeCondition['status'],
  heartbeat = 0,
): NodeCondition {
  return { type, status, lastHeartbeatTime: at(heartbeat), lastTransitionTime: at(0) };
}

export function nodeOf({
  conditions = [],
  taints = [],
  labels = {},
  unschedulable = false,
}: {
  conditions?: readonly NodeCondition[];
  taints?: readonly Taint[];
  labels?: Readonly<Record<string, string>>;
  unschedulable?: boolean;
} = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-0', uid: 'uid-0', creationTimestamp: at(0), labels },
    spec: {
      ...(taints.length > 0 ? { taints } : {}),
      ...(unschedulable ? { unschedulable } : {}),
    },
    status: { conditions },
  };
}

export function leaseAt(seconds: number): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'node-0', namespace: 'kube-node-lease' },
    spec: { renewTime: formatMicroTime(START + seconds * 1000) },
  } as Lease;
}

export function settings(controllerManager: object = {}): Settings {
  return settingsOf([{ spec: { controllerManager } } as unknown as Cluster]);
}
