import type { IPFamily } from '../model/index.ts';

export type SetType =
  | 'bitmap:port'
  | 'hash:ip'
  | 'hash:ip,port'
  | 'hash:ip,port,ip'
  | 'hash:ip,port,net';

/** The sets that iptables rules match, each by what upstream calls it (for IPv6, `KUBE-6-` takes the place of `KUBE-`). */
export const SETS = {
  'KUBE-LOOP-BACK': [
    'hash:ip,port,ip',
    'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
  ],
  'KUBE-CLUSTER-IP': [
    'hash:ip,port',
    'Kubernetes service cluster ip + port for masquerade purpose',
  ],
  'KUBE-EXTERNAL-IP': [
    'hash:ip,port',
    'Kubernetes service external ip + port for masquerade and filter purpose',
  ],
  'KUBE-EXTERNAL-IP-LOCAL': [
    'hash:ip,port',
    'Kubernetes service external ip + port with externalTrafficPolicy=local',
  ],
  'KUBE-LOAD-BALANCER': ['hash:ip,port', 'Kubernetes service lb portal'],
  'KUBE-LOAD-BALANCER-FW': [
    'hash:ip,port',
    'Kubernetes service load balancer ip + port for load balancer with sourceRange',
  ],
  'KUBE-LOAD-BALANCER-LOCAL': [
    'hash:ip,port',
    'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
  ],
  'KUBE-LOAD-BALANCER-SOURCE-IP': [
    'hash:ip,port,ip',
    'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
  ],
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': [
    'hash:ip,port,net',
    'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
  ],
  'KUBE-NODE-PORT-TCP': ['bitmap:port', 'Kubernetes nodeport TCP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-TCP': [
    'bitmap:port',
    'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
  ],
  'KUBE-NODE-PORT-UDP': ['bitmap:port', 'Kubernetes nodeport UDP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-UDP': [
    'bitmap:port',
    'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
  ],
  'KUBE-NODE-PORT-SCTP-HASH': [
    'hash:ip,port',
    "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
  ],
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': [
    'hash:ip,port',
    "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
  ],
  'KUBE-HEALTH-CHECK-NODE-PORT': ['bitmap:port', 'Kubernetes health check node port'],
  'KUBE-IPVS-IPS': ['hash:ip', 'Addresses on the ipvs interface'],
} as const satisfies Record<string, readonly [SetType, string]>;

export type SetName = keyof typeof SETS;
export const SET_NAMES = Object.keys(SETS) as SetName[];

/** The kernel's limit for names of sets. */
const NAME_LENGTH_MAX = 31;

/** The set's name in the kernel: sets of both families are in one place. */
export function kernelName(set: SetName, family: IPFamily): string {
  if (family === 'IPv4') return set;
  return set.replace(/^KUBE-/, 'KUBE-6-').slice(0, NAME_LENGTH_MAX);
}

/** A line of `ipset restore` that makes the set, empty. */
export function createLine(set: SetName, family: IPFamily): string {
  const [type] = SETS[set];
  const options =
    type === 'bitmap:port'
      ? 'range 0-65535'
      : `family ${family === 'IPv4' ? 'inet' : 'inet6'} hashsize 1024 maxelem 65536`;
  return `create ${kernelName(set, family)} ${type} ${options}`;
}
