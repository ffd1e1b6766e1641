import { isZeroRange, type RuleModel, rangeContains } from '../model/index.ts';

/** The words of one table: what differs by IP family, and what the settings of the proxy say for all rules. */
export interface Dialect {
  /** `ip kube-proxy` or `ip6 kube-proxy`. */
  readonly table: string;
  /** The word before `saddr`, `daddr` and `addr`. */
  readonly ip: 'ip' | 'ip6';
  readonly addressType: 'ipv4_addr' | 'ipv6_addr';
  /** Matches what is not for a loopback address. */
  readonly noLoopback: string;
  /** Asks for masquerading, as a statement. */
  readonly mark: string;
  /** The bit that `mark` sets, in hex. */
  readonly markBit: string;
  /** Match for traffic of local pods, and for all other; undefined if they cannot be told apart. */
  readonly fromLocalPod: string | undefined;
  readonly fromElsewhere: string | undefined;
  /** Addresses that node ports answer on; undefined for all of the node's. */
  readonly nodePortIPs: readonly string[] | undefined;
}

const TABLE = 'kube-proxy';

export function dialectOf(model: RuleModel): Dialect {
  const v4 = model.family === 'IPv4';
  const ip = v4 ? 'ip' : 'ip6';
  const { masqueradeBit, localDetector } = model.settings;
  const markBit = `0x${(2 ** masqueradeBit).toString(16).padStart(8, '0')}`;
  const shared = {
    table: `${ip} ${TABLE}`,
    ip,
    addressType: v4 ? 'ipv4_addr' : 'ipv6_addr',
    noLoopback: v4 ? 'ip daddr != 127.0.0.0/8' : 'ip6 daddr != ::1',
    mark: `mark set mark or ${markBit}`,
    markBit,
    nodePortIPs: nodePortIPs(model),
  } as const;
  switch (localDetector.by) {
    case 'none':
      return { ...shared, fromLocalPod: undefined, fromElsewhere: undefined };
    case 'source': {
      const { cidr } = localDetector;
      return {
        ...shared,
        fromLocalPod: `${ip} saddr ${cidr}`,
        fromElsewhere: `${ip} saddr != ${cidr}`,
      };
    }
    case 'interface': {
      const name = `"${localDetector.match.replace(/\+$/, '*')}"`;
      return { ...shared, fromLocalPod: `iifname ${name}`, fromElsewhere: `iifname != ${name}` };
    }
  }
}

/** Without a choice, node ports answer on the node's primary address alone. They never do on loopback. */
function nodePortIPs({ node, settings }: RuleModel): readonly string[] | undefined {
  const chosen = settings.nodePortAddresses;
  if (chosen.some((range) => range !== 'primary' && isZeroRange(range))) return undefined;
  const primary = node.primaryIP === undefined ? [] : [node.primaryIP];
  if (chosen.length === 0) return primary;
  const ranges = chosen.filter((range) => range !== 'primary');
  const matched = node.addresses.filter((address) =>
    ranges.some((range) => rangeContains(range, address)),
  );
  const all = chosen.includes('primary') ? [...primary, ...matched] : matched;
  return [...new Set(all)].filter((address) => !isLoopback(address));
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
