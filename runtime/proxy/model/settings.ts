import type { Node } from '../../../generated/core/v1/types.ts';
import type { KubeProxyConfiguration } from '../../../generated/kubeproxy/v1alpha1/types.ts';
import { parseDuration } from '../../base/index.ts';
import { canonicalIP, canonicalRange, familyOf, rangeContains, rangeFamily } from './addresses.ts';
import type {
  IPFamily,
  LocalDetector,
  ProxyMode,
  ProxyNode,
  ProxySettings,
  ProxyVersion,
} from './types.ts';

export const MODES: readonly ProxyMode[] = [
  'iptables',
  'ipvs',
  'nftables',
  'userspace',
  'winuserspace',
];

/** The fields that rules follow from; absent ones have upstream's defaults. */
export type ProxyConfig = Partial<Omit<KubeProxyConfiguration, 'apiVersion' | 'kind' | 'metadata'>>;

const ZONE = 'topology.kubernetes.io/zone';
const LOOPBACK: Readonly<Record<IPFamily, string>> = { IPv4: '127.0.0.1', IPv6: '::1' };
const SYNC_PERIOD_MS = 30_000;
const UDP_IDLE_MS = 250;
const NO_DETECTOR: LocalDetector = { by: 'none' };

/** A Node as its proxy sees it. `bindAddress` takes the place of the node's own IP, unless it stands for all. */
export function proxyNode(node: Node, family: IPFamily, bindAddress = ''): ProxyNode {
  const ips: string[] = [];
  for (const type of ['InternalIP', 'ExternalIP'])
    for (const each of node.status?.addresses ?? [])
      if (each.type === type && familyOf(each.address) === family)
        ips.push(canonicalIP(each.address));
  const unset = /^(0\.0\.0\.0|::)?$/.test(bindAddress) || familyOf(bindAddress) !== family;
  const primaryIP = unset ? ips[0] : canonicalIP(bindAddress);
  const podCIDRs = node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : []);
  return {
    name: node.metadata.name ?? '',
    zone: node.metadata.labels?.[ZONE] ?? '',
    ...(primaryIP === undefined ? {} : { primaryIP }),
    addresses: [LOOPBACK[family], ...ips],
    podCIDRs: podCIDRs.filter((cidr) => rangeFamily(cidr) === family).map(canonicalRange),
  };
}

/** What a configuration means for one node and family. */
export function proxySettings(
  config: ProxyConfig,
  node: ProxyNode,
  family: IPFamily,
  version: ProxyVersion,
  serviceCIDRs: readonly string[] = [],
): ProxySettings {
  const { ipvs = {}, nftables = {}, iptables = {} } = config;
  const mode = modeOf(config);
  const nodePortAddresses = (config.nodePortAddresses ?? []).filter(
    (each) => each === 'primary' || rangeFamily(each) === family,
  );
  const periods = mode === 'ipvs' ? ipvs : mode === 'nftables' ? nftables : iptables;
  const { masqueradeAll, masqueradeBit } = mode === 'nftables' ? nftables : iptables;
  return {
    version,
    mode,
    masqueradeAll: masqueradeAll ?? false,
    masqueradeBit: masqueradeBit ?? 14,
    localhostNodePorts:
      family === 'IPv4' &&
      (iptables.localhostNodePorts ?? true) &&
      (nodePortAddresses.length === 0 || nodePortAddresses.some(holdsLoopback)),
    localDetector: detectorOf(config, node, family),
    nodePortAddresses,
    conntrackTCPLiberal: config.conntrack?.tcpBeLiberal ?? false,
    ipvs: {
      scheduler: ipvs.scheduler || 'rr',
      strictARP: ipvs.strictARP ?? false,
      excludeCIDRs: (ipvs.excludeCIDRs ?? []).filter((cidr) => rangeFamily(cidr) === family),
    },
    syncPeriodMs: duration(periods.syncPeriod) || SYNC_PERIOD_MS,
    minSyncPeriodMs: duration(periods.minSyncPeriod),
    udpIdleMs: duration(config.udpIdleTimeout) || UDP_IDLE_MS,
    serviceCIDRs: serviceCIDRs.filter((cidr) => rangeFamily(cidr) === family),
  };
}

/** 0 for none. */
const duration = (text = ''): number => parseDuration(text) ?? 0;

const holdsLoopback = (range: string): boolean =>
  range.startsWith('127.') || rangeContains(range, '127.0.0.0');

/** kernelspace and what is left out fall back to iptables: there are no rules of the former to show. */
function modeOf({ mode }: ProxyConfig): ProxyMode {
  return MODES.find((each) => each === mode) ?? 'iptables';
}

function detectorOf(config: ProxyConfig, node: ProxyNode, family: IPFamily): LocalDetector {
  const { detectLocal = {}, detectLocalMode, clusterCIDR = '' } = config;
  const source = (cidrs: readonly string[]): LocalDetector => {
    const cidr = cidrs.find((each) => rangeFamily(each) === family);
    return cidr === undefined ? NO_DETECTOR : { by: 'source', cidr: canonicalRange(cidr) };
  };
  const byInterface = (match: string, end: string): LocalDetector =>
    match === '' ? NO_DETECTOR : { by: 'interface', match: match + end };
  switch (detectLocalMode) {
    case 'NodeCIDR':
      return source(node.podCIDRs);
    case 'BridgeInterface':
      return byInterface(detectLocal.bridgeInterface ?? '', '');
    case 'InterfaceNamePrefix':
      return byInterface(detectLocal.interfaceNamePrefix ?? '', '+');
    default:
      return source(clusterCIDR.split(',').map((cidr) => cidr.trim()));
  }
}
