import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { stopwatch } from '../../base/index.ts';
import { type Cluster, createCluster } from '../../cluster/index.ts';
import { type Case, type Figure, figure, withPeer } from './figure.ts';
import { addDeployment, addNodes, addPods, fill, readyCluster } from './fixtures.ts';
import { webernetesMs } from './peer.ts';

const PEER_REPLICAS = 100;
/** After the first: the code is compiled by use, and a busy machine spoils single rounds. */
const WARM_ROUNDS = 6;

async function rolloutMs(nodeCount: number, replicas: number): Promise<number> {
  const cluster = await readyCluster(nodeCount);
  const elapsed = stopwatch();
  await addDeployment(cluster, 'web', replicas);
  const { converged } = await cluster.settle();
  if (!converged) throw new Error(`${replicas} replicas did not become available`);
  return elapsed();
}

/** The least of a few runs: the first ones pay for compiling the code, as a user's first run does; both are reported. */
async function deployment(): Promise<Figure[]> {
  const first = await rolloutMs(100, 1000);
  let again = Number.POSITIVE_INFINITY;
  for (let round = 0; round < WARM_ROUNDS; round++)
    again = Math.min(again, await rolloutMs(100, 1000));
  const small = figure(
    `one Deployment of ${PEER_REPLICAS} replicas`,
    await rolloutMs(10, PEER_REPLICAS),
    'ms',
  );
  return [
    figure('one Deployment of 1,000 replicas, 100 nodes, first', first, 'ms'),
    figure('one Deployment of 1,000 replicas, 100 nodes', again, 'ms', 300),
    withPeer(small, '@ngrok/webernetes', await webernetesMs(PEER_REPLICAS)),
  ];
}

async function scheduling(): Promise<Figure[]> {
  const cluster = await createCluster({
    without: ['nodes', 'nodelifecycle', 'nodeipam'],
    admission: { disable: ['TaintNodesByCondition'] },
  });
  await addNodes(cluster, 5000);
  await addPods(cluster, 1000, 'init');
  await cluster.drain();
  await addPods(cluster, 10_000, 'measured');
  const elapsed = stopwatch();
  await cluster.drain();
  const seconds = elapsed() / 1000;
  const bound = cluster.transport
    .lister<Pod>(pods)
    .list()
    .filter(({ spec }) => spec?.nodeName);
  if (bound.length !== 11_000) throw new Error(`${bound.length} of 11,000 pods are bound`);
  return [figure('5,000 nodes, 10,000 pods scheduled', 10_000 / seconds, 'pods/s', 5000)];
}

async function everythingOn(): Promise<Figure[]> {
  const elapsed = stopwatch();
  const cluster = await readyCluster(5000);
  await fill(cluster, 20_000, 100);
  const total = elapsed();
  const memory = process.memoryUsage().rss / 2 ** 20;
  return [
    figure('5,000 nodes and 20,000 pods, empty to all Running', total, 'ms', 15_000),
    figure('… resident memory', memory, 'MiB'),
    ...(await forking(cluster)),
  ];
}

async function forking(cluster: Cluster): Promise<Figure[]> {
  const forks: number[] = [];
  const writes: number[] = [];
  for (let round = 0; round < 5; round++) {
    const fork = stopwatch();
    const copy = await cluster.fork();
    forks.push(fork());
    const write = stopwatch();
    await addPods(copy, 1, `fork-${round}`);
    writes.push(write());
  }
  return [
    figure('fork at 5,000 nodes and 20,000 pods', Math.max(...forks), 'ms', 20),
    figure('… first write on the fork', Math.max(...writes), 'ms', 5),
  ];
}

const CHANGES = 400;
const ROUNDS = 12;

/**
 * Mean cost of marking one running pod and letting everything react, with `count` pods in Deployments of 100; the least of
 * some rounds, so that what the machine does besides does not count.
 */
async function changeCost(count: number): Promise<number> {
  const cluster = await readyCluster(Math.ceil(count / 30));
  await fill(cluster, count, 100);
  const all = cluster.transport.lister<Pod>(pods).list();
  const step = Math.floor(all.length / CHANGES);
  const change = async (round: string): Promise<void> => {
    for (let at = 0; at < CHANGES; at++) {
      const { name = '', namespace } = all[at * step]!.metadata ?? {};
      const patch = { metadata: { labels: { round } } };
      await cluster.client.patch(pods, { name, namespace }, patch);
      await cluster.drain();
    }
  };
  await change('warm');
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const elapsed = stopwatch();
    await change(`round-${round}`);
    least = Math.min(least, elapsed());
  }
  return (least / CHANGES) * 1000;
}

async function flatness(): Promise<Figure[]> {
  const costs: number[] = [];
  for (const count of [1000, 10_000, 50_000]) costs.push(await changeCost(count));
  const [small = 0, middle = 0, large = 0] = costs;
  return [
    figure('one changed pod at 1,000 pods', small / 1000, 'ms'),
    figure('one changed pod at 10,000 pods', middle / 1000, 'ms'),
    figure('one changed pod at 50,000 pods', large / 1000, 'ms'),
    figure('… largest over smallest', Math.max(...costs) / Math.min(...costs), 'x', 1.5),
  ];
}

async function simulatedDay(): Promise<Figure[]> {
  const cluster = await readyCluster(20);
  await probedDeployment(cluster, 100);
  await cluster.settle();
  const elapsed = stopwatch();
  await cluster.advance(24 * 3_600_000);
  return [figure('a simulated day, 20 nodes, 100 pods with probes', elapsed(), 'ms', 5000)];
}

async function probedDeployment(cluster: Cluster, replicas: number): Promise<void> {
  const { deployments } = await import('../../../generated/apps/v1/resources.ts');
  const labels = { app: 'probed' };
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 };
  await cluster.client.create(deployments, {
    metadata: { name: 'probed', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: 'main', image: 'shop/web:1', readinessProbe: probe, livenessProbe: probe },
          ],
        },
      },
    },
  });
}

async function creation(): Promise<Figure[]> {
  await createCluster();
  const elapsed = stopwatch();
  await createCluster();
  return [figure('createCluster()', elapsed(), 'ms', 50)];
}

export const clusterCases: readonly Case[] = [
  { name: 'create', run: creation },
  { name: 'deployment', run: deployment },
  { name: 'scheduling', run: scheduling },
  { name: 'everything', run: everythingOn },
  { name: 'flat', run: flatness },
  { name: 'day', run: simulatedDay },
];
