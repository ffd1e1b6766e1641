import { Deployment, StatefulSet } from '../../../generated/apps/v1/index.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import { Random } from '../../base/index.ts';
import { isApiError } from '../../meta/index.ts';
import type { TestCluster } from '../index.ts';

/** Deeds of one storm, and the seconds between two. */
const DEEDS = 5;
const PAUSE_SECONDS = 40;

type Deed = (cluster: TestCluster, random: Random) => Promise<unknown>;

/** What people do meanwhile. Nothing of it changes where the cluster has to end. */
const SORTS: readonly Deed[] = [rollOut, deletePod, drain, drain, scale, cordon];

/** Plays what people do during a storm, drawn from its seed. Ends with everything asked for again as it was, but for the roll-out. */
export async function deeds(cluster: TestCluster, seed: number): Promise<void> {
  const random = Random.seeded(seed).stream('deeds');
  await rollOut(cluster);
  for (let at = 0; at < DEEDS; at++) {
    await cluster.advance(`${1 + random.below(PAUSE_SECONDS)}s`);
    await SORTS[random.below(SORTS.length)]!(cluster, random);
  }
  await cluster.advance('1s');
  for (const { metadata } of cluster.list(Node))
    await cluster.patch(Node, metadata.name ?? '', { spec: { unschedulable: null } });
  await cluster.patch(Deployment, 'web', { spec: { replicas: 4 } });
  await cluster.patch(StatefulSet, 'db', { spec: { replicas: 2 } });
}

/** The first one changes the template; further ones find it changed. */
async function rollOut(cluster: TestCluster): Promise<void> {
  const containers = [{ name: 'main', env: [{ name: 'A', value: 'b' }] }];
  await cluster.patch(Deployment, 'web', { spec: { template: { spec: { containers } } } } as never);
}

async function deletePod(cluster: TestCluster, random: Random): Promise<void> {
  const pods = cluster.list(Pod, { namespace: 'default' });
  const pod = pods[random.below(Math.max(1, pods.length))];
  if (pod) await cluster.delete(Pod, pod.metadata.name ?? '');
}

/** As `kubectl drain`, once: a pod that its budget protects stays. */
async function drain(cluster: TestCluster, random: Random): Promise<void> {
  const node = await cordon(cluster, random);
  for (const { metadata, spec } of cluster.list(Pod).slice()) {
    if (spec?.nodeName !== node || metadata.ownerReferences?.[0]?.kind === 'DaemonSet') continue;
    const target = { name: metadata.name ?? '', namespace: metadata.namespace };
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: target };
    await cluster.client
      .createSubresource(Pod.resource, target, 'eviction', body)
      .catch((error: unknown) => {
        if (!isApiError(error)) throw error;
      });
  }
}

async function cordon(cluster: TestCluster, random: Random): Promise<string> {
  const node = `n${random.below(6)}`;
  await cluster.patch(Node, node, { spec: { unschedulable: true } });
  return node;
}

async function scale(cluster: TestCluster, random: Random): Promise<void> {
  const replicas = random.below(7);
  if (random.below(2) === 0) await cluster.patch(Deployment, 'web', { spec: { replicas } });
  else await cluster.patch(StatefulSet, 'db', { spec: { replicas: random.below(4) } });
}
