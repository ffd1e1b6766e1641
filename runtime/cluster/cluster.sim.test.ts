import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import { Pod } from '../../generated/core/v1/index.ts';
import { createCluster } from '../testing/index.ts';
import { createCluster as startCluster } from './index.ts';

const web = (replicas: number, image = 'web:1') => {
  const labels = { app: 'web' };
  return new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
  });
};

describe('a cluster', () => {
  it('converges, and gives the same journal for the same seed and inputs only', async () => {
    const run = async (seed: number, replicas: number): Promise<string> => {
      const cluster = await createCluster({ nodes: 3, seed });
      await cluster.create(web(replicas));
      expect(await cluster.settle()).toMatchObject({ converged: true, unconverged: [] });
      await cluster.advance('1h');
      return cluster.journalHash;
    };
    const first = await run(1, 3);
    expect(await run(1, 3)).toBe(first);
    expect(await run(2, 3)).not.toBe(first);
    expect(await run(1, 4)).not.toBe(first);
  });

  it('tells of each kind how many are behind, and were', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.settle();
    const of = (resource: string, { cluster: inner } = cluster) =>
      inner.pulses().find((each) => each.resource === resource);
    // It came and was ready at the same moment.
    expect(of('nodes')).toEqual({ resource: 'nodes', behind: 0, trend: [0] });
    expect(of('pods')).toBeUndefined();
    await cluster.create(web(2));
    const fork = await cluster.fork();
    await cluster.settle();
    expect(of('deployments.apps')).toEqual({
      resource: 'deployments.apps',
      behind: 0,
      trend: [1, 0],
    });
    expect(of('pods')?.trend).toEqual([2, 0]);
    expect(of('pods', fork)).not.toEqual(of('pods'));
    await cluster.delete(Deployment, 'web');
    await cluster.settle();
    expect(of('pods')?.behind).toBe(0);
  });

  it('forks: each side goes its own way, with the same journal for the same way', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(web(2));
    await cluster.settle();
    const fork = await cluster.fork();
    const scale = (of: typeof cluster, replicas: number) =>
      of.update(
        Deployment,
        'web',
        (live) => ({ ...live, spec: { ...live.spec!, replicas } }) as typeof live,
      );
    await scale(fork, 5);
    await fork.settle();
    expect([cluster.list(Pod).length, fork.list(Pod).length]).toEqual([2, 5]);
    await scale(cluster, 5);
    await cluster.settle();
    expect(cluster.journalHash).toBe(fork.journalHash);
  });

  it('rewinds to a moment and to a revision, and goes on from there as it did', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(web(2));
    await cluster.settle();
    const settledAt = cluster.now;
    const [{ resourceVersion } = {}] = cluster.list(Pod).map(({ metadata }) => metadata);
    const hash = cluster.journalHash;
    await cluster.advance('1h');
    await cluster.delete(Deployment, 'web');
    await cluster.settle();
    expect(cluster.list(Pod)).toEqual([]);
    const past = await cluster.cluster.rewind({ atMs: settledAt + 1 });
    expect(past?.objects().filter(({ kind }) => kind === 'Pod').length).toBe(2);
    const then = await cluster.cluster.rewind({ revision: Number(resourceVersion) });
    await then?.settle();
    expect(then?.journal.hash()).toBe(hash);
    expect(await cluster.cluster.rewind({ atMs: cluster.now + 1 })).toBeUndefined();
  });

  it.each(['1.36', '1.28', '1.21'] as const)('starts as Kubernetes %s', async (version) => {
    const cluster = await startCluster({ kubernetesVersion: version });
    const { converged } = await cluster.settle();
    expect([converged, cluster.failures]).toEqual([true, []]);
    const kinds = cluster.kinds.map(({ descriptor }) => descriptor.kind);
    expect(kinds.includes('IPAddress')).toBe(version === '1.36');
    expect(kinds).toContain('Ingress');
  });

  it('raises a bug in a component instead of waiting for it', async () => {
    const cluster = await createCluster({ nodes: 1 });
    cluster.cluster.failures.push({ component: 'replicaset', error: new TypeError('a bug') });
    await expect(cluster.settle()).rejects.toThrow('replicaset failed');
  });
});
