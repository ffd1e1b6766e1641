import { isZeroRange, type RuleModel, rangeContains } from '../model/index.ts';

/** What comes before and after the rules of services, by table. Each line ends with a newline. */
export interface SharedText {
  readonly filterChains: string;
  readonly filterStart: string;
  readonly filterEnd: string;
  readonly natChains: string;
  readonly natStart: string;
  readonly natEnd: string;
}

export const chainLine = (chain: string): string => `:${chain} - [0:0]\n`;

const FILTER = [
  'KUBE-SERVICES',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-FORWARD',
  'KUBE-NODEPORTS',
  'KUBE-PROXY-FIREWALL',
];
const NAT = ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ'];

export function sharedText(model: RuleModel): SharedText {
  const { settings } = model;
  const mark = `0x${((1 << settings.masqueradeBit) >>> 0).toString(16).padStart(8, '0')}`;
  // route_localnet, which node ports on 127.0.0.1 need, would let neighbours in to what listens there.
  const guard = settings.localhostNodePorts
    ? '-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP\n'
    : '';
  const invalid = settings.conntrackTCPLiberal
    ? ''
    : '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP\n';
  return {
    filterChains: [...FILTER, ...(guard ? ['KUBE-FIREWALL'] : [])].map(chainLine).join(''),
    filterStart: guard,
    filterEnd:
      invalid +
      `-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark ${mark}/${mark} -j ACCEPT\n` +
      '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n',
    natChains: NAT.map(chainLine).join(''),
    natStart:
      `-A KUBE-POSTROUTING -m mark ! --mark ${mark}/${mark} -j RETURN\n` +
      `-A KUBE-POSTROUTING -j MARK --xor-mark ${mark}\n` +
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully\n' +
      `-A KUBE-MARK-MASQ -j MARK --or-mark ${mark}\n`,
    natEnd: nodePortJumps(model)
      .map(
        (match) =>
          `-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" ${match} -j KUBE-NODEPORTS\n`,
      )
      .join(''),
  };
}

/** Matches for the node's addresses that node ports answer on. */
function nodePortJumps({ family, node, settings }: RuleModel): string[] {
  const { nodePortAddresses: ranges, localhostNodePorts } = settings;
  const loopback = family === 'IPv6' ? '::1/128' : '127.0.0.0/8';
  if (ranges.length === 0 || ranges.some(isZeroRange)) {
    const except = localhostNodePorts ? '' : ` ! -d ${loopback}`;
    return [`-m addrtype --dst-type LOCAL${except}`];
  }
  return node.addresses
    .filter((ip) =>
      ranges.some((range) =>
        range === 'primary' ? ip === node.primaryIP : rangeContains(range, ip),
      ),
    )
    .filter((ip) => localhostNodePorts || !rangeContains(loopback, ip))
    .map((ip) => `-d ${ip}`);
}

const NEW = '-m conntrack --ctstate NEW -m comment --comment';
const FIREWALL = `${NEW} "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL`;
const PORTALS = `${NEW} "kubernetes service portals" -j KUBE-SERVICES`;
const EXTERNAL = `${NEW} "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES`;
const NAT_PORTALS = '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES';

const lines = (rules: readonly string[]): string => rules.map((rule) => `-A ${rule}\n`).join('');

/** The jumps from the kernel's own chains, in the order that kube-proxy's commands leave them in. */
export const FILTER_JUMPS = lines([
  `FORWARD ${FIREWALL}`,
  'FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
  `FORWARD ${PORTALS}`,
  `FORWARD ${EXTERNAL}`,
  'INPUT -j KUBE-FIREWALL',
  `INPUT ${FIREWALL}`,
  'INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS',
  `INPUT ${EXTERNAL}`,
  'OUTPUT -j KUBE-FIREWALL',
  `OUTPUT ${FIREWALL}`,
  `OUTPUT ${PORTALS}`,
]);

export const NAT_JUMPS = lines([
  `OUTPUT ${NAT_PORTALS}`,
  'POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  `PREROUTING ${NAT_PORTALS}`,
]);

/** An empty chain in each table, by whose absence kube-proxy notices that somebody flushed the rules. */
export const CANARY = 'KUBE-PROXY-CANARY';
