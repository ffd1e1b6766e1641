import { nodes, pods, services } from '../../../../generated/core/v1/resources.ts';
import type { Quantity } from '../../../../generated/core/v1/types.ts';
import type { Cluster } from '../../../cluster/index.ts';
import { LIGHT, lowPriority, PREEMPTOR, requests } from './pods.ts';
import { addNode, FIVE_THOUSAND, type Fleet, NEW, OLD, plain } from './setting.ts';
import type { Workload } from './workload.ts';

const LARGE_NODE = 'scheduler-perf-node';
const perf = { app: 'scheduler-perf' };

/** One node that takes them all, and others that none of them may go to. */
function oneLarge(others: number): Fleet {
  return {
    count: others + 1,
    async make(cluster) {
      await addNode(cluster, { name: LARGE_NODE, size: { pods: '90000' } });
      await plain(others).make(cluster);
    },
  };
}

const ONE_LARGE = oneLarge(0);

const extended = (at: number): Record<string, Quantity> => ({ [`foo.com/bar-${at}`]: '1' });

/** Every node has a resource of its own. */
const EXTENDED: Fleet = {
  count: 5000,
  async make(cluster) {
    for (let at = 0; at < 5000; at++)
      await addNode(cluster, { name: `extended-${at}`, size: extended(at) });
  },
};

/** Disturbances a second upstream, for the seconds that the floor allows for the pods. */
const timesFor = (aSecond: number, podCount: number, floor: number): number =>
  Math.round((aSecond * podCount) / floor);

const deleteOld =
  (prefix: string) =>
  async ({ client }: Cluster, at: number): Promise<void> =>
    client.delete(pods, { name: `${prefix}-${at}`, namespace: OLD[0]! });

/** A node without room, a pod that fits nowhere and a service come, and those of the last time go. */
async function churn(cluster: Cluster, at: number): Promise<void> {
  const { client } = cluster;
  const [namespace] = OLD as [string];
  if (at > 0) {
    const name = `churn-${at - 1}`;
    await client.delete(nodes, { name });
    await client.delete(pods, { name, namespace }, { gracePeriodSeconds: 0 });
    await client.delete(services, { name, namespace });
  }
  const name = `churn-${at}`;
  await addNode(cluster, { name, size: { pods: '0' } });
  await client.create(pods, {
    metadata: { name, namespace },
    spec: { containers: requests('9'), priority: 10 },
  });
  await client.create(services, {
    metadata: { name, namespace },
    spec: { selector: { app: 'foo' }, ports: [{ protocol: 'TCP', port: 8080, targetPort: 8080 }] },
  });
}

export const MISC: readonly Workload[] = [
  {
    name: 'Basic',
    fleet: FIVE_THOUSAND,
    floor: 680,
    before: [{ count: 1000, namespaces: OLD }],
    measured: { count: 10_000, namespaces: NEW },
  },
  {
    name: 'Basic50000Pods',
    fleet: FIVE_THOUSAND,
    floor: 810,
    before: [{ count: 5000, namespaces: OLD }],
    measured: { count: 50_000, namespaces: NEW },
  },
  {
    name: 'Daemonset',
    fleet: oneLarge(15_000),
    floor: 1100,
    before: [],
    measured: {
      count: 30_000,
      namespaces: NEW,
      spec: {
        ...LIGHT,
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchFields: [{ key: 'metadata.name', operator: 'In', values: [LARGE_NODE] }],
                },
              ],
            },
          },
        },
      },
    },
  },
  {
    name: 'MixedChurn',
    fleet: FIVE_THOUSAND,
    floor: 710,
    before: [],
    measured: { count: 10_000, namespaces: NEW },
    during: { times: timesFor(1, 10_000, 710), happen: churn },
  },
  {
    name: 'WhileGated',
    fleet: ONE_LARGE,
    floor: 910,
    before: [
      {
        count: 10_000,
        namespaces: NEW,
        spec: { ...LIGHT, schedulingGates: [{ name: 'scheduling-gate-1' }] },
      },
      { count: 20_000, namespaces: OLD, spec: LIGHT },
    ],
    measured: { count: 20_000, namespaces: NEW, spec: LIGHT },
    during: { times: timesFor(50, 20_000, 910), happen: deleteOld('before-1') },
  },
  {
    name: 'DeletedPodsWithFinalizers',
    fleet: FIVE_THOUSAND,
    floor: 830,
    before: [],
    besides: {
      count: 5000,
      namespaces: OLD,
      finalizers: ['scheduler-perf/finalizer'],
      spec: LIGHT,
    },
    measured: { count: 5000, namespaces: NEW, spec: LIGHT },
    during: { times: timesFor(100, 5000, 830), happen: deleteOld('besides') },
  },
  {
    name: 'GatedPodsWithPodAffinity',
    fleet: ONE_LARGE,
    floor: 110,
    before: [
      {
        count: 10_000,
        namespaces: NEW,
        labels: perf,
        spec: {
          ...LIGHT,
          affinity: {
            podAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: perf }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
          schedulingGates: [{ name: 'scheduling-gate-1' }],
        },
      },
    ],
    // They match the term of all that wait for their gate.
    measured: { count: 20_000, namespaces: NEW, labels: perf, spec: LIGHT },
  },
  {
    name: 'ExtendedResource',
    fleet: EXTENDED,
    floor: 180,
    before: [],
    measured: {
      count: 5000,
      namespaces: NEW,
      specOf: (_, at) => ({
        containers: [
          {
            name: 'main',
            image: 'registry.k8s.io/pause:3.10',
            resources: { requests: extended(at), limits: extended(at) },
          },
        ],
      }),
    },
  },
  {
    name: 'Unschedulable',
    fleet: FIVE_THOUSAND,
    floor: 590,
    before: [{ count: 200, namespaces: OLD, spec: { containers: requests('9') } }],
    measured: { count: 10_000, namespaces: NEW },
  },
  {
    name: 'PreemptionAsync',
    fleet: FIVE_THOUSAND,
    floor: 570,
    before: [lowPriority(20_000)],
    measured: { count: 5000, namespaces: NEW },
    besides: { count: timesFor(5, 5000, 570), ...PREEMPTOR, namespaces: OLD },
  },
  {
    name: 'PreemptionBasic',
    fleet: FIVE_THOUSAND,
    // Upstream's, for 500 nodes; it gave up this size.
    floor: 18,
    before: [lowPriority(20_000)],
    measured: { count: 1000, ...PREEMPTOR },
  },
];
