import type { SortedMap } from '../../base/index.ts';

export type IPFamily = 'IPv4' | 'IPv6';
export type Protocol = 'SCTP' | 'TCP' | 'UDP';

/** What a proxy knows of its own node. */
export interface ProxyNode {
  readonly name: string;
  /** `topology.kubernetes.io/zone`; empty without. */
  readonly zone: string;
  /** The node's own IP of this family (its first InternalIP, else ExternalIP); absent when it has none. */
  readonly primaryIP?: string;
  /** All its IPs of this family, the loopback address first. */
  readonly addresses: readonly string[];
  /** Ranges of its pods, of this family. */
  readonly podCIDRs: readonly string[];
}

/** A place that traffic of a service port can go to. */
export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  /** `ip:port`, an IPv6 address in brackets. */
  readonly text: string;
  readonly nodeName: string;
  readonly zone: string;
  /** On the proxy's own node. */
  readonly local: boolean;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** A service port as its object says, in one IP family. */
export interface ServicePortInfo {
  /** `namespace/name`, then `:port` if the port has a name. Unique with `protocol`. */
  readonly name: string;
  /** Name of the port; may be empty. */
  readonly portName: string;
  readonly protocol: Protocol;
  readonly clusterIP: string;
  readonly port: number;
  /** 0 = none. */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  /** Ingress IPs in mode VIP; one in mode Proxy needs no rules. */
  readonly loadBalancerIPs: readonly string[];
  /** CIDRs that may come in by `loadBalancerIPs`; empty = all. */
  readonly loadBalancerSourceRanges: readonly string[];
  /** Seconds that a client sticks to its endpoint (affinity ClientIP); absent without affinity. */
  readonly affinitySeconds?: number;
  readonly internalPolicyLocal: boolean;
  readonly externalPolicyLocal: boolean;
  /** Where a load balancer asks for local endpoints; 0 = none. */
  readonly healthCheckNodePort: number;
  /** `trafficDistribution`, for those who print it: rules follow from the endpoints' hints alone. */
  readonly trafficDistribution?: string;
  /** Value of the topology annotation, which 1.28 wants before it follows hints. */
  readonly topologyMode: string;
}

/** Which hints hold: none, those for zones, or those for nodes. */
export type TopologyMode = '' | 'PreferSameNode' | 'PreferSameZone';

/** The endpoints of a service port as its traffic policies see them from one node. Sorted by `text`. */
export interface CategorisedEndpoints {
  /** For policy Cluster: ready and hinted here, or serving and terminating where none is ready. Empty if never used. */
  readonly cluster: readonly ProxyEndpoint[];
  /** For policy Local, with the same fallback. Empty if never used. */
  readonly local: readonly ProxyEndpoint[];
  /** Union of both: what this node needs a way to. The same array as one of them where that holds it all. */
  readonly reachable: readonly ProxyEndpoint[];
  /** Whether the service can be reached at any node. */
  readonly any: boolean;
  readonly topology: TopologyMode;
}

/** One service port with all that its rules follow from. The same reference as long as nothing of it changes. */
export interface ServicePortRules extends ServicePortInfo {
  /** Whether something but the cluster IP leads here. */
  readonly external: boolean;
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
  /** All, ready or not, sorted by `text`. */
  readonly all: readonly ProxyEndpoint[];
  readonly endpoints: CategorisedEndpoints;
}

/** A service that needs rules, in one family. */
export interface ServiceRules {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** In the order of the spec. */
  readonly ports: readonly ServicePortRules[];
}

/** How the proxy tells traffic of local pods; `none` when it cannot. */
export type LocalDetector =
  | { readonly by: 'none' }
  | { readonly by: 'source'; readonly cidr: string }
  /** An interface's name, or its beginning when it ends with `+`. */
  | { readonly by: 'interface'; readonly match: string };

/** Which release's rules are made; older ones differ in which hints they follow. */
export type ProxyVersion = '1.21' | '1.28' | '1.36';

export type ProxyMode = 'iptables' | 'ipvs' | 'nftables' | 'userspace' | 'winuserspace';

/** KubeProxyConfiguration with its defaults, worked out for one node and family. */
export interface ProxySettings {
  readonly version: ProxyVersion;
  readonly mode: ProxyMode;
  readonly masqueradeAll: boolean;
  /** The bit of the packet mark that asks for masquerading, 0–31. */
  readonly masqueradeBit: number;
  /** Whether node ports answer on 127.0.0.1 too. Not where `nodePortAddresses` leaves it out. */
  readonly localhostNodePorts: boolean;
  readonly localDetector: LocalDetector;
  /** Ranges of node addresses that node ports answer on, of this family; empty = the mode's default. `primary` = the node's own IP. */
  readonly nodePortAddresses: readonly string[];
  /** Whether conntrack lets TCP packets out of the window pass, so that none need be dropped. */
  readonly conntrackTCPLiberal: boolean;
  readonly ipvs: IPVSSettings;
  /** How often rules are looked over without a reason, and the least time between two changes of them. */
  readonly syncPeriodMs: number;
  readonly minSyncPeriodMs: number;
  /** How long the userspace mode keeps a silent UDP client's way. */
  readonly udpIdleMs: number;
  /** Ranges of cluster IPs, of this family; empty = unknown. */
  readonly serviceCIDRs: readonly string[];
}

export interface IPVSSettings {
  /** `rr` when not set. */
  readonly scheduler: string;
  readonly strictARP: boolean;
  readonly excludeCIDRs: readonly string[];
}

/**
 * What one node's proxy makes rules from, in one IP family (dual stack = two models). Immutable; the next model shares
 * every service that did not change, by reference.
 */
export interface RuleModel {
  readonly family: IPFamily;
  readonly node: ProxyNode;
  readonly settings: ProxySettings;
  /** By `namespace/name`. Read only: a model never changes. */
  readonly services: Pick<
    SortedMap<ServiceRules>,
    'entries' | 'get' | 'has' | 'keys' | 'size' | 'values'
  >;
  /** Endpoints of all service ports, ready or not; kube-proxy saves on comments above a thousand. */
  readonly endpointCount: number;
}

/** What one update changed: keys of services, sorted; `whole` when the node or the settings changed, and so everything may. */
export interface ModelChange {
  readonly before: RuleModel;
  readonly after: RuleModel;
  readonly services: readonly string[];
  readonly whole: boolean;
}
