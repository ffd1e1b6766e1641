import type { Emitter } from '../emitter.ts';
import { LineRules, ownerOf } from '../line-rules.ts';
import type { ModelChange, RuleModel, ServicePortRules } from '../model/index.ts';
import { ProxyPorts } from './proxy-ports.ts';

const NON_LOCAL = 'KUBE-NODEPORT-NON-LOCAL';
const NAT_CHAINS = [
  'KUBE-PORTALS-CONTAINER',
  'KUBE-PORTALS-HOST',
  'KUBE-NODEPORT-CONTAINER',
  'KUBE-NODEPORT-HOST',
];

const PORTALS =
  '-m comment --comment "handle ClusterIPs; NOTE: this must be before the NodePort rules"';
const NODE_PORTS =
  '-m addrtype --dst-type LOCAL -m comment --comment "handle service NodePorts; NOTE: this must be the last rule in the chain"';
const NAT_JUMPS = [
  `PREROUTING ${PORTALS} -j KUBE-PORTALS-CONTAINER`,
  `PREROUTING ${NODE_PORTS} -j KUBE-NODEPORT-CONTAINER`,
  `OUTPUT ${PORTALS} -j KUBE-PORTALS-HOST`,
  `OUTPUT ${NODE_PORTS} -j KUBE-NODEPORT-HOST`,
];
const FILTER_JUMP = `INPUT -m comment --comment "Ensure that non-local NodePort traffic can flow" -j ${NON_LOCAL}`;

/**
 * iptables rules of the userspace mode, as they were until 1.25: they lead what is for a service to the port on which the
 * proxy listens for it. Endpoints are no part of them. Ports with SCTP have none: the proxy cannot carry it.
 */
export class UserspaceRules {
  readonly #rules: LineRules;

  constructor(model: RuleModel) {
    const ports = new ProxyPorts();
    this.#rules = new LineRules(model, {
      linesOf: (port, at) =>
        port.protocol === 'SCTP' ? [] : rulesOf(port, at, ports.portOf(ownerOf(port))),
      placeOf: (rule) => rule.replace(/ --comment \S+| -j .*/g, ''),
      forget: (owner) => ports.free(owner),
    });
  }

  /** Text for `iptables-restore --noflush` on an empty kernel. */
  fullText(): string {
    const lines = this.#rules.all();
    const [filter, nat] = split(lines);
    return (
      table('nat', [...NAT_CHAINS.map(chainLine), ...NAT_JUMPS.map(add), ...nat.map(add)]) +
      table('filter', [chainLine(NON_LOCAL), add(FILTER_JUMP), ...filter.map(add)])
    );
  }

  /** The same for what a change of the model changes; empty if that is nothing. */
  update(change: ModelChange): string {
    const { gone, come } = this.#rules.update(change);
    const [filterGone, natGone] = split(gone);
    const [filterCome, natCome] = split(come);
    const part = (name: string, lines: readonly string[]): string =>
      lines.length === 0 ? '' : table(name, lines);
    return (
      part('nat', [...natGone.map(remove), ...natCome.map(add)]) +
      part('filter', [...filterGone.map(remove), ...filterCome.map(add)])
    );
  }
}

export const userspaceEmitter: Emitter = {
  together: false,
  rules: (model) => new UserspaceRules(model).fullText(),
  follow: (model) => new UserspaceRules(model),
};

const chainLine = (chain: string): string => `:${chain} - [0:0]`;
const add = (rule: string): string => `-A ${rule}`;
const remove = (rule: string): string => `-D ${rule}`;
const table = (name: string, lines: readonly string[]): string =>
  `*${name}\n${lines.join('\n')}\nCOMMIT\n`;

function split(rules: readonly string[]): [filter: string[], nat: string[]] {
  const isFilter = (rule: string): boolean => rule.startsWith(NON_LOCAL);
  return [rules.filter(isFilter), rules.filter((rule) => !isFilter(rule))];
}

function rulesOf(port: ServicePortRules, { family, node }: RuleModel, proxyPort: number): string[] {
  const v6 = family === 'IPv6';
  const protocol = port.protocol.toLowerCase();
  // REDIRECT of what the node itself sends would go to loopback, and answers would come from another address.
  const host = node.primaryIP ?? node.addresses[0]!;
  const toProxy = `-j REDIRECT --to-ports ${proxyPort}`;
  const toHost = `-j DNAT --to-destination ${v6 ? `[${host}]` : host}:${proxyPort}`;
  const match = (number: number): string =>
    `-m comment --comment ${port.name} -p ${protocol} -m ${protocol} --dport ${number}`;
  const to = (ip: string): string => `${match(port.port)} -d ${ip}/${v6 ? 128 : 32}`;
  const rules: string[] = [];
  const container = (text: string): void => void rules.push(`KUBE-PORTALS-CONTAINER ${text}`);
  const fromHost = (text: string): void => void rules.push(`KUBE-PORTALS-HOST ${text}`);
  container(`${to(port.clusterIP)} ${toProxy}`);
  fromHost(`${to(port.clusterIP)} ${toHost}`);
  const local = '-m addrtype --dst-type LOCAL';
  for (const ip of port.externalIPs) {
    // What a container sends to an external address goes out, unless the address is the node's own.
    container(`${to(ip)} -m physdev ! --physdev-is-in ${toProxy}`);
    container(`${to(ip)} ${local} ${toProxy}`);
    fromHost(`${to(ip)} ${local} ${toHost}`);
  }
  for (const ip of port.loadBalancerIPs) {
    container(`${to(ip)} ${toProxy}`);
    fromHost(`${to(ip)} ${toHost}`);
  }
  if (port.nodePort !== 0)
    rules.push(
      `KUBE-NODEPORT-CONTAINER ${match(port.nodePort)} ${toProxy}`,
      `KUBE-NODEPORT-HOST ${match(port.nodePort)} ${toHost}`,
      `${NON_LOCAL} ${match(proxyPort)} -m state --state NEW -j ACCEPT`,
    );
  return rules;
}
