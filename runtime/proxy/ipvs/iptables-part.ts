import type { RuleModel } from '../model/index.ts';
import { kernelName, SETS, type SetName } from './sets.ts';

const NAT_CHAINS = [
  'KUBE-SERVICES',
  'KUBE-POSTROUTING',
  'KUBE-NODE-PORT',
  'KUBE-LOAD-BALANCER',
  'KUBE-MARK-MASQ',
];
const FILTER_CHAINS = [
  'KUBE-FORWARD',
  'KUBE-NODE-PORT',
  'KUBE-PROXY-FIREWALL',
  'KUBE-SOURCE-RANGES-FIREWALL',
  'KUBE-IPVS-FILTER',
  'KUBE-IPVS-OUT-FILTER',
];

/** Jumps from the kernel's own chains, in the order that kube-proxy's commands, each at the front, leave them in. */
export const NAT_JUMPS = [
  'OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  'PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  'POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
];
export const FILTER_JUMPS = [
  'FORWARD -m comment --comment "kube-proxy firewall rules" -j KUBE-PROXY-FIREWALL',
  'FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
  'INPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER',
  'INPUT -m comment --comment "kube-proxy firewall rules" -j KUBE-PROXY-FIREWALL',
  'INPUT -m comment --comment "kubernetes health check rules" -j KUBE-NODE-PORT',
  'OUTPUT -m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-OUT-FILTER',
];

interface SetRule {
  readonly set: SetName;
  readonly from: string;
  readonly to: string;
  readonly match: string;
  readonly protocol?: string;
}

const nodePorts = (protocol: 'SCTP' | 'TCP' | 'UDP'): SetRule[] => {
  const hash = protocol === 'SCTP' ? '-HASH' : '';
  const rule = (local: '-LOCAL' | '', to: string): SetRule => ({
    set: `KUBE-NODE-PORT${local}-${protocol}${hash}` as SetName,
    from: 'KUBE-NODE-PORT',
    to,
    match: protocol === 'SCTP' ? 'dst,dst' : 'dst',
    protocol: protocol.toLowerCase(),
  });
  return [rule('-LOCAL', 'RETURN'), rule('', 'KUBE-MARK-MASQ')];
};

/** Rules that are there only while their set has entries. */
const NAT_SETS: readonly SetRule[] = [
  { set: 'KUBE-LOOP-BACK', from: 'KUBE-POSTROUTING', to: 'MASQUERADE', match: 'dst,dst,src' },
  { set: 'KUBE-LOAD-BALANCER', from: 'KUBE-SERVICES', to: 'KUBE-LOAD-BALANCER', match: 'dst,dst' },
  { set: 'KUBE-LOAD-BALANCER-LOCAL', from: 'KUBE-LOAD-BALANCER', to: 'RETURN', match: 'dst,dst' },
  ...nodePorts('TCP'),
  ...nodePorts('UDP'),
  ...nodePorts('SCTP'),
];
const FILTER_SETS: readonly SetRule[] = [
  {
    set: 'KUBE-LOAD-BALANCER-FW',
    from: 'KUBE-PROXY-FIREWALL',
    to: 'KUBE-SOURCE-RANGES-FIREWALL',
    match: 'dst,dst',
  },
  ...(['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'KUBE-LOAD-BALANCER-SOURCE-IP'] as const).map((set) => ({
    set,
    from: 'KUBE-SOURCE-RANGES-FIREWALL',
    to: 'RETURN',
    match: 'dst,dst,src',
  })),
];

export interface IptablesPart {
  /** Whether a set has entries. */
  filled(set: SetName): boolean;
  /** Rules of KUBE-IPVS-OUT-FILTER. */
  readonly drops: readonly string[];
  /** With the jumps from the kernel's own chains, which are made once. */
  readonly jumps: boolean;
}

