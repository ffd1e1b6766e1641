import { describe, expect, it } from 'vitest';
import { Deployment } from '../../generated/apps/v1/index.ts';
import { Cluster as Configuration } from '../../generated/cluster/v1/index.ts';
import { Pod, Service } from '../../generated/core/v1/index.ts';
import { KubeProxyConfiguration } from '../../generated/kubeproxy/v1alpha1/index.ts';
import { createControl, lookAtProxy, Pacer } from '../cluster/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const labels = { app: 'web' };

async function start(spec: ConstructorParameters<typeof Service>[0]['spec'] = {}) {
  const cluster = await createCluster({
    nodes: { a: { zone: 'z1' }, b: { zone: 'z2' }, c: { zone: 'z2' } },
  });
  await cluster.create(
    new Service({
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }], ...spec },
    }),
    new Deployment({
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: 'web', image: 'web:1' }],
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: { matchLabels: labels },
              },
            ],
          },
        },
      },
    }),
  );
  await cluster.settle();
  return cluster;
}

const endpointsAt = ({ cluster }: TestCluster, node: string) =>
  lookAtProxy(cluster, node)?.models.IPv4.services.get('default/web')?.ports[0]?.endpoints;

describe('the proxies of a cluster', () => {
  it('lead to every pod from every node, and to the node’s own where the policy is Local', async () => {
    const cluster = await start({ type: 'NodePort', externalTrafficPolicy: 'Local' });
    const ips = cluster.list(Pod).map(({ status }) => status?.podIP);
    for (const node of ['a', 'b', 'c']) {
      const found = endpointsAt(cluster, node);
      expect(found?.cluster.map(({ ip }) => ip).sort()).toEqual(ips.sort());
      expect(found?.local.map(({ nodeName }) => nodeName)).toEqual([node]);
    }
    expect(lookAtProxy(cluster.cluster, 'x')).toBeUndefined();
  });

  it('follow what happens, and derive only what changed since the last look', async () => {
    const cluster = await start();
    const before = lookAtProxy(cluster.cluster, 'a')!.models.IPv4;
    await cluster.client.patch(
      Deployment.resource,
      { name: 'web', namespace: 'default' },
      {
        spec: { replicas: 1 },
      },
    );
    await cluster.settle();
    const after = lookAtProxy(cluster.cluster, 'a')!.models.IPv4;
    expect(endpointsAt(cluster, 'a')?.cluster).toHaveLength(1);
    const kubernetes = 'default/kubernetes';
    expect(after.services.get(kubernetes)).toBe(before.services.get(kubernetes));
    expect(lookAtProxy(cluster.cluster, 'a')!.models.IPv4).toBe(after);
  });

  it('keep to the node or the zone where the service wants it', async () => {
    const near = await start({ trafficDistribution: 'PreferSameNode' });
    expect(endpointsAt(near, 'b')?.cluster.map(({ nodeName }) => nodeName)).toEqual(['b']);
    const zone = await start({ trafficDistribution: 'PreferSameZone' });
    expect(
      endpointsAt(zone, 'b')
        ?.cluster.map(({ nodeName }) => nodeName)
        .sort(),
    ).toEqual(['b', 'c']);
  });

  it('take their settings from KubeProxyConfiguration, or else pods’ range from the Cluster', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const settings = () => lookAtProxy(cluster.cluster, 'node-0')?.models.IPv4.settings;
    expect(settings()?.localDetector).toEqual({ by: 'source', cidr: '10.244.0.0/16' });
    await cluster.create(
      new Configuration({
        metadata: { name: 'default' },
        spec: { network: { podCIDR: '10.10.0.0/16' } },
      }),
    );
    expect(settings()?.localDetector).toEqual({ by: 'source', cidr: '10.10.0.0/16' });
    await cluster.create(
      new KubeProxyConfiguration({
        metadata: { name: 'default' },
        mode: 'nftables',
        nftables: { masqueradeBit: 7 },
      }),
    );
    expect(settings()).toMatchObject({
      mode: 'nftables',
      masqueradeBit: 7,
      localDetector: { by: 'none' },
    });
    expect(lookAtProxy(cluster.cluster, 'node-0', 'iptables')?.models.IPv4.settings).toMatchObject({
      mode: 'iptables',
      masqueradeBit: 14,
    });
  });

  it('answer on health check node ports', async () => {
    const cluster = await start({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    const [answer] = lookAtProxy(cluster.cluster, 'a')!.healthChecks;
    const port = cluster.get(Service, 'web').spec?.healthCheckNodePort;
    expect(answer).toMatchObject({ port, code: 200, body: { localEndpoints: 1 } });
  });

  it('change nothing by being looked at', async () => {
    const [seen, unseen] = [await start(), await start()];
    for (let step = 0; step < 3; step++) {
      lookAtProxy(seen.cluster, 'a');
      for (const each of [seen, unseen]) await each.advance('20s');
    }
    expect(seen.cluster.journal.hash()).toBe(unseen.cluster.journal.hash());
  });

  it('show their rules to the screen', async () => {
    const { cluster } = await start();
    const control = createControl(cluster, new Pacer(cluster, 'paused'));
    const rules = control.rules('a', 'iptables');
    expect(rules).toMatchObject({ node: 'a', mode: 'iptables' });
    expect(rules?.texts.map(({ family }) => family)).toEqual(['IPv4', 'IPv6']);
    expect(rules?.texts[0]?.text).toContain('"default/web cluster IP"');
    expect(control.rules('x')).toBeUndefined();
  });
});
