import { BlockList, isIP } from 'node:net';
import type { IPFamily } from './types.ts';

/** The family of an address; undefined if it is none. */
export function familyOf(address: string): IPFamily | undefined {
  const version = isIP(address);
  return version === 4 ? 'IPv4' : version === 6 ? 'IPv6' : undefined;
}

/** The family of `address/bits`; undefined if it is no range. */
export function rangeFamily(cidr: string): IPFamily | undefined {
  const split = splitRange(cidr);
  return split && familyOf(split.address);
}

/** The shortest lower-case form of an address, as rules write it. What is no IPv6 address stays as it is. */
export function canonicalIP(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** A range with the bits behind its length cleared, as rules write it: `10.1.2.3/16` is `10.1.0.0/16`. */
export function canonicalRange(cidr: string): string {
  const split = splitRange(cidr);
  if (!split) return cidr;
  const { address, bits } = split;
  const width = isIP(address) === 6 ? 128n : 32n;
  const host = width - BigInt(bits);
  return `${textOf((numberOf(address) >> host) << host, width)}/${bits}`;
}

export function rangeContains(cidr: string, address: string): boolean {
  const split = splitRange(cidr);
  const family = familyOf(address);
  if (!split || family === undefined || familyOf(split.address) !== family) return false;
  const type = family === 'IPv4' ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(split.address, split.bits, type);
  return list.check(address, type);
}

/** Whether a range holds every address of its family. */
export const isZeroRange = (cidr: string): boolean => splitRange(cidr)?.bits === 0;

function splitRange(cidr: string): { address: string; bits: number } | undefined {
  const slash = cidr.indexOf('/');
  if (slash < 0) return undefined;
  const address = cidr.slice(0, slash);
  const text = cidr.slice(slash + 1);
  const width = isIP(address) === 6 ? 128 : isIP(address) === 4 ? 32 : -1;
  const bits = /^\d{1,3}$/.test(text) ? Number(text) : 129;
  return bits <= width ? { address, bits } : undefined;
}

function numberOf(address: string): bigint {
  if (isIP(address) === 4)
    return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [head = '', tail] = canonicalIP(address).split('::');
  const words = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].reduce((sum, w) => (sum << 16n) | BigInt(`0x${w}`), 0n);
}

function textOf(value: bigint, width: bigint): string {
  if (width === 32n)
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const words = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  return canonicalIP(words.join(':'));
}
