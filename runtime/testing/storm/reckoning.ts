import {
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../../../generated/apps/v1/index.ts';
import { Job } from '../../../generated/batch/v1/index.ts';
import { Node, Pod, ResourceQuota, Service } from '../../../generated/core/v1/index.ts';
import { EndpointSlice } from '../../../generated/discovery/v1/index.ts';
import { PodDisruptionBudget } from '../../../generated/policy/v1/index.ts';
import { controllerOf, type KubeObject } from '../../meta/index.ts';
import type { TestCluster } from '../index.ts';

/** Where a cluster stands, without names that are random, times, restarts, or who is where: one line a thing, sorted. */
export type Reckoning = readonly string[];

type Condition = { readonly type?: string; readonly status?: string };

/**
 * Pods of Jobs are left out: how many tries a Job needs is the weather's. What it did is in its own status. So are evicted pods,
 * which stay for people to look at after others have taken their places.
 */
export function reckoning(cluster: TestCluster): Reckoning {
  return [
    ...podLines(cluster),
    ...workloadLines(cluster),
    ...cluster.list(Node).map((node) => {
      const taints = (node.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();
      return line('node', node, trueOf(node.status?.conditions), taints);
    }),
    ...cluster
      .list(Service)
      .map((service) => line('service', service, ready(cluster, service as KubeObject))),
    ...cluster.list(PodDisruptionBudget).map((each) => {
      const {
        conditions: _,
        disruptedPods = {},
        observedGeneration,
        ...status
      } = each.status ?? {};
      const isCurrent = observedGeneration === each.metadata.generation;
      return line('budget', each, status, Object.keys(disruptedPods).length, isCurrent);
    }),
    ...cluster.list(ResourceQuota).map((each) => line('quota', each, each.status?.used)),
    ...others(cluster),
  ].sort();
}

function workloadLines(cluster: TestCluster): string[] {
  return [
    ...cluster.list(Deployment).map((each) => line('deployment', each, countsOf(each))),
    ...cluster.list(ReplicaSet).map((each) => line('replicaset', each, countsOf(each))),
    ...cluster.list(StatefulSet).map((each) => line('statefulset', each, countsOf(each))),
    ...cluster.list(DaemonSet).map((each) => line('daemonset', each, countsOf(each))),
    ...cluster.list(Job).map((each) => {
      const { succeeded, active = 0, conditions } = each.status ?? {};
      return line('job', each, { succeeded, active }, trueOf(conditions));
    }),
  ];
}

function podLines(cluster: TestCluster): string[] {
  return cluster.list(Pod).flatMap((pod) => {
    const owner = controllerOf(pod as KubeObject);
    if (owner?.kind === 'Job' || pod.status?.reason === 'Evicted') return [];
    const isOwned = owner !== undefined;
    const { phase, conditions } = pod.status ?? {};
    const going = pod.metadata.deletionTimestamp !== undefined;
    return [
      `pod of ${isOwned ? `${owner?.kind} ${owner?.name}` : 'nobody'} ${JSON.stringify([phase, trueOf(conditions), going])}`,
    ];
  });
}

/** Numbers of a workload's status, and whether it is up to date. */
function countsOf({ status, metadata }: { readonly status?: unknown; readonly metadata: object }) {
  const entries = Object.entries((status ?? {}) as Record<string, unknown>)
    .filter(
      ([name, value]) =>
        typeof value === 'number' && /[rR]eplicas|number/.test(name) && value !== 0,
    )
    .sort();
  const { generation } = metadata as { generation?: number };
  const { observedGeneration } = (status ?? {}) as { observedGeneration?: number };
  return { ...Object.fromEntries(entries), isCurrent: generation === observedGeneration };
}

function ready(cluster: TestCluster, { metadata }: KubeObject): number {
  return cluster
    .list(EndpointSlice, { labels: { 'kubernetes.io/service-name': metadata.name ?? '' } })
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
}

function trueOf(conditions: readonly Condition[] | undefined): string[] {
  const on = (conditions ?? []).filter(({ status }) => status === 'True');
  return on
    .map(({ type = '' }) => type)
    .filter((type) => type !== 'DisruptionTarget')
    .sort();
}

const TOLD: ReadonlySet<string> = new Set(['Event', 'Pod', 'ControllerRevision', 'Lease']);

/** How many there are of every kind. */
function others(cluster: TestCluster): string[] {
  const counts = new Map<string, number>();
  for (const { kind = '' } of cluster.cluster.objects())
    if (!TOLD.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} of ${kind}`);
}

function line(
  what: string,
  { metadata }: { readonly metadata: { readonly name?: string } },
  ...said: unknown[]
): string {
  return `${what} ${metadata.name} ${said.map((each) => JSON.stringify(each)).join(' ')}`;
}
