import {
  type ProxyEndpoint,
  type RuleModel,
  rangeContains,
  type ServicePortRules,
} from '../model/index.ts';
import { endpointChain, type PortChains, portChains } from './chains.ts';

/** Above so many endpoints, comments in the endpoints' chains cost more than they tell. */
const LARGE_CLUSTER_ENDPOINTS = 1000;

/** What all service ports of a model have in common. */
export interface TextContext {
  readonly nodeIP: string | undefined;
  readonly masqueradeAll: boolean;
  /** The match for traffic of local pods and for all other; undefined when they cannot be told apart. */
  readonly ifLocal: string | undefined;
  readonly ifNotLocal: string | undefined;
  readonly large: boolean;
}

export function textContext({ node, settings, endpointCount }: RuleModel): TextContext {
  const { localDetector, masqueradeAll } = settings;
  const match =
    localDetector.by === 'none'
      ? undefined
      : localDetector.by === 'source'
        ? `-s ${localDetector.cidr}`
        : `-i ${localDetector.match}`;
  return {
    nodeIP: node.primaryIP,
    masqueradeAll,
    ifLocal: match,
    ifNotLocal: match && `! ${match}`,
    large: endpointCount > LARGE_CLUSTER_ENDPOINTS,
  };
}

/** Which of its chains a port uses, and why traffic is refused where it is. */
interface PortPlan {
  readonly chains: PortChains;
  readonly internalChain: string;
  readonly hasInternal: boolean;
  readonly hasExternal: boolean;
  readonly usesFirewall: boolean;
}

function planOf(port: ServicePortRules): PortPlan {
  const { any, local } = port.endpoints;
  const chains = portChains(port);
  return {
    chains,
    internalChain: port.internalPolicyLocal ? chains.local : chains.cluster,
    hasInternal: port.internalPolicyLocal ? local.length > 0 : any,
    hasExternal: port.externalPolicyLocal ? local.length > 0 : any,
    usesFirewall:
      any && port.loadBalancerIPs.length > 0 && port.loadBalancerSourceRanges.length > 0,
  };
}

/** Lines of chains that all service ports share, by table. Each ends with a newline. */
export interface DispatchText {
  readonly filter: string;
  readonly nat: string;
}

/** How traffic gets to a port's own chains, and where it is refused instead. */
export function dispatchText(port: ServicePortRules): DispatchText {
  const plan = planOf(port);
  return { filter: filterText(port, plan), nat: natDispatch(port, plan) };
}

function natDispatch(port: ServicePortRules, plan: PortPlan): string {
  const { name, endpoints, clusterIP, nodePort } = port;
  const { chains, internalChain, hasInternal, usesFirewall } = plan;
  const l4 = layer4(port);
  const service = (what: string, ip: string, to: string): string =>
    `-A KUBE-SERVICES -m comment --comment "${name} ${what}" ${l4} -d ${ip} --dport ${port.port} -j ${to}\n`;
  let text = hasInternal ? service('cluster IP', clusterIP, internalChain) : '';
  if (!endpoints.any) return text;
  for (const ip of port.externalIPs) text += service('external IP', ip, chains.external);
  const way = usesFirewall ? chains.firewall : chains.external;
  for (const ip of port.loadBalancerIPs) text += service('loadbalancer IP', ip, way);
  if (nodePort !== 0)
    text += `-A KUBE-NODEPORTS -m comment --comment ${name} ${l4} --dport ${nodePort} -j ${chains.external}\n`;
  return text;
}

/** No endpoints at all: reject. None for this policy here: drop, for a balancer to try another node. */
function filterText(port: ServicePortRules, plan: PortPlan): string {
  const { name, endpoints, clusterIP, nodePort, healthCheckNodePort } = port;
  const [why, target] = endpoints.any
    ? ['has no local endpoints', 'DROP']
    : ['has no endpoints', 'REJECT'];
  const l4 = layer4(port);
  const to = (ip: string): string => `-d ${ip} --dport ${port.port}`;
  const refuse = (chain: string, match: string): string =>
    `-A ${chain} -m comment --comment "${name} ${why}" ${match} -j ${target}\n`;
  let text = plan.hasInternal ? '' : refuse('KUBE-SERVICES', `${l4} ${to(clusterIP)}`);
  if (!plan.hasExternal)
    for (const ip of port.externalIPs) text += refuse('KUBE-EXTERNAL-SERVICES', `${l4} ${to(ip)}`);
  if (plan.usesFirewall)
    for (const ip of port.loadBalancerIPs)
      text += `-A KUBE-PROXY-FIREWALL -m comment --comment "${name} traffic not accepted by ${plan.chains.firewall}" ${l4} ${to(ip)} -j DROP\n`;
  if (!plan.hasExternal) {
    for (const ip of port.loadBalancerIPs)
      text += refuse('KUBE-EXTERNAL-SERVICES', `${l4} ${to(ip)}`);
    if (nodePort !== 0)
      text += refuse(
        'KUBE-EXTERNAL-SERVICES',
        `-m addrtype --dst-type LOCAL ${l4} --dport ${nodePort}`,
      );
  }
  if (healthCheckNodePort !== 0)
    text += `-A KUBE-NODEPORTS -m comment --comment "${name} health check node port" -m tcp -p tcp --dport ${healthCheckNodePort} -j ACCEPT\n`;
  return text;
}

const layer4 = ({ protocol }: ServicePortRules): string => {
  const name = protocol.toLowerCase();
  return `-m ${name} -p ${name}`;
};

/** A port's own chains in the nat table. */
export interface ChainText {
  readonly chains: readonly string[];
  /** Each line ends with a newline. */
  readonly rules: string;
}

