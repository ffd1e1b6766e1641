import type { Pod } from '../../generated/core/v1/types.ts';

const PATHS_MAX = 32;
const LINE_MAX = 2048;
const NAME_MAX = 253;

/** The search line of a pod's resolver, and whether the resolver's limits cut it. */
export interface SearchLine {
  readonly domains: readonly string[];
  readonly isCut: boolean;
}

/**
 * Where a pod's resolver looks for short names: below its namespace, `svc` and the cluster's domain, as its DNS policy says,
 * then where the pod asks for. Machines have no search domains of their own here. Limits cut the end of the line.
 */
export function searchLine(pod: Pod, clusterDomain: string): SearchLine {
  const asked = [...policyDomains(pod, clusterDomain), ...(pod.spec?.dnsConfig?.searches ?? [])];
  const wanted = [...new Set(asked)];
  const kept = wanted.slice(0, PATHS_MAX).filter((domain) => domain.length <= NAME_MAX);
  while (kept.join(' ').length > LINE_MAX) kept.pop();
  return { domains: kept, isCut: kept.length < wanted.length };
}

function policyDomains({ metadata, spec }: Pod, clusterDomain: string): readonly string[] {
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false } = spec ?? {};
  const isOfCluster =
    dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  if (!isOfCluster) return [];
  const services = `svc.${clusterDomain}`;
  return [`${metadata.namespace}.${services}`, services, clusterDomain];
}

export function cutMessage({ domains }: SearchLine): string {
  const what = 'Search Line limits were exceeded, some search paths have been omitted';
  return `${what}, the applied search line is: ${domains.join(' ')}`;
}
