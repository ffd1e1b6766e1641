import type { ProxySettings } from '../model/index.ts';
import type { Dialect } from './dialect.ts';

/** The sets and maps that services fill, by what they are to nft. */
export type Container =
  | 'cluster-ips'
  | 'firewall-ips'
  | 'hairpin-connections'
  | 'no-endpoint-nodeports'
  | 'no-endpoint-services'
  | 'service-ips'
  | 'service-nodeports';

/** Where a packet that nobody serves ends. */
export const REJECT_CHAIN = 'reject-chain';

/** Chains that the kernel enters by itself. Filtering by service address must come before DNAT, which is at -100. */
const BASE_CHAINS: readonly (readonly [name: string, hook: string])[] = [
  ['filter-prerouting-pre-dnat', 'type filter hook prerouting priority -110'],
  ['filter-output-pre-dnat', 'type filter hook output priority -110'],
  ['filter-input', 'type filter hook input priority 0'],
  ['filter-forward', 'type filter hook forward priority 0'],
  ['filter-output', 'type filter hook output priority 0'],
  ['nat-prerouting', 'type nat hook prerouting priority -100'],
  ['nat-output', 'type nat hook output priority -100'],
  ['nat-postrouting', 'type nat hook postrouting priority 100'],
];

const JUMPS: readonly (readonly [from: string, rule: string])[] = [
  ['filter-prerouting-pre-dnat', 'ct state new jump firewall-check'],
  ['filter-output-pre-dnat', 'ct state new jump firewall-check'],
  ['filter-input', 'ct state new jump nodeport-endpoints-check'],
  ['filter-input', 'ct state new jump service-endpoints-check'],
  ['filter-forward', 'ct state new jump service-endpoints-check'],
  ['filter-forward', 'ct state new jump cluster-ips-check'],
  ['filter-output', 'ct state new jump service-endpoints-check'],
  ['filter-output', 'ct state new jump cluster-ips-check'],
  ['nat-prerouting', 'jump services'],
  ['nat-output', 'jump services'],
  ['nat-postrouting', 'jump masquerading'],
];

const CHAINS = [
  'cluster-ips-check',
  'firewall-check',
  'masquerading',
  'nodeport-endpoints-check',
  'service-endpoints-check',
  'services',
];

/** Makes the table anew, with all that does not depend on services. Whatever it held is gone in the same transaction. */
export function tableText(dialect: Dialect, settings: ProxySettings): string {
  const { table, addressType, nodePortIPs } = dialect;
  const lines = [
    `add table ${table}`,
    `delete table ${table}`,
    `add table ${table} { comment "rules for kube-proxy" ; }`,
    ...BASE_CHAINS.map(([name, hook]) => `add chain ${table} ${name} { ${hook} ; }`),
    ...CHAINS.map((name) => `add chain ${table} ${name}`),
    `add chain ${table} ${REJECT_CHAIN} { comment "helper for @no-endpoint-services / @no-endpoint-nodeports" ; }`,
  ];
  const collection = (kind: 'map' | 'set', name: string, type: string, comment: string): void => {
    lines.push(`add ${kind} ${table} ${name} { type ${type} ; comment "${comment}" ; }`);
  };
  const rule = (chain: string, text: string): void => {
    lines.push(`add rule ${table} ${chain} ${text}`);
  };
  const byAddress = `${addressType} . inet_proto . inet_service`;
  collection('set', 'cluster-ips', addressType, 'Active ClusterIPs');
  if (nodePortIPs)
    collection('set', 'nodeport-ips', addressType, 'IPs that accept NodePort traffic');
  const hairpin = `${addressType} . ${byAddress}`;
  collection('set', 'hairpin-connections', hairpin, 'service hairpin connections');
  for (const [name, type, comment] of MAPS)
    collection(
      'map',
      name,
      `${type === 'port' ? 'inet_proto . inet_service' : byAddress} : verdict`,
      comment,
    );
  for (const [from, text] of JUMPS) rule(from, text);
  for (const [chain, text] of staticRules(dialect, settings)) rule(chain, text);
  for (const address of nodePortIPs ?? [])
    lines.push(`add element ${table} nodeport-ips { ${address} }`);
  return `${lines.join('\n')}\n`;
}

const MAPS: readonly (readonly [Container, 'address' | 'port', string])[] = [
  ['firewall-ips', 'address', 'destinations that are subject to LoadBalancerSourceRanges'],
  [
    'no-endpoint-nodeports',
    'port',
    'vmap to drop or reject packets to service nodeports with no endpoints',
  ],
  [
    'no-endpoint-services',
    'address',
    'vmap to drop or reject packets to services with no endpoints',
  ],
  ['service-ips', 'address', 'ClusterIP, ExternalIP and LoadBalancer IP traffic'],
  ['service-nodeports', 'port', 'NodePort traffic'],
];

function staticRules(
  dialect: Dialect,
  { masqueradeAll, serviceCIDRs }: ProxySettings,
): (readonly [chain: string, rule: string])[] {
  const { ip, mark, markBit, fromElsewhere, noLoopback, nodePortIPs } = dialect;
  const toService = `${ip} daddr . meta l4proto . th dport`;
  const toPort = 'meta l4proto . th dport';
  const here = nodePortIPs ? `${ip} daddr @nodeport-ips` : noLoopback;
  const local = nodePortIPs ? here : `fib daddr type local ${here}`;
  const rules: (readonly [string, string])[] = [
    ['firewall-check', `${toService} vmap @firewall-ips`],
    ['service-endpoints-check', `${toService} vmap @no-endpoint-services`],
    ['nodeport-endpoints-check', `${here} ${toPort} vmap @no-endpoint-nodeports`],
    [REJECT_CHAIN, 'reject'],
    [
      'cluster-ips-check',
      `${ip} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`,
    ],
  ];
  if (serviceCIDRs.length > 0)
    rules.push([
      'cluster-ips-check',
      `${ip} daddr { ${serviceCIDRs.join(', ')} } drop comment "Drop traffic to unallocated ClusterIPs"`,
    ]);
  // Replies of an endpoint elsewhere must come back this way, whoever asked.
  if (masqueradeAll)
    rules.push([
      'services',
      `${ip} daddr @cluster-ips ${mark} comment "masquerade clusterIP traffic"`,
    ]);
  else if (fromElsewhere)
    rules.push([
      'services',
      `${ip} daddr @cluster-ips ${fromElsewhere} ${mark} comment "masquerade clusterIP traffic from outside cluster"`,
    ]);
  rules.push(
    ['services', `${toService} vmap @service-ips`],
    ['services', `${local} ${toPort} vmap @service-nodeports`],
    [
      'masquerading',
      `mark and ${markBit} != 0 mark set mark xor ${markBit} masquerade fully-random`,
    ],
    [
      'masquerading',
      `ct status dnat ${ip} saddr . ${ip} daddr . ${toPort} @hairpin-connections masquerade fully-random`,
    ],
  );
  return rules;
}
