import { BlockList, isIP } from 'node:net';
import type { IPFamily } from './types.ts';

/** The family of an address as kube-proxy reads it; undefined if it is none. */
export function familyOf(address: string): IPFamily | undefined {
  const version = isIP(address) || isIP(strict(address));
  if (version === 6) return isIP(unmapped(address)) === 4 ? 'IPv4' : 'IPv6';
  return version === 4 ? 'IPv4' : undefined;
}

/** Old objects may have numbers with zeros in front, which are decimal all the same: `010.0.0.1` is `10.0.0.1`. */
function strict(address: string): string {
  return /^\d+(\.\d+){3}$/.test(address) ? address.split('.').map(Number).join('.') : address;
}

/** An IPv4 address that is written as one of IPv6, `::ffff:10.0.0.1`, is of IPv4; others stay as they are. */
function unmapped(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortened(address)) ?? [];
  if (high === undefined || low === undefined) return address;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

const shortened = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

/** The family of `address/bits`; undefined if it is no range. */
export function rangeFamily(cidr: string): IPFamily | undefined {
  const split = splitRange(cidr);
  return split && familyOf(split.address);
}

/** The shortest lower-case form of an address, as rules write it. What is no address stays as it is. */
export function canonicalIP(address: string): string {
  const version = isIP(address);
  if (version === 4) return address;
  if (version === 0) return strict(address);
  const plain = unmapped(address);
  return plain === address ? shortened(address) : plain;
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
  const address = strict(cidr.slice(0, slash));
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
