import { hash } from 'node:crypto';
import type { ProxyEndpoint, ServicePortRules } from '../model/index.ts';

/** Names of the chains that a service port may have in the nat table. A name is at most 28 characters, hence the hash. */
export interface PortChains {
  /** Endpoints of traffic policy Cluster. */
  readonly cluster: string;
  /** Endpoints of traffic policy Local. */
  readonly local: string;
  /** Where all traffic to node ports, external and load balancer IPs goes first. */
  readonly external: string;
  /** Which sources a load balancer IP takes. */
  readonly firewall: string;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first 16 base32 digits of the SHA-256 of `text`. */
function shortHash(text: string): string {
  const bytes = hash('sha256', text, 'buffer');
  let name = '';
  for (let at = 0; at < 10; at += 5) {
    const [a, b, c, d, e] = [
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
    ];
    name += BASE32[a >> 3]! + BASE32[((a & 7) << 2) | (b >> 6)]! + BASE32[(b >> 1) & 31]!;
    name += BASE32[((b & 1) << 4) | (c >> 4)]! + BASE32[((c & 15) << 1) | (d >> 7)]!;
    name += BASE32[(d >> 2) & 31]! + BASE32[((d & 3) << 3) | (e >> 5)]! + BASE32[e & 31]!;
  }
  return name;
}

type Named = Pick<ServicePortRules, 'name' | 'protocol'>;

export function portChains({ name, protocol }: Named): PortChains {
  const digits = shortHash(name + protocol.toLowerCase());
  return {
    cluster: `KUBE-SVC-${digits}`,
    local: `KUBE-SVL-${digits}`,
    external: `KUBE-EXT-${digits}`,
    firewall: `KUBE-FW-${digits}`,
  };
}

/** The chain that rewrites the destination to one endpoint. */
export function endpointChain({ name, protocol }: Named, { text }: ProxyEndpoint): string {
  return `KUBE-SEP-${shortHash(name + protocol.toLowerCase() + text)}`;
}
