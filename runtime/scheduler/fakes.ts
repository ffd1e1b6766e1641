import type { Node, Pod, PodSpec, Quantity } from '../../generated/core/v1/types.ts';
import type { PodRecord } from './node-info.ts';
import { shapeOf } from './pod-shape.ts';

/** Objects for tests, with what a test does not state filled in. */

interface NodeOptions {
  readonly cpu?: Quantity;
  readonly memory?: Quantity;
  readonly pods?: Quantity;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NonNullable<Node['spec']>['taints'];
  readonly unschedulable?: boolean;
  readonly extra?: Readonly<Record<string, Quantity>>;
}

export function aNode(name: string, options: NodeOptions = {}): Node {
  const { cpu = '4', memory = '32Gi', pods = '110', zone, labels, taints, unschedulable } = options;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
        ...labels,
      },
    },
    spec: { ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
    status: { allocatable: { cpu, memory, pods, ...options.extra } },
  };
}

interface PodOptions extends Partial<PodSpec> {
  readonly requests?: Readonly<Record<string, Quantity>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

export function aPod(name: string, options: PodOptions = {}): Pod {
  const { requests, labels, namespace = 'default', ...spec } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: `uid-${name}`, ...(labels ? { labels } : {}) },
    spec: {
      containers: [
        { name: 'main', image: 'app', ...(requests ? { resources: { requests } } : {}) },
      ],
      ...spec,
    },
  };
}

export function recordOf(pod: Pod): PodRecord {
  const { name, namespace, uid = '', deletionTimestamp } = pod.metadata;
  return {
    key: `${namespace}/${name}`,
    uid,
    shape: shapeOf(pod),
    pod,
    terminating: deletionTimestamp !== undefined,
  };
}
