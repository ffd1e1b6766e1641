import { BlockList, isIPv4, isIPv6 } from 'node:net';

export type Family = 'IPv4' | 'IPv6';

export const familyOf = (address: string): Family => (isIPv6(address) ? 'IPv6' : 'IPv4');

const lists = new Map<string, BlockList>();
const LISTS_MAX = 1_000;

function listOf(cidr: string): BlockList {
  const known = lists.get(cidr);
  if (known) return known;
  if (lists.size >= LISTS_MAX) lists.clear();
  const [address = '', bits = ''] = cidr.split('/');
  const list = new BlockList();
  if (isIPv4(address) || isIPv6(address))
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  lists.set(cidr, list);
  return list;
}

/** Whether an address is in a range of its family. */
export function hasAddress(cidr: string, address: string): boolean {
  const [base = ''] = cidr.split('/');
  if (familyOf(base) !== familyOf(address)) return false;
  return listOf(cidr).check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Whether all of a range is in another, or they are the same. */
export function hasRange(cidr: string, inner: string): boolean {
  const [base = '', bits] = inner.split('/');
  return Number(bits) >= Number(cidr.split('/')[1]) && hasAddress(cidr, base);
}
