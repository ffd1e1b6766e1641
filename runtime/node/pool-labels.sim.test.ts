import { expect, it } from 'vitest';
import { Cluster } from '../../generated/cluster/v1/index.ts';
import { Node } from '../../generated/core/v1/index.ts';
import { createCluster } from '../testing/index.ts';

/** What a kubelet may not say of its Node, whoever owns the machines may. */
it('a pool gives its nodes labels that their kubelets may not give themselves, and others later', async () => {
  const cluster = await createCluster();
  const pool = (role: string): Cluster =>
    new Cluster({
      metadata: { name: 'default' },
      spec: {
        nodePools: [
          { name: 'w', count: 1, labels: { [`node-role.kubernetes.io/${role}`]: '' } as never },
        ],
      },
    });
  await cluster.apply(pool('worker'));
  await cluster.settle();
  expect(cluster.get(Node, 'w-0').metadata.labels).toHaveProperty([
    'node-role.kubernetes.io/worker',
  ]);
  await cluster.apply(pool('edge'));
  await cluster.settle();
  expect(cluster.get(Node, 'w-0').metadata.labels).toHaveProperty(['node-role.kubernetes.io/edge']);
});
