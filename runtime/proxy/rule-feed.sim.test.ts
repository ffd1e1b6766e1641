import { describe, expect, it } from 'vitest';
import { Service } from '../../generated/core/v1/index.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../generated/discovery/v1/types.ts';
import { KubeProxyConfiguration } from '../../generated/kubeproxy/v1alpha1/index.ts';
import { lookAtProxy } from '../cluster/index.ts';
import { createCluster } from '../testing/index.ts';
import { load, type Tables } from './iptables/kernel.fakes.ts';
import { kernelText } from './iptables/text.ts';
import { RuleFeed, type RuleFeedOptions } from './rule-feed.ts';
import { endpoint, NODE, slice } from './testing/objects.fakes.ts';

async function start(options: Partial<RuleFeedOptions> = {}) {
  const cluster = await createCluster({ freeze: true });
  await cluster.create({ ...NODE } as never);
  const { transport } = cluster.cluster;
  let notified = 0;
  const feed = new RuleFeed({
    transport,
    node: NODE,
    families: ['IPv4'],
    notify: () => notified++,
    ...options,
  });
  const service = (name: string, clusterIP: string): Service =>
    new Service({
      metadata: { name, namespace: 'default' },
      spec: { clusterIP, ports: [{ name: 'http', port: 80 }] },
    });
  const places = (name: string, ...ips: string[]): EndpointSlice =>
    slice(
      `default/${name}`,
      ips.map((ip) => endpoint(ip, 'n1')),
      [{ name: 'http', port: 8080, protocol: 'TCP' }],
    ) as EndpointSlice;
  return { cluster, feed, service, places, notifications: () => notified };
}

describe('a feed of rules', () => {
  it('says which flows of UDP are to be forgotten', async () => {
    const { cluster, feed } = await start();
    const ports = [{ name: 'dns', port: 53, protocol: 'UDP' as const }];
    await cluster.create(
      new Service({
        metadata: { name: 'dns', namespace: 'default' },
        spec: { clusterIP: '10.96.1.1', ports },
      }),
    );
    feed.take();
    const places = slice('default/dns', [endpoint('10.244.1.5', 'n1')], ports);
    await cluster.client.create(endpointslices, places as EndpointSlice);
    const [update] = feed.take();
    expect(update?.staleFlows).toEqual([
      { family: 'IPv4', destination: '10.96.1.1', port: 53, exceptEndpoints: ['10.244.1.5'] },
    ]);
  });

  it('leaves a kernel, text by text, as all rules would', async () => {
    const { cluster, feed, service, places } = await start();
    const kernel: Tables = new Map();
    const changed: (readonly string[])[] = [];
    const take = (): void => {
      for (const { text, services } of feed.take()) {
        load(kernel, text);
        changed.push(services);
      }
      const whole: Tables = new Map();
      load(whole, kernelText(lookAtProxy(cluster.cluster, 'n1', 'iptables')!.models.IPv4));
      expect(kernel).toEqual(whole);
    };
    take();
    await cluster.create(service('a', '10.96.1.1'), service('b', '10.96.1.2'));
    await cluster.client.create(endpointslices, places('a', '10.244.1.5', '10.244.1.6'));
    take();
    await cluster.client.patch(
      endpointslices,
      { name: 'a-ipv4', namespace: 'default' },
      { endpoints: places('a', '10.244.1.6').endpoints },
    );
    take();
    await cluster.client.delete(Service.resource, { name: 'b', namespace: 'default' });
    take();
    expect(changed).toEqual([[], ['default/a', 'default/b'], ['default/a'], ['default/b']]);
  });

  it('has nothing to say while nothing happens that its rules follow from', async () => {
    const { cluster, feed, notifications } = await start();
    expect(feed.take()).toHaveLength(1);
    const before = notifications();
    await cluster.create({ ...NODE, metadata: { name: 'n2' } } as never);
    expect(notifications()).toBe(before);
    await cluster.settle();
    expect(feed.take()).toEqual([]);
    feed.close();
    await cluster.create(
      new Service({ metadata: { name: 'late' }, spec: { ports: [{ port: 1 }] } }),
    );
    expect(feed.take()).toEqual([]);
  });

  it('begins anew when the mode is another, and goes on where other settings are', async () => {
    const { cluster, feed } = await start();
    expect(feed.take()).toMatchObject([{ mode: 'iptables', whole: true }]);
    const configuration = (masqueradeBit: number): KubeProxyConfiguration =>
      new KubeProxyConfiguration({
        metadata: { name: 'default' },
        mode: 'nftables',
        nftables: { masqueradeBit, minSyncPeriod: '3s' },
      });
    await cluster.create(configuration(7));
    const [whole, ...more] = feed.take();
    expect([whole?.mode, whole?.whole, more]).toEqual(['nftables', true, []]);
    expect(whole?.text).toContain('mark xor 0x00000080');
    await cluster.client.patch(
      KubeProxyConfiguration.resource,
      { name: 'default' },
      { nftables: { masqueradeBit: 8 } },
      { type: 'application/merge-patch+json' },
    );
    const [other] = feed.take();
    expect(other).toMatchObject({ whole: false, services: [] });
    expect(other?.text).toContain('mark xor 0x00000100');
    expect(feed.minSyncPeriodMs).toBe(3000);
  });

  it('takes the settings that it is given where the API has none, and the mode in any case', async () => {
    const { cluster, feed } = await start({
      config: { mode: 'nftables', clusterCIDR: '10.9.0.0/16' },
      mode: 'iptables',
    });
    await cluster.create(
      new Service({
        metadata: { name: 'a', namespace: 'default' },
        spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80 }] },
      }),
    );
    await cluster.client.create(
      endpointslices,
      slice('default/a', [endpoint('10.244.1.5', 'n1')]) as EndpointSlice,
    );
    const [{ mode, text } = { mode: undefined, text: '' }] = feed.take();
    expect(mode).toBe('iptables');
    expect(text).toContain('-s 10.9.0.0/16 -j KUBE-SVC-');
  });
});
