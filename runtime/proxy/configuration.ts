import { clusters } from '../../generated/cluster/v1/resources.ts';
import { nodes, services } from '../../generated/core/v1/resources.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import { kubeproxyconfigurations } from '../../generated/kubeproxy/v1alpha1/resources.ts';
import { servicecidrs } from '../../generated/networking/v1/resources.ts';
import type { Transport } from '../client/index.ts';
import { isApiError, type ResourceRef } from '../meta/index.ts';
import type { ProxyConfig, ProxyMode } from './model/index.ts';

export type Reading = Pick<Transport, 'lister'>;

/** What a proxy cannot do without, and what it reads where the server has it. */
export const PROXY_NEEDS: readonly ResourceRef[] = [nodes, services, endpointslices] as never;
export const PROXY_READS: readonly ResourceRef[] = [
  ...PROXY_NEEDS,
  ...([kubeproxyconfigurations, clusters, servicecidrs] as never[]),
];

/** Pods get their addresses from this range unless the Cluster says otherwise. */
const POD_CIDR = '10.244.0.0/16';
/** And services theirs from this one. */
const SERVICE_CIDR = '10.96.0.0/16';

/**
 * The first KubeProxyConfiguration; without any, `otherwise`, and without that the defaults with the pod range of the Cluster.
 * A mode that is `wanted` takes the place of its own.
 */
export function proxyConfig(
  reading: Reading,
  wanted: ProxyMode | undefined,
  otherwise?: ProxyConfig,
): ProxyConfig {
  const configuration = listIfServed(reading, kubeproxyconfigurations)?.[0] ?? otherwise;
  const mode = wanted === undefined ? {} : { mode: wanted };
  if (configuration) return { ...configuration, ...mode };
  const known = listIfServed(reading, clusters);
  // Where pods get their addresses on a cluster that is not ours, nobody says: then local traffic cannot be told.
  if (!known) return mode;
  return { clusterCIDR: known[0]?.spec?.network?.podCIDR ?? POD_CIDR, ...mode };
}

/** Those of the ServiceCIDRs; without any the range of the Cluster, and none where there are no Clusters either. */
export function serviceRanges(reading: Reading): readonly string[] {
  const ranges = listIfServed(reading, servicecidrs)?.flatMap(({ spec }) => spec?.cidrs ?? []);
  if (ranges && ranges.length > 0) return ranges;
  const known = listIfServed(reading, clusters);
  return known ? [known[0]?.spec?.network?.serviceCIDR ?? SERVICE_CIDR] : [];
}

/** A real API server does not know all kinds, nor may everybody list those that it knows: undefined. */
function listIfServed<T>(reading: Reading, resource: ResourceRef<T>): readonly T[] | undefined {
  try {
    return reading.lister(resource).list();
  } catch (error) {
    if (isApiError(error)) return undefined;
    throw error;
  }
}
