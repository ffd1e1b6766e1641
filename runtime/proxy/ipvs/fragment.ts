import {
  isZeroRange,
  type RuleModel,
  rangeContains,
  type ServicePortRules,
} from '../model/index.ts';
import type { SetName } from './sets.ts';

/** An address, port and protocol that IPVS answers for, and who behind it. */
export interface VirtualServer {
  /** As `ipvsadm` names it: `-t 10.96.0.10:80`. */
  readonly service: string;
  /** Scheduler and persistence: `-s rr -p 600`. */
  readonly options: string;
  /** `ip:port`, sorted; each has weight 1. */
  readonly reals: readonly string[];
}

/** What one service port puts into the kernel. */
export interface Fragment {
  readonly entries: readonly (readonly [set: SetName, entry: string])[];
  readonly servers: readonly VirtualServer[];
  /** Addresses for the dummy interface, without which the kernel would not take packets to them. */
  readonly binds: readonly string[];
  /** Rules of KUBE-IPVS-OUT-FILTER: the node itself is outside the source ranges. */
  readonly drops: readonly string[];
}

const FLAGS = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' } as const;

export function fragmentOf(port: ServicePortRules, model: RuleModel): Fragment {
  const fragment = new PortFragment(port, model);
  fragment.clusterIP();
  for (const address of port.externalIPs) fragment.externalIP(address);
  for (const address of port.loadBalancerIPs) fragment.loadBalancer(address);
  if (port.nodePort !== 0) fragment.nodePort();
  if (port.healthCheckNodePort !== 0)
    fragment.entries.push(['KUBE-HEALTH-CHECK-NODE-PORT', `${port.healthCheckNodePort}`]);
  return fragment;
}

class PortFragment implements Fragment {
  readonly entries: (readonly [SetName, string])[] = [];
  readonly servers: VirtualServer[] = [];
  readonly binds: string[] = [];
  readonly drops: string[] = [];
  readonly #port: ServicePortRules;
  readonly #model: RuleModel;
  readonly #protocol: string;

  constructor(port: ServicePortRules, model: RuleModel) {
    this.#port = port;
    this.#model = model;
    this.#protocol = port.protocol.toLowerCase();
    // What a pod sends to itself by way of the service must not seem to come from itself.
    for (const { ip, port: number, local } of port.all)
      if (local) this.entries.push(['KUBE-LOOP-BACK', `${this.#at(ip, number)},${ip}`]);
  }

  clusterIP(): void {
    const { clusterIP, port, internalPolicyLocal } = this.#port;
    this.entries.push(['KUBE-CLUSTER-IP', this.#at(clusterIP, port)]);
    this.#serve(clusterIP, port, internalPolicyLocal);
    this.binds.push(clusterIP);
  }

  externalIP(address: string): void {
    const { port, externalPolicyLocal } = this.#port;
    const set = externalPolicyLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
    this.entries.push([set, this.#at(address, port)]);
    this.#serveExternal(address);
  }

  loadBalancer(address: string): void {
    const { port, externalPolicyLocal, loadBalancerSourceRanges } = this.#port;
    const at = this.#at(address, port);
    this.entries.push(['KUBE-LOAD-BALANCER', at]);
    if (externalPolicyLocal) this.entries.push(['KUBE-LOAD-BALANCER-LOCAL', at]);
    if (loadBalancerSourceRanges.length > 0) this.#firewall(address, at);
    this.#serveExternal(address);
  }

  nodePort(): void {
    const { protocol, nodePort, externalPolicyLocal } = this.#port;
    const addresses = nodePortIPs(this.#model);
    if (addresses.length === 0) return;
    const sets: SetName[] =
      protocol === 'SCTP'
        ? ['KUBE-NODE-PORT-SCTP-HASH', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH']
        : [`KUBE-NODE-PORT-${protocol}`, `KUBE-NODE-PORT-LOCAL-${protocol}`];
    const entries =
      protocol === 'SCTP' ? addresses.map((ip) => this.#at(ip, nodePort)) : [`${nodePort}`];
    for (const set of externalPolicyLocal ? sets : sets.slice(0, 1))
      for (const entry of entries) this.entries.push([set, entry]);
    for (const address of addresses) this.#serve(address, nodePort, externalPolicyLocal);
  }

  #firewall(address: string, at: string): void {
    const { loadBalancerSourceRanges: ranges, port } = this.#port;
    const { primaryIP } = this.#model.node;
    this.entries.push(['KUBE-LOAD-BALANCER-FW', at]);
    for (const range of ranges.flatMap(halves))
      this.entries.push(['KUBE-LOAD-BALANCER-SOURCE-CIDR', `${at},${range}`]);
    if (primaryIP !== undefined && ranges.some((range) => rangeContains(range, primaryIP)))
      this.entries.push(['KUBE-LOAD-BALANCER-SOURCE-IP', `${at},${address}`]);
    // A request of the node itself has the address as its source too.
    else
      this.drops.push(
        `-s ${address} -m ipvs --vaddr ${address} --vproto ${this.#protocol} --vport ${port} -j DROP`,
      );
  }

  #serveExternal(address: string): void {
    this.#serve(address, this.#port.port, this.#port.externalPolicyLocal);
    if (!this.#model.node.addresses.includes(address)) this.binds.push(address);
  }

  /** Where policy Local has nobody, traffic goes anywhere: only replies to local pods find their way back. */
  #serve(address: string, port: number, local: boolean): void {
    const { endpoints, protocol, affinitySeconds } = this.#port;
    const { scheduler } = this.#model.settings.ipvs;
    const v6 = this.#model.family === 'IPv6';
    const reals = local && endpoints.local.length > 0 ? endpoints.local : endpoints.cluster;
    const persistent =
      affinitySeconds === undefined ? '' : ` -p ${affinitySeconds}${v6 ? ' -M 128' : ''}`;
    this.servers.push({
      service: `${FLAGS[protocol]} ${v6 ? `[${address}]` : address}:${port}`,
      options: `-s ${scheduler}${persistent}${scheduler === 'mh' ? ' -b mh-port' : ''}`,
      reals: reals.map(({ text }) => text),
    });
  }

  #at(address: string, port: number): string {
    return `${address},${this.#protocol}:${port}`;
  }
}

/** A set of networks cannot hold the one of all addresses, but its two halves. */
function halves(range: string): string[] {
  if (!isZeroRange(range)) return [range];
  return range.includes(':') ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
}

/** The node's addresses that node ports answer on: never a loopback address, which IPVS cannot forward from. */
function nodePortIPs({ family, node, settings }: RuleModel): readonly string[] {
  const { nodePortAddresses: ranges } = settings;
  const loopback = family === 'IPv6' ? '::1/128' : '127.0.0.0/8';
  return node.addresses.filter(
    (ip) =>
      !rangeContains(loopback, ip) &&
      (ranges.length === 0 ||
        ranges.some((range) =>
          range === 'primary' ? ip === node.primaryIP : rangeContains(range, ip),
        )),
  );
}
