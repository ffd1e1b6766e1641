import { describe, expect, it } from 'vitest';
import type { Lister } from '../client/index.ts';
import { notFound, type ResourceRef } from '../meta/index.ts';
import { proxyConfig, type Reading, serviceRanges } from './configuration.ts';

/** A server that has these objects, by resource, and serves no other. */
const serving = (objects: Readonly<Record<string, readonly object[]>>): Reading => ({
  lister: <T>({ resource }: ResourceRef<T>) => {
    const list = objects[resource];
    if (!list) throw notFound({ resource: { group: '', resource }, name: '' } as never);
    return { list: () => list as unknown as readonly T[] } as unknown as Lister<T>;
  },
});
const cluster = { spec: { network: { podCIDR: '10.1.0.0/16', serviceCIDR: '10.2.0.0/16' } } };

describe('the configuration of a proxy', () => {
  it('is that of the API, or else the one that is known from elsewhere', () => {
    const given = serving({ kubeproxyconfigurations: [{ mode: 'nftables' }], clusters: [cluster] });
    expect(proxyConfig(given, undefined, { mode: 'ipvs' })).toEqual({ mode: 'nftables' });
    expect(proxyConfig(given, 'ipvs')).toEqual({ mode: 'ipvs' });
    const none = serving({ kubeproxyconfigurations: [], clusters: [cluster] });
    expect(proxyConfig(none, undefined, { clusterCIDR: '10.9.0.0/16' })).toEqual({
      clusterCIDR: '10.9.0.0/16',
    });
  });

  it('has the pod range of the Cluster, of which there may be none but the default', () => {
    expect(proxyConfig(serving({ clusters: [cluster] }), undefined)).toEqual({
      clusterCIDR: '10.1.0.0/16',
    });
    expect(proxyConfig(serving({ clusters: [] }), 'ipvs')).toEqual({
      clusterCIDR: '10.244.0.0/16',
      mode: 'ipvs',
    });
  });

  it('knows of no pod range on a cluster of others that does not tell', () => {
    expect(proxyConfig(serving({}), undefined)).toEqual({});
  });

  it('has the ranges of cluster IPs from ServiceCIDRs, the Cluster, or nobody', () => {
    const cidrs = [{ spec: { cidrs: ['10.96.0.0/16', 'fd00:10:96::/112'] } }];
    expect(serviceRanges(serving({ servicecidrs: cidrs, clusters: [cluster] }))).toEqual(
      cidrs[0]!.spec.cidrs,
    );
    expect(serviceRanges(serving({ servicecidrs: [], clusters: [cluster] }))).toEqual([
      '10.2.0.0/16',
    ]);
    expect(serviceRanges(serving({ clusters: [] }))).toEqual(['10.96.0.0/16']);
    expect(serviceRanges(serving({}))).toEqual([]);
  });
});
