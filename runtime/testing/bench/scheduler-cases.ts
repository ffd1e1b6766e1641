import { namespaces, pods } from '../../../generated/core/v1/resources.ts';
import type { Pod, PodSpec, Quantity } from '../../../generated/core/v1/types.ts';
import { stopwatch } from '../../base/index.ts';
import { type Cluster, createCluster } from '../../cluster/index.ts';
import { type Case, type Figure, figure } from './figure.ts';
import { addNodes } from './fixtures.ts';

/** Pods of one kind. */
interface Pods {
  readonly count: number;
  /** Namespaces that they are spread over. */
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
}

/** A workload of kube-scheduler's own benchmark, and the pods a second that upstream demands of it. */
interface Workload {
  readonly name: string;
  readonly nodes: number;
  readonly floor: number;
  readonly before: readonly Pods[];
  readonly measured: Pods;
  /** Come at the same time and are not counted. */
  readonly besides?: Pods;
}

/** Ours must reach this many times upstream's floor, in process. */
const TIMES = 3;
const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
const OLD = ['sched-0'];
const NEW = ['sched-1'];
const BOTH = [...OLD, ...NEW];
const TEAMS = Array.from({ length: 100 }, (_, at) => `team-${at}`);

const requests = (cpu: Quantity, memory: Quantity = '500Mi'): PodSpec['containers'] => [
  { name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu, memory } } },
];

const selects = (color: string) => ({ matchLabels: { color } });
const near = (color: string, topologyKey: string) => ({
  labelSelector: selects(color),
  topologyKey,
  namespaces: BOTH,
});
const nearTeams = (color: string, topologyKey: string) => ({
  labelSelector: selects(color),
  topologyKey,
  namespaceSelector: { matchLabels: { team: 'devops' } },
});
type Term = ReturnType<typeof near> | ReturnType<typeof nearTeams>;

const required = (term: Term) => ({ requiredDuringSchedulingIgnoredDuringExecution: [term] });
const preferred = (term: Term) => ({
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
});
const affine = (podAffinity: object): Partial<PodSpec> => ({ affinity: { podAffinity } });
const averse = (podAntiAffinity: object): Partial<PodSpec> => ({ affinity: { podAntiAffinity } });

/** Pods of the same kind before and while it is measured. */
function same(
  name: string,
  floor: number,
  [before, measured]: readonly [number, number],
  labels: Readonly<Record<string, string>>,
  spec: Partial<PodSpec>,
): Workload {
  return {
    name,
    nodes: 5000,
    floor,
    before: [{ count: before, namespaces: OLD, labels, spec }],
    measured: { count: measured, namespaces: NEW, labels, spec },
  };
}

function overTeams(
  name: string,
  floor: number,
  nodes: number,
  [each, measured]: readonly [number, number],
  spec: Partial<PodSpec>,
): Workload {
  const labels = { color: 'green' };
  return {
    name,
    nodes,
    floor,
    before: [{ count: each * TEAMS.length, namespaces: TEAMS, labels, spec }],
    measured: { count: measured, namespaces: NEW, labels, spec },
  };
}

const spread = (whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector: selects('blue') },
  ],
});

const inZones: Partial<PodSpec> = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: ZONE, operator: 'In', values: ['a', 'b'] }] },
        ],
      },
    },
  },
};

const green = { color: 'green' };
const red = { color: 'red' };
const blue = { color: 'blue' };

/** Four a node leave no room for a preemptor. */
const LOW_PRIORITY: Pods = {
  count: 20_000,
  namespaces: OLD,
  spec: { containers: requests('900m'), terminationGracePeriodSeconds: 0 },
};
const PREEMPTOR: Omit<Pods, 'count'> = {
  namespaces: NEW,
  spec: { containers: requests('3'), priority: 10 },
};

