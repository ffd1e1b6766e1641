import type { NodesState } from './state.ts';

const NODE_LAST_MAX = 250;
const POD_LAST_MAX = 254;

/** The node's own address in 192.168.0.0/16. */
export function nodeAddress(ordinal: number): string {
  const network = Math.floor(ordinal / NODE_LAST_MAX) % 256;
  return `192.168.${network}.${(ordinal % NODE_LAST_MAX) + 2}`;
}

/** The /24 that a node without `spec.podCIDR` takes: 10.244.0.0/16 first, then on from there, clear of the services' range. */
export function defaultPodNetwork(ordinal: number): string {
  const second = Math.floor(ordinal / 256) % 128;
  return `10.${((second + 116) % 128) + 128}.${ordinal % 256}`;
}

/** Takes the next free address of the node for `pod`; released ones come back last. */
export function takeAddress(
  state: NodesState,
  node: string,
  podCidr: string | undefined,
  pod: string,
): string {
  const ordinal = state.nodes.get(node)?.ordinal ?? 0;
  const network = networkOf(podCidr) ?? defaultPodNetwork(ordinal);
  let last = state.lastAddress.get(node) ?? 1;
  for (let tries = 0; tries < POD_LAST_MAX; tries++) {
    last = last >= POD_LAST_MAX ? 2 : last + 1;
    const address = `${network}.${last}`;
    if (state.addresses.has(address)) continue;
    state.addresses.set(address, pod);
    state.lastAddress.set(node, last);
    return address;
  }
  return `${network}.255`;
}

/** First three bytes of an IPv4 range; a range wider than /24 is used in its first 254 addresses. */
function networkOf(cidr: string | undefined): string | undefined {
  return cidr === undefined ? undefined : /^(\d+\.\d+\.\d+)\.\d+\//.exec(cidr)?.[1];
}
