import { createHash } from 'node:crypto';
import type { ProxyEndpoint, ServicePortInfo } from '../model/index.ts';

/** nftables takes 256 bytes; 16 of them are left for the prefix. */
const BASE_LENGTH_MAX = 240;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `namespace/service/protocol/port` of a service port, of which its chains are named. */
export function portPath(port: ServicePortInfo): string {
  const service = port.portName === '' ? port.name : port.name.slice(0, -port.portName.length - 1);
  return `${service}/${port.protocol.toLowerCase()}/${port.portName}`;
}

/** What the chains of a service port have in common: `ULMVA6XW-shop/web/tcp/http`. */
export function portBase(path: string): string {
  return hashed(path);
}

/** The same for one of its endpoints. Colons of an IPv6 address, which no name may have, are dots. */
export function endpointBase(path: string, { ip, port }: ProxyEndpoint): string {
  return hashed(`${path}__${ip.replaceAll(':', '.')}/${port}`);
}

/** A hash in front keeps names apart that differ at the end alone, or only in what is cut off there. */
function hashed(name: string): string {
  const full = `${hash8(name)}-${name}`;
  return full.length > BASE_LENGTH_MAX ? `${full.slice(0, BASE_LENGTH_MAX - 3)}...` : full;
}

/** The first eight digits of the SHA-256 in base 32. */
function hash8(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let digits = '';
  for (let at = 35n; at >= 0n; at -= 5n) digits += BASE32[Number((bits >> at) & 31n)];
  return digits;
}
