import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import { createCluster } from '../testing/index.ts';
import { rehearse } from './index.ts';

const web = (replicas: number) => {
  const labels = { app: 'web' };
  return new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
    },
  });
};

describe('a rehearsal', () => {
  it('comes to what settling comes to', async () => {
    const [settled, rehearsed] = await Promise.all([
      createCluster({ nodes: 3 }),
      createCluster({ nodes: 3 }),
    ]);
    for (const cluster of [settled, rehearsed]) await cluster.create(web(5));
    await settled.settle();
    const { cutShort, virtualMs } = await rehearse(rehearsed.cluster, 50_000);
    expect(cutShort).toBe(false);
    expect(rehearsed.converged).toBe(true);
    expect(virtualMs).toBe(settled.now - settled.cluster.startMs);
    expect(rehearsed.journalHash).toBe(settled.journalHash);
  });

  it('ends in the middle of a moment when it has done its work', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(web(50));
    const { loop, server } = cluster.cluster;
    const workMax = loop.steps + server.revision + 100;
    expect(await rehearse(cluster.cluster, workMax)).toMatchObject({ cutShort: true });
    expect(cluster.converged).toBe(false);
    expect(loop.idle).toBe(false);
    expect(loop.steps + server.revision).toBeLessThan(workMax + 60);
  });
});
