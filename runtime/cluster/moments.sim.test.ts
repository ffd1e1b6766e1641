import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import { deployments } from '../../generated/apps/v1/resources.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import { createCluster } from '../testing/index.ts';
import { Pacer } from './index.ts';

const labels = { app: 'web' };
const web = new Deployment({
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web:1' }] } },
  },
});

/** A cluster that a pacer drives, and somebody who asks for things meanwhile. */
async function paced() {
  const { cluster } = await createCluster({ nodes: 2 });
  const pacer = new Pacer(cluster, 'paused');
  const settle = () => pacer.runUntil(() => cluster.converged, cluster.now() + 3_600_000);
  const scale = (replicas: number) =>
    cluster.client.patch(
      deployments,
      { name: 'web', namespace: 'default' },
      { spec: { replicas } },
      { subresource: 'scale', type: 'application/merge-patch+json' },
    );
  await pacer.runUntil(() => false, cluster.now() + 1000);
  await cluster.client.create(deployments, {
    ...web,
    metadata: { ...web.metadata, namespace: 'default' },
  } as never);
  return { cluster, pacer, settle, scale };
}

describe('a cluster that a pacer drives', () => {
  it('runs until a condition, stands still there, and says whether it came', async () => {
    const { cluster, pacer, settle } = await paced();
    expect(await settle()).toBe(true);
    expect([pacer.mode, cluster.converged]).toEqual(['paused', true]);
    const before = cluster.now();
    expect(await pacer.runUntil(() => false, before + 90_000)).toBe(false);
    expect(cluster.now()).toBe(before + 90_000);
  });

  it('stops running on when another mode is set', async () => {
    const { cluster, pacer } = await paced();
    const running = pacer.runUntil(() => {
      if (cluster.now() > cluster.startMs + 5000) pacer.setMode('real');
      return false;
    }, cluster.now() + 3_600_000);
    expect(await running).toBe(false);
    expect(cluster.now()).toBeLessThan(cluster.startMs + 60_000);
  });

  it('can be gone back to: at every revision that it reached by itself it is what it was', async () => {
    const { cluster, pacer, settle, scale } = await paced();
    const seen = new Map<number, string>();
    const look = (of: typeof cluster): string => JSON.stringify(of.objects());
    await settle();
    await scale(4);
    await pacer.runUntil(() => {
      if (cluster.loop.idle) seen.set(cluster.server.revision, look(cluster));
      return false;
    }, cluster.now() + 60_000);
    await scale(1);
    await settle();
    expect(cluster.transport.lister(pods).list()).toHaveLength(1);
    expect(seen.size).toBeGreaterThan(3);
    for (const [revision, objects] of [...seen].slice(1)) {
      const past = await cluster.rewind({ revision });
      await past?.drain();
      expect(past && look(past)).toBe(objects);
    }
    expect(cluster.transport.lister(pods).list()).toHaveLength(1);
  });

  it('tells between which revisions every moment is held; what came from outside parts them', async () => {
    const { cluster, settle, scale } = await paced();
    await settle();
    const { revision } = cluster.server;
    await scale(3);
    await settle();
    const held = cluster.stretches();
    expect(held.at(-2)?.untilRevision).toBe(revision);
    expect(held.at(-1)?.revision).toBeGreaterThan(revision);
    expect(held.at(-1)?.untilRevision).toBe(cluster.server.revision);
    expect(await cluster.rewind({ revision: cluster.server.revision + 1 })).toBeUndefined();
  });
});
