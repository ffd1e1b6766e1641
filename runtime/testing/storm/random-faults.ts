import { Random } from '../../base/index.ts';

/** Everything is over after this many seconds. */
const SECONDS = 240;
const FAULTS_MAX = 5;

/** Components that may crash or see late; of quotas the sum is only right as far as the controller sees. */
const COMPONENTS = [
  'scheduler',
  'deployment',
  'replicaset',
  'statefulset',
  'daemonset',
  'job',
  'endpoint',
  'endpointslice',
  'disruption',
  'garbagecollector',
  'nodelifecycle',
  'taint-eviction-controller',
  'podgc',
  'nodes',
] as const;
const ERRORS = ['Unavailable', 'Conflict', 'InternalError', 'TooManyRequests', 'Timeout', 'Lost'];

type Draw = (random: Random) => string;

const node: Draw = (random) => `n${random.below(6)}`;
const zone: Draw = (random) => 'abc'[random.below(3)]!;
const place: Draw = (random) => (random.below(3) === 0 ? `zone:${zone(random)}` : node(random));
const oneOf =
  (choices: readonly string[]): Draw =>
  (random) =>
    choices[random.below(choices.length)]!;
const component = oneOf(COMPONENTS);
const mortal = oneOf(COMPONENTS.filter((each) => each !== 'nodes'));
const percent =
  (most: number): Draw =>
  (random) =>
    `${1 + random.below(most)}%`;

/** Each sort of fault, without its times. */
const SORTS: readonly Draw[] = [
  (random) => `node=${node(random)}`,
  (random) => `zone=${zone(random)}`,
  (random) => `partition=${place(random)}`,
  (random) => `watch=${component(random)},lag=${1 + random.below(20)}s`,
  (random) => `watch=${component(random)},loss=${percent(50)(random)}`,
  (random) => `api=${percent(40)(random)},error=${oneOf(ERRORS)(random)}`,
  (random) => `api=${percent(100)(random)},component=${component(random)}`,
  (random) => `crash=${mortal(random)}`,
  (random) => `crash=${mortal(random)},after=${1 + random.below(5)}`,
  (random) => `pressure=${place(random)},${oneOf(['memory=100%', 'disk=95%'])(random)}`,
  (random) => `pull=${oneOf(['*', 'web:1', 'db:1'])(random)},on=${place(random)}`,
  (random) => `probe=readiness,pod=${oneOf(['web-*', 'db-*', '*'])(random)}`,
  (random) => `probe=liveness,pod=${oneOf(['web-*', 'db-0'])(random)}`,
];

/** A schedule of one to five faults, each of which ends. */
export function randomFaults(seed: number): string[] {
  const random = Random.seeded(seed).stream('storm');
  const count = 1 + random.below(FAULTS_MAX);
  return Array.from({ length: count }, () => {
    const sort = SORTS[random.below(SORTS.length)]!;
    const beginSeconds = random.below(SECONDS / 2);
    const duration = 1 + random.below(SECONDS - beginSeconds);
    return `${sort(random)}@${beginSeconds}s+${duration}s`;
  });
}
