import { services } from '../../../../generated/core/v1/resources.ts';
import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { addNode, FIVE_THOUSAND, type Fleet, NEW, OLD, plain } from './setting.ts';
import type { Workload } from './workload.ts';

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

const blue = { color: 'blue' };
const perf = { app: 'scheduler-perf' };

function spread(
  name: string,
  floor: number,
  whenUnsatisfiable: Constraint['whenUnsatisfiable'],
): Workload {
  const constraint: Constraint = {
    maxSkew: 5,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable,
    labelSelector: { matchLabels: blue },
  };
  return {
    name,
    fleet: FIVE_THOUSAND,
    floor,
    before: [{ count: 5000, namespaces: OLD }],
    measured: {
      count: 5000,
      namespaces: NEW,
      labels: blue,
      spec: { topologySpreadConstraints: [constraint] },
    },
  };
}

/** A fifth of the nodes turns pods away. */
const TAINTED: Fleet = {
  count: 5000,
  async make(cluster) {
    await plain(4000).make(cluster);
    for (let at = 0; at < 1000; at++)
      await addNode(cluster, {
        name: `tainted-${at}`,
        taints: [{ key: 'foo', value: 'bar', effect: 'NoSchedule' }],
      });
  },
};

export const SPREADING: readonly Workload[] = [
  spread('TopologySpreading', 460, 'DoNotSchedule'),
  spread('PreferredTopologySpreading', 340, 'ScheduleAnyway'),
  {
    // A fifth of upstream's 50,000: the rate stays the same.
    name: 'DefaultTopologySpreading',
    fleet: FIVE_THOUSAND,
    floor: 160,
    async given({ client }) {
      await client.create(services, {
        metadata: { name: 'perf', namespace: NEW[0]! },
        spec: { selector: perf, ports: [{ protocol: 'TCP', port: 80, targetPort: 8000 }] },
      });
    },
    before: [{ count: 5000, namespaces: OLD }],
    measured: { count: 10_000, namespaces: NEW, labels: perf },
  },
  {
    name: 'NodeInclusionPolicy',
    fleet: TAINTED,
    floor: 270,
    before: [],
    measured: {
      count: 4000,
      namespaces: NEW,
      labels: { foo: 'bar' },
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            nodeAffinityPolicy: 'Honor',
            nodeTaintsPolicy: 'Honor',
            labelSelector: { matchLabels: { foo: 'bar' } },
          },
        ],
      },
    },
  },
];