const WORKLOADS: readonly Workload[] = [
  same('NodeAffinity', 220, [5000, 10_000], {}, inZones),
  same('TopologySpreading', 460, [5000, 5000], blue, spread('DoNotSchedule')),
  same('PreferredTopologySpreading', 340, [5000, 5000], blue, spread('ScheduleAnyway')),
  same('PodAntiAffinity', 60, [1000, 2000], green, averse(required(near('green', HOSTNAME)))),
  same('PodAffinity', 35, [5000, 5000], blue, affine(required(near('blue', ZONE)))),
  same('PreferredPodAffinity', 90, [5000, 5000], red, affine(preferred(near('red', HOSTNAME)))),
  same('PreferredPodAntiAffinity', 90, [5000, 5000], red, averse(preferred(near('red', HOSTNAME)))),
  {
    name: 'PodMatchingAntiAffinity',
    nodes: 5000,
    floor: 595,
    before: [
      {
        count: 1000,
        namespaces: OLD,
        labels: green,
        spec: averse(required(near('green', HOSTNAME))),
      },
    ],
    measured: { count: 5000, namespaces: NEW, labels: green },
  },
  overTeams('RequiredPodAntiAffinityWithNSSelector', 24, 6000, [40, 2000], {
    ...averse(required(nearTeams('green', HOSTNAME))),
  }),
  overTeams('PreferredAntiAffinityWithNSSelector', 55, 5000, [40, 2000], {
    ...averse(preferred(nearTeams('green', HOSTNAME))),
  }),
  overTeams('RequiredPodAffinityWithNSSelector', 35, 5000, [50, 2000], {
    ...affine(required(nearTeams('green', ZONE))),
  }),
  overTeams('PreferredAffinityWithNSSelector', 90, 5000, [50, 5000], {
    ...affine(preferred(nearTeams('green', HOSTNAME))),
  }),
  {
    name: 'MixedSchedulingBasePod',
    nodes: 5000,
    floor: 140,
    before: [
      { count: 2000, namespaces: OLD, labels: blue, spec: affine(required(near('blue', ZONE))) },
      {
        count: 2000,
        namespaces: OLD,
        labels: green,
        spec: averse(required(near('green', HOSTNAME))),
      },
      { count: 2000, namespaces: OLD, labels: red, spec: affine(preferred(near('red', HOSTNAME))) },
      {
        count: 2000,
        namespaces: OLD,
        labels: { color: 'yellow' },
        spec: averse(preferred(near('yellow', HOSTNAME))),
      },
      { count: 2000, namespaces: OLD },
    ],
    measured: { count: 5000, namespaces: NEW },
  },
  {
    name: 'Unschedulable',
    nodes: 5000,
    floor: 590,
    before: [{ count: 200, namespaces: OLD, spec: { containers: requests('9') } }],
    measured: { count: 10_000, namespaces: NEW },
  },
  {
    name: 'PreemptionAsync',
    nodes: 5000,
    floor: 570,
    before: [LOW_PRIORITY],
    measured: { count: 5000, namespaces: NEW },
    // Five a second upstream, for the time that it needs.
    besides: { count: 45, ...PREEMPTOR },
  },
  {
    name: 'PreemptionBasic',
    nodes: 5000,
    // Upstream's, for 500 nodes; it gave up this size.
    floor: 18,
    before: [LOW_PRIORITY],
    measured: { count: 1000, ...PREEMPTOR },
  },
];

/** A cluster with nodes and namespaces, in which only the scheduler does anything. */
async function emptyCluster(nodeCount: number): Promise<Cluster> {
  const cluster = await createCluster({
    without: ['nodes', 'nodelifecycle', 'nodeipam'],
    admission: { disable: ['TaintNodesByCondition', 'Priority'] },
  });
  await addNodes(cluster, nodeCount);
  for (const name of [...BOTH, ...TEAMS])
    await cluster.client.create(namespaces, {
      metadata: { name, labels: TEAMS.includes(name) ? { team: 'devops' } : {} },
    });
  await cluster.drain();
  return cluster;
}

async function add(cluster: Cluster, prefix: string, { count, ...made }: Pods): Promise<void> {
  const spec: PodSpec = { containers: requests('100m'), ...made.spec };
  for (let at = 0; at < count; at++)
    await cluster.client.create(pods, {
      metadata: {
        name: `${prefix}-${at}`,
        namespace: made.namespaces[at % made.namespaces.length]!,
        ...(made.labels ? { labels: made.labels } : {}),
      },
      spec,
    });
}

const empty = new Map<number, Promise<Cluster>>();

/** Each workload begins on a fork of the same empty cluster. */
async function measure(workload: Workload): Promise<Figure[]> {
  const { name, nodes, floor, before, measured, besides } = workload;
  const made = empty.get(nodes) ?? emptyCluster(nodes);
  empty.set(nodes, made);
  const cluster = await (await made).fork();
  for (const [at, each] of before.entries()) {
    await add(cluster, `before-${at}`, each);
    await cluster.drain();
  }
  if (besides) await add(cluster, 'besides', besides);
  await add(cluster, 'measured', measured);
  const elapsed = stopwatch();
  await cluster.drain();
  const isMeasured = ({ metadata, spec }: Pod): boolean =>
    metadata.name!.startsWith('measured-') && spec?.nodeName !== undefined;
  const bound = (): number => cluster.transport.lister<Pod>(pods).list().filter(isMeasured).length;
  // Preemptors come back after their back-off, once their victims are gone.
  for (let round = 0; round < 20 && bound() < measured.count; round++) await cluster.advance(1000);
  const seconds = elapsed() / 1000;
  if (bound() !== measured.count)
    throw new Error(`${name}: ${bound()} of ${measured.count} pods are bound`);
  return [figure(`${name}, ${nodes} nodes`, measured.count / seconds, 'pods/s', floor * TIMES)];
}

export const schedulerCases: readonly Case[] = WORKLOADS.map((workload) => ({
  name: `scheduler-${workload.name}`,
  run: () => measure(workload),
}));