/** Text for `iptables-restore --noflush`: its size depends on which sets are empty, not on how many services there are. */
export function iptablesText(model: RuleModel, { filled, drops, jumps }: IptablesPart): string {
  const mark = `0x${(2 ** model.settings.masqueradeBit).toString(16).padStart(8, '0')}`;
  const setRules = (rules: readonly SetRule[]): string[] =>
    rules
      .filter(({ set }) => filled(set))
      .map(({ set, from, to, match, protocol }) => {
        const only = protocol === undefined ? '' : ` -p ${protocol}`;
        return `${from}${only} ${matching(set, model, match)} -j ${to}`;
      });
  const nat = [
    `KUBE-SERVICES -s ${model.family === 'IPv6' ? '::1/128' : '127.0.0.0/8'} -j RETURN`,
    ...setRules(NAT_SETS),
    ...serviceRules(model, filled),
    `KUBE-POSTROUTING -m mark ! --mark ${mark}/${mark} -j RETURN`,
    `KUBE-POSTROUTING -j MARK --xor-mark ${mark}`,
    'KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    `KUBE-MARK-MASQ -j MARK --or-mark ${mark}`,
  ];
  const filter = [
    ...setRules(FILTER_SETS),
    'KUBE-SOURCE-RANGES-FIREWALL -j DROP',
    ...drops.map((rule) => `KUBE-IPVS-OUT-FILTER ${rule}`),
    `KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark ${mark}/${mark} -j ACCEPT`,
    'KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `KUBE-NODE-PORT ${matching('KUBE-HEALTH-CHECK-NODE-PORT', model, 'dst')} -j ACCEPT`,
    ...accessFilter(model),
  ];
  return (
    table('nat', NAT_CHAINS, [...(jumps ? NAT_JUMPS : []), ...nat]) +
    table('filter', FILTER_CHAINS, [...(jumps ? FILTER_JUMPS : []), ...filter])
  );
}

function table(name: string, chains: readonly string[], rules: readonly string[]): string {
  const lines = [
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...rules.map((rule) => `-A ${rule}`),
  ];
  return `*${name}\n${lines.join('\n')}\nCOMMIT\n`;
}

function matching(set: SetName, { family }: RuleModel, dimensions: string): string {
  return `-m comment --comment "${SETS[set][1]}" ${bare(set, family, dimensions)}`;
}

function bare(set: SetName, family: RuleModel['family'], dimensions: string): string {
  return `-m set --match-set ${kernelName(set, family)} ${dimensions}`;
}

function serviceRules(model: RuleModel, filled: (set: SetName) => boolean): string[] {
  const rules: string[] = [];
  const add = (rule: string): void => void rules.push(`KUBE-SERVICES ${rule}`);
  if (filled('KUBE-CLUSTER-IP')) add(`${masqueraded(model)} -j KUBE-MARK-MASQ`);
  for (const set of ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'] as const) {
    if (!filled(set)) continue;
    const match = matching(set, model, 'dst,dst');
    if (set === 'KUBE-EXTERNAL-IP') add(`${match} -j KUBE-MARK-MASQ`);
    add(`${match} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`);
    add(`${match} -m addrtype --dst-type LOCAL -j ACCEPT`);
  }
  add('-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT');
  rules.push('KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ');
  for (const set of ['KUBE-CLUSTER-IP', 'KUBE-LOAD-BALANCER'] as const)
    if (filled(set)) add(`${bare(set, model.family, 'dst,dst')} -j ACCEPT`);
  return rules;
}

/**
 * Which traffic to cluster IPs is masqueraded. Where local pods cannot be told, at least what the node itself sends: the
 * dummy interface makes it choose the cluster IP as its own source.
 */
function masqueraded(model: RuleModel): string {
  const { masqueradeAll, localDetector } = model.settings;
  const to = (dimensions: string): string => matching('KUBE-CLUSTER-IP', model, dimensions);
  if (masqueradeAll) return to('dst,dst');
  if (localDetector.by === 'source') return `${to('dst,dst')} ! -s ${localDetector.cidr}`;
  if (localDetector.by === 'interface') return `${to('dst,dst')} ! -i ${localDetector.match}`;
  return to('src,dst');
}

/** What listens on the node must not be reached by the address of a service, just because the dummy interface has it. */
function accessFilter({ family }: RuleModel): string[] {
  const known: readonly (readonly [SetName, string])[] = [
    ['KUBE-LOAD-BALANCER', 'dst,dst'],
    ['KUBE-CLUSTER-IP', 'dst,dst'],
    ['KUBE-EXTERNAL-IP', 'dst,dst'],
    ['KUBE-EXTERNAL-IP-LOCAL', 'dst,dst'],
    ['KUBE-HEALTH-CHECK-NODE-PORT', 'dst'],
  ];
  return [
    ...known.map(([set, match]) => `KUBE-IPVS-FILTER ${bare(set, family, match)} -j RETURN`),
    `KUBE-IPVS-FILTER -m conntrack --ctstate NEW ${bare('KUBE-IPVS-IPS', family, 'dst')} -j REJECT`,
  ];
}
