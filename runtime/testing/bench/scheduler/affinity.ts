import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { BOTH, FIVE_THOUSAND, type Fleet, NEW, OLD, plain, TEAMS } from './setting.ts';
import type { Workload } from './workload.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
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
    fleet: FIVE_THOUSAND,
    floor,
    before: [{ count: before, namespaces: OLD, labels, spec }],
    measured: { count: measured, namespaces: NEW, labels, spec },
  };
}

function overTeams(
  name: string,
  floor: number,
  fleet: Fleet,
  [each, measured]: readonly [number, number],
  spec: Partial<PodSpec>,
): Workload {
  const labels = { color: 'green' };
  return {
    name,
    fleet,
    floor,
    before: [{ count: each * TEAMS.length, namespaces: TEAMS, labels, spec }],
    measured: { count: measured, namespaces: NEW, labels, spec },
  };
}

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

export const AFFINITY: readonly Workload[] = [
  same('NodeAffinity', 220, [5000, 10_000], {}, inZones),
  same('PodAntiAffinity', 60, [1000, 2000], green, averse(required(near('green', HOSTNAME)))),
  same('PodAffinity', 35, [5000, 5000], blue, affine(required(near('blue', ZONE)))),
  same('PreferredPodAffinity', 90, [5000, 5000], red, affine(preferred(near('red', HOSTNAME)))),
  same('PreferredPodAntiAffinity', 90, [5000, 5000], red, averse(preferred(near('red', HOSTNAME)))),
  {
    name: 'PodMatchingAntiAffinity',
    fleet: FIVE_THOUSAND,
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
  overTeams('RequiredPodAntiAffinityWithNSSelector', 24, plain(6000), [40, 2000], {
    ...averse(required(nearTeams('green', HOSTNAME))),
  }),
  overTeams('PreferredAntiAffinityWithNSSelector', 55, FIVE_THOUSAND, [40, 2000], {
    ...averse(preferred(nearTeams('green', HOSTNAME))),
  }),
  overTeams('RequiredPodAffinityWithNSSelector', 35, FIVE_THOUSAND, [50, 2000], {
    ...affine(required(nearTeams('green', ZONE))),
  }),
  overTeams('PreferredAffinityWithNSSelector', 90, FIVE_THOUSAND, [50, 5000], {
    ...affine(preferred(nearTeams('green', HOSTNAME))),
  }),
  {
    name: 'MixedSchedulingBasePod',
    fleet: FIVE_THOUSAND,
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
];
