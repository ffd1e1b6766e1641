import type { ProxyEndpoint, ServicePortRules } from '../model/index.ts';
import { rangeContains } from '../model/index.ts';
import type { Dialect } from './dialect.ts';
import { type Container, REJECT_CHAIN } from './layout.ts';
import { endpointBase, portBase, portPath } from './names.ts';

export interface Chain {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Where the clients of one endpoint are remembered. */
export interface AffinitySet {
  readonly name: string;
  readonly timeoutSeconds: number;
}

/** An entry of a set (no value) or of a map to verdicts. */
export interface Element {
  readonly container: Container;
  readonly key: string;
  readonly value?: string;
  readonly comment?: string;
}

/** What one service port puts into the table. Names of chains and sets belong to it alone; elements may not. */
export interface Fragment {
  /** In an order in which each is only referred to by later ones. */
  readonly chains: readonly Chain[];
  readonly sets: readonly AffinitySet[];
  readonly elements: readonly Element[];
}

/** Names of the chains of one service port; whether they exist is another question. */
interface Names {
  readonly path: string;
  readonly cluster: string;
  readonly local: string;
  readonly external: string;
  readonly firewall: string;
}

/** A service port's rules, in the layout of 1.36. */
export function fragmentOf(
  port: ServicePortRules,
  dialect: Dialect,
  nodeIP: string | undefined,
): Fragment {
  const path = portPath(port);
  const base = portBase(path);
  const names: Names = {
    path,
    cluster: `service-${base}`,
    local: `local-${base}`,
    external: `external-${base}`,
    firewall: `firewall-${base}`,
  };
  const { endpoints, affinitySeconds } = port;
  const chains: Chain[] = [];
  if (affinitySeconds !== undefined)
    for (const endpoint of endpoints.reachable)
      chains.push(endpointChain(port, endpoint, path, dialect));
  if (port.usesCluster && endpoints.cluster.length > 0)
    chains.push({ name: names.cluster, rules: balancing(port, endpoints.cluster, path, dialect) });
  if (port.usesLocal && endpoints.local.length > 0)
    chains.push({ name: names.local, rules: balancing(port, endpoints.local, path, dialect) });
  if (port.external && endpoints.any)
    chains.push({ name: names.external, rules: externalRules(port, names, dialect) });
  if (isFirewalled(port))
    chains.push({ name: names.firewall, rules: [firewallRule(port, dialect, nodeIP)] });
  const sets =
    affinitySeconds === undefined
      ? []
      : endpoints.reachable.map((endpoint) => ({
          name: affinityName(path, endpoint),
          timeoutSeconds: affinitySeconds,
        }));
  return { chains, sets, elements: elementsOf(port, names) };
}

const affinityName = (path: string, endpoint: ProxyEndpoint): string =>
  `affinity-${endpointBase(path, endpoint)}`;
const endpointName = (path: string, endpoint: ProxyEndpoint): string =>
  `endpoint-${endpointBase(path, endpoint)}`;

/** Only where clients stick has an endpoint a chain of its own: the place where who comes is written down. */
function endpointChain(
  port: ServicePortRules,
  endpoint: ProxyEndpoint,
  path: string,
  { ip }: Dialect,
): Chain {
  return {
    name: endpointName(path, endpoint),
    rules: [
      `update @${affinityName(path, endpoint)} { ${ip} saddr }`,
      `meta l4proto ${port.protocol.toLowerCase()} dnat to ${endpoint.text}`,
    ],
  };
}

/** Chooses one of the endpoints; first, where clients stick, the one that knows the client. */
function balancing(
  port: ServicePortRules,
  endpoints: readonly ProxyEndpoint[],
  path: string,
  { ip }: Dialect,
): string[] {
  const choice = `numgen random mod ${endpoints.length}`;
  if (port.affinitySeconds === undefined) {
    const places = endpoints.map((each, at) => `${at} : ${each.ip} . ${each.port}`).join(' , ');
    const protocol = port.protocol.toLowerCase();
    return [`meta l4proto ${protocol} dnat ${ip} addr . port to ${choice} map { ${places} }`];
  }
  const known = endpoints.map(
    (each) => `${ip} saddr @${affinityName(path, each)} goto ${endpointName(path, each)}`,
  );
  const verdicts = endpoints.map((each, at) => `${at} : goto ${endpointName(path, each)}`);
  return [...known, `${choice} vmap { ${verdicts.join(' , ')} }`];
}

/**
 * Traffic to external addresses. With policy Cluster the endpoint may be on another node, so replies must come back here.
 * With Local, pods and the node itself are treated as if they had gone out and come in again at any node.
 */
function externalRules(
  port: ServicePortRules,
  names: Names,
  { mark, fromLocalPod }: Dialect,
): string[] {
  if (!port.externalPolicyLocal) return [mark, `goto ${names.cluster}`];
  const rules: string[] = [];
  if (fromLocalPod)
    rules.push(`${fromLocalPod} goto ${names.cluster} comment "short-circuit pod traffic"`);
  rules.push(
    `fib saddr type local ${mark} comment "masquerade local traffic"`,
    `fib saddr type local goto ${names.cluster} comment "short-circuit local traffic"`,
  );
  if (port.endpoints.local.length > 0) rules.push(`goto ${names.local}`);
  return rules;
}

const isFirewalled = (port: ServicePortRules): boolean =>
  port.loadBalancerIPs.length > 0 && port.loadBalancerSourceRanges.length > 0;

/** A request of the node to the address of a load balancer loops back with that address as its source. */
function firewallRule(port: ServicePortRules, { ip }: Dialect, nodeIP: string | undefined): string {
  const ranges = port.loadBalancerSourceRanges;
  const nodeToo = nodeIP !== undefined && ranges.some((range) => rangeContains(range, nodeIP));
  const sources = nodeToo ? [...ranges, ...port.loadBalancerIPs] : ranges;
  return `${ip} saddr != { ${sources.join(' , ')} } drop`;
}

function elementsOf(port: ServicePortRules, names: Names): Element[] {
  const protocol = port.protocol.toLowerCase();
  const { endpoints } = port;
  const elements: Element[] = [{ container: 'cluster-ips', key: port.clusterIP }];
  const at = (address: string): string => `${address} . ${protocol} . ${port.port}`;
  const nowhere = (localPolicy: boolean): string | undefined => {
    if (!endpoints.any) return `goto ${REJECT_CHAIN}`;
    return localPolicy && endpoints.local.length === 0 ? 'drop' : undefined;
  };
  const comment = port.name;
  const inner = nowhere(port.internalPolicyLocal);
  elements.push(
    inner === undefined
      ? {
          container: 'service-ips',
          key: at(port.clusterIP),
          value: `goto ${port.internalPolicyLocal ? names.local : names.cluster}`,
        }
      : { container: 'no-endpoint-services', key: at(port.clusterIP), value: inner, comment },
  );
  const outer = nowhere(port.externalPolicyLocal);
  for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
    const key = at(address);
    if (endpoints.any)
      elements.push({ container: 'service-ips', key, value: `goto ${names.external}` });
    if (outer !== undefined)
      elements.push({ container: 'no-endpoint-services', key, value: outer, comment });
  }
  if (isFirewalled(port))
    for (const address of port.loadBalancerIPs)
      elements.push({
        container: 'firewall-ips',
        key: at(address),
        value: `goto ${names.firewall}`,
      });
  if (port.nodePort !== 0) {
    const key = `${protocol} . ${port.nodePort}`;
    if (endpoints.any)
      elements.push({ container: 'service-nodeports', key, value: `goto ${names.external}` });
    if (outer !== undefined)
      elements.push({ container: 'no-endpoint-nodeports', key, value: outer, comment });
  }
  for (const { ip, port: number, local } of endpoints.reachable)
    if (local)
      elements.push({
        container: 'hairpin-connections',
        key: `${ip} . ${ip} . ${protocol} . ${number}`,
      });
  return elements;
}