export function chainText(port: ServicePortRules, context: TextContext): ChainText {
  const plan = planOf(port);
  const { chains, usesFirewall } = plan;
  const { any, cluster, local } = port.endpoints;
  const places = placesOf(port);
  let rules = plan.hasInternal ? internalRules(port, plan, context) : '';
  if (any && port.external) rules += externalRules(port, plan, context);
  if (usesFirewall) rules += firewallRules(port, plan, context);
  rules += balancingRules(port, chains.cluster, cluster, places, context);
  rules += balancingRules(port, chains.local, local, places, context);
  for (const [endpoint, chain] of places) rules += endpointRules(port, endpoint, chain, context);
  return { chains: namesOf(port, plan, places), rules };
}

/** The names alone, in the same order. */
export function chainNames(port: ServicePortRules): string[] {
  return namesOf(port, planOf(port), placesOf(port));
}

/** The endpoints that need a chain, with its name. */
type Places = ReadonlyMap<ProxyEndpoint, string>;

const placesOf = (port: ServicePortRules): Places =>
  new Map(port.endpoints.reachable.map((each) => [each, endpointChain(port, each)]));

function namesOf(
  port: ServicePortRules,
  { chains, usesFirewall }: PortPlan,
  places: Places,
): string[] {
  const { any, cluster, local } = port.endpoints;
  return [
    ...(any && port.external ? [chains.external] : []),
    ...(usesFirewall ? [chains.firewall] : []),
    ...(cluster.length > 0 ? [chains.cluster] : []),
    ...(local.length > 0 ? [chains.local] : []),
    ...places.values(),
  ];
}

/** Traffic to the cluster IP from elsewhere than a pod is masqueraded, since it may leave the node again. */
function internalRules(port: ServicePortRules, plan: PortPlan, context: TextContext): string {
  const { masqueradeAll, ifNotLocal } = context;
  if (!masqueradeAll && ifNotLocal === undefined) return '';
  const from = masqueradeAll ? '' : ` ${ifNotLocal}`;
  return `-A ${plan.internalChain} -m comment --comment "${port.name} cluster IP" ${layer4(port)} -d ${port.clusterIP} --dport ${port.port}${from} -j KUBE-MARK-MASQ\n`;
}

function externalRules(port: ServicePortRules, plan: PortPlan, context: TextContext): string {
  const { cluster, local, external } = plan.chains;
  const rule = (what: string, rest: string): string =>
    `-A ${external} -m comment --comment "${what} for ${port.name} external destinations" ${rest}\n`;
  const last = plan.hasExternal
    ? `-A ${external} -j ${port.externalPolicyLocal ? local : cluster}\n`
    : '';
  if (!port.externalPolicyLocal) return rule('masquerade traffic', '-j KUBE-MARK-MASQ') + last;
  const fromNode = '-m addrtype --src-type LOCAL';
  return (
    (context.ifLocal === undefined ? '' : rule('pod traffic', `${context.ifLocal} -j ${cluster}`)) +
    rule('masquerade LOCAL traffic', `${fromNode} -j KUBE-MARK-MASQ`) +
    rule('route LOCAL traffic', `${fromNode} -j ${cluster}`) +
    last
  );
}

/** What no range lets through runs off the end and is dropped in KUBE-PROXY-FIREWALL, since it keeps its destination. */
function firewallRules(port: ServicePortRules, plan: PortPlan, context: TextContext): string {
  const { firewall, external } = plan.chains;
  const allow = (source: string): string =>
    `-A ${firewall} -m comment --comment "${port.name} loadbalancer IP" -s ${source} -j ${external}\n`;
  const ranges = port.loadBalancerSourceRanges;
  let rules = ranges.map(allow).join('');
  // Where the node holds the balancer's IP itself, its own requests come from that.
  const { nodeIP } = context;
  if (nodeIP !== undefined && ranges.some((range) => rangeContains(range, nodeIP)))
    rules += port.loadBalancerIPs.map(allow).join('');
  return `${rules}-A ${firewall} -m comment --comment "other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL"\n`;
}

/** Clients that are remembered go where they went; of the others each of n endpoints gets 1/n. */
function balancingRules(
  port: ServicePortRules,
  chain: string,
  endpoints: readonly ProxyEndpoint[],
  places: Places,
  { large }: TextContext,
): string {
  const comment = ({ text }: ProxyEndpoint): string =>
    large ? '' : ` -m comment --comment "${port.name} -> ${text}"`;
  let rules = '';
  if (port.affinitySeconds !== undefined)
    for (const endpoint of endpoints) {
      const place = places.get(endpoint);
      rules += `-A ${chain}${comment(endpoint)} -m recent --name ${place} --rcheck --seconds ${port.affinitySeconds} --reap -j ${place}\n`;
    }
  for (const [at, endpoint] of endpoints.entries()) {
    const left = endpoints.length - at;
    const chance =
      left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}` : '';
    rules += `-A ${chain}${comment(endpoint)}${chance} -j ${places.get(endpoint)}\n`;
  }
  return rules;
}

/** A pod that reaches itself by its service must see another source than itself. */
function endpointRules(
  port: ServicePortRules,
  { ip, text }: ProxyEndpoint,
  chain: string,
  { large }: TextContext,
): string {
  const start = `-A ${chain}${large ? '' : ` -m comment --comment ${port.name}`}`;
  const remember = port.affinitySeconds === undefined ? '' : ` -m recent --name ${chain} --set`;
  return (
    `${start} -s ${ip} -j KUBE-MARK-MASQ\n` +
    `${start}${remember} ${layer4(port)} -j DNAT --to-destination ${text}\n`
  );
}
