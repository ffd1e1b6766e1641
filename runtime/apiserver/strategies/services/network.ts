import type { Cluster } from '../../../../generated/cluster/v1/types.ts';
import { isIPv4Address } from '../addresses.ts';
import type { StrategyContext } from '../strategy.ts';

/** A range of addresses. They are whole numbers, counted from the start of the range. */
export interface AddressRange {
  /** `10.96.0.0/16` */
  readonly cidr: string;
  readonly base: number;
  readonly size: number;
}

/** Where services get their numbers from. */
export interface ServiceNetwork extends AddressRange {
  readonly portFrom: number;
  readonly portTo: number;
}

const CIDR = '10.96.0.0/16';
const PORTS = '30000-32767';
const CLUSTERS = 'clusters.cluster.slipway.dev';

/** As the cluster's object says, or the usual one. Only IPv4: another range is as if none was given. */
export function serviceNetwork(context: Pick<StrategyContext, 'first'>): ServiceNetwork {
  const cluster = context.first(CLUSTERS);
  if (!cluster) return USUAL;
  let found = known.get(cluster);
  if (!found) {
    const { serviceCIDR = CIDR, nodePorts = PORTS } = (cluster as Cluster).spec?.network ?? {};
    found = networkOf(serviceCIDR, nodePorts);
    known.set(cluster, found);
  }
  return found;
}

const known = new WeakMap<object, ServiceNetwork>();
const USUAL = networkOf(CIDR, PORTS);

function networkOf(given: string, nodePorts: string): ServiceNetwork {
  const cidr = isIPv4Address(given.split('/')[0] ?? '') ? given : CIDR;
  const [portFrom = 0, portTo = 0] = nodePorts.split('-').map(Number);
  return { ...rangeOf(cidr)!, portFrom, portTo };
}

/** Undefined for a range that is not of IPv4. */
export function rangeOf(cidr: string): AddressRange | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  if (!isIPv4Address(address)) return undefined;
  const size = 2 ** (32 - Number(bits));
  return { cidr, base: Math.floor(numberOf(address) / size) * size, size };
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

export function addressAt({ base }: AddressRange, offset: number): string {
  const number = base + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** The addresses of the network itself, first and last, are nobody's. */
export function isInRange({ base, size }: AddressRange, address: string): boolean {
  if (!isIPv4Address(address)) return false;
  const offset = numberOf(address) - base;
  return offset > 0 && offset < size - 1;
}

/** How many numbers at the start of a range are left to who asks for them by number. */
export function staticBand(
  size: number,
  { min, max, step }: Record<'min' | 'max' | 'step', number>,
): number {
  return size <= min ? 0 : Math.min(max, Math.max(min, Math.floor(size / step)));
}
