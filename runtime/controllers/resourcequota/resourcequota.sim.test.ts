import { describe, expect, it } from 'vitest';
import { ConfigMap, Pod, ResourceQuota } from '../../../generated/core/v1/index.ts';
import type { Quantity } from '../../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const quota = (hard: Readonly<Record<string, Quantity>>) =>
  new ResourceQuota({ metadata: { name: 'q', ...IN }, spec: { hard } });
const map = (name: string) => new ConfigMap({ metadata: { name, ...IN } });
const pod = (name: string, spec: object = {}) =>
  new Pod({
    metadata: { name, ...IN },
    spec: {
      containers: [{ name: 'main', image: 'web:1', resources: { requests: { cpu: '500m' } } }],
      ...spec,
    } as never,
  });
const used = (cluster: TestCluster) => cluster.get(ResourceQuota, 'q').status?.used;

describe('a quota', () => {
  it('is told what it limits and what is there already', async () => {
    const cluster = await createCluster();
    await cluster.create(map('a'), map('b'), pod('p'));
    await cluster.create(quota({ configmaps: '5', 'requests.cpu': '2', 'count/unknown': '1' }));
    await cluster.settle();
    // The third map is the root certificate's.
    expect(cluster.get(ResourceQuota, 'q').status).toEqual({
      hard: { configmaps: '5', 'requests.cpu': '2', 'count/unknown': '1' },
      used: { configmaps: '3', 'requests.cpu': '500m' },
    });
  });

  it('follows its limits', async () => {
    const cluster = await createCluster();
    await cluster.create(quota({ configmaps: '5' }));
    await cluster.settle();
    const spec = { hard: { secrets: '1' } };
    const patch = { spec, metadata: {} };
    await cluster.client.patch(ResourceQuota.resource, { name: 'q', ...IN }, patch as never, {
      type: 'application/merge-patch+json',
    });
    await cluster.settle();
    expect(used(cluster)).toEqual({ configmaps: '1', secrets: '0' });
  });

  it('gets back what is deleted, and what pods have that ended', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(quota({ configmaps: '2', pods: '1', 'count/pods': '2' }));
    await cluster.settle();
    await cluster.create(map('a'), pod('p'));
    await expect(cluster.create(map('b'))).rejects.toThrow('exceeded quota: q');
    await cluster.delete(ConfigMap, 'a');
    await cluster.settle();
    await cluster.create(map('b'));
    await cluster.client.patch(
      Pod.resource,
      { name: 'p', ...IN },
      { status: { phase: 'Succeeded' } },
      { subresource: 'status' },
    );
    await cluster.settle();
    expect(used(cluster)).toEqual({ configmaps: '2', pods: '0', 'count/pods': '1' });
  });

  it('is counted again every five minutes, and keeps nobody from converging', async () => {
    const cluster = await createCluster();
    await cluster.create(quota({ configmaps: '5' }));
    expect(await cluster.settle()).toMatchObject({ converged: true });
    const wrong = {
      ...cluster.get(ResourceQuota, 'q'),
      status: { hard: { configmaps: '5' }, used: { configmaps: '4' } },
    };
    await cluster.client.updateStatus(ResourceQuota.resource, wrong as never);
    await cluster.advance('6m');
    expect(used(cluster)).toEqual({ configmaps: '1' });
  });
});
