import { byText } from './endpoints.ts';
import type {
  CategorisedEndpoints,
  ProxyEndpoint,
  ProxyNode,
  ProxyVersion,
  ServicePortInfo,
  TopologyMode,
} from './types.ts';

export interface PolicyUse {
  readonly external: boolean;
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
}

/**
 * Which traffic policies a port ever follows. One with external policy Local needs cluster endpoints too: traffic of the
 * node's own pods to an external address is treated as if it came back in at any node.
 */
export function policyUse(port: ServicePortInfo): PolicyUse {
  const external =
    port.nodePort !== 0 || port.loadBalancerIPs.length > 0 || port.externalIPs.length > 0;
  return {
    external,
    usesCluster: !port.internalPolicyLocal || external,
    usesLocal: port.internalPolicyLocal || (port.externalPolicyLocal && external),
  };
}

const EMPTY: readonly ProxyEndpoint[] = [];
const NOTHING: CategorisedEndpoints = {
  cluster: EMPTY,
  local: EMPTY,
  reachable: EMPTY,
  any: false,
  topology: '',
};

/** Sorts the endpoints of a port by traffic policy, as seen from `node`. `all` must be sorted by `text`. */
export function categorise(
  all: readonly ProxyEndpoint[],
  port: ServicePortInfo,
  use: PolicyUse,
  node: ProxyNode,
  version: ProxyVersion,
): CategorisedEndpoints {
  if (all.length === 0) return NOTHING;
  const topology = use.usesCluster ? topologyOf(all, port, node, version) : '';
  const cluster = use.usesCluster ? clusterEndpoints(all, topology, node) : EMPTY;
  if (!use.usesLocal)
    return { cluster, local: EMPTY, reachable: cluster, any: cluster.length > 0, topology };
  const local = withFallback(all.filter((endpoint) => endpoint.local));
  return {
    cluster,
    local,
    reachable: use.usesCluster ? union(cluster, local) : local,
    any: cluster.length > 0 || all.some((endpoint) => endpoint.ready || isDraining(endpoint)),
    topology,
  };
}

const isDraining = (endpoint: ProxyEndpoint): boolean => endpoint.serving && endpoint.terminating;

/** The ready ones; where there are none, those that still serve on their way out. */
function withFallback(endpoints: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : endpoints.filter(isDraining);
}

function clusterEndpoints(
  all: readonly ProxyEndpoint[],
  topology: TopologyMode,
  node: ProxyNode,
): readonly ProxyEndpoint[] {
  if (topology === '') return withFallback(all);
  const hinted = (endpoint: ProxyEndpoint): boolean =>
    topology === 'PreferSameNode'
      ? endpoint.nodeHints.includes(node.name)
      : endpoint.zoneHints.includes(node.zone);
  return all.filter((endpoint) => endpoint.ready && hinted(endpoint));
}

/**
 * Hints hold only if every ready endpoint has some and one is for here; otherwise all endpoints are used. Hints for nodes
 * come before those for zones. Before 1.36 there were none for nodes, and those for zones wanted an annotation.
 */
function topologyOf(
  all: readonly ProxyEndpoint[],
  port: ServicePortInfo,
  node: ProxyNode,
  version: ProxyVersion,
): TopologyMode {
  const old = version !== '1.36';
  if (old && /^([dD]isabled)?$/.test(port.topologyMode)) return '';
  const ready = all.filter((endpoint) => endpoint.ready);
  const holds = (hints: (endpoint: ProxyEndpoint) => readonly string[], here: string): boolean =>
    ready.every((endpoint) => hints(endpoint).length > 0) &&
    ready.some((endpoint) => hints(endpoint).includes(here));
  if (!old && holds(({ nodeHints }) => nodeHints, node.name)) return 'PreferSameNode';
  return holds(({ zoneHints }) => zoneHints, node.zone) ? 'PreferSameZone' : '';
}

function union(
  cluster: readonly ProxyEndpoint[],
  local: readonly ProxyEndpoint[],
): readonly ProxyEndpoint[] {
  const extra = local.filter((endpoint) => !cluster.includes(endpoint));
  return extra.length === 0 ? cluster : [...cluster, ...extra].sort(byText);
}
