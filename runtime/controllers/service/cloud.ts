import type { Service } from '../../../generated/core/v1/types.ts';

const DEFAULT_RANGE = '203.0.113.0/24';
const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The addresses of the cloud, without the first and last of the range, which are nobody's. */
export interface AddressPool {
  readonly cidr: string;
  readonly size: number;
  address(index: number): string;
}

/** Undefined for a range that is not IPv4. */
export function addressPool(cidr: string = DEFAULT_RANGE): AddressPool | undefined {
  const bytes = CIDR.exec(cidr)?.slice(1).map(Number);
  if (!bytes) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = bytes;
  const total = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const start = Math.floor(address / total) * total + (total > 2 ? 1 : 0);
  const dotted = (number: number): string =>
    [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(number / unit) % 256).join('.');
  return {
    cidr,
    size: total > 2 ? total - 2 : total,
    address: (index) => dotted(start + index),
  };
}

interface Place {
  readonly address: string;
  /** Its number in the pool, when it was chosen from there. */
  readonly index?: number;
}

/** What a balancer of the cloud is set up from. */
interface Order {
  readonly service: Service;
  readonly pool: AddressPool | undefined;
  /** Where the search for a free address begins. */
  readonly from: number;
  isTaken(address: string): boolean;
}

/** The cloud cannot do what it is asked to. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
}

/** The address of the service's balancer: the one it has, the one it wishes for, or the next free one. Throws when there is none. */
export function balancerAddress({ service, pool, from, isTaken }: Order): Place {
  checkRanges(service);
  const wish = service.spec?.loadBalancerIP || undefined;
  const [live] = addressesOf(service);
  if (live !== undefined && (wish === undefined || wish === live)) return { address: live };
  if (!pool || service.spec?.ipFamilies?.every((family) => family !== 'IPv4'))
    throw new CloudError('the cloud has IPv4 addresses only');
  if (wish !== undefined) {
    if (isTaken(wish)) throw new CloudError(`requested address ${wish} is in use`);
    if (!contains(pool, wish))
      throw new CloudError(`requested address ${wish} is not in ${pool.cidr}`);
    return { address: wish };
  }
  for (let step = 0; step < pool.size; step++) {
    const index = (from + step) % pool.size;
    const address = pool.address(index);
    if (!isTaken(address)) return { address, index };
  }
  throw new CloudError(`no address of ${pool.cidr} is free`);
}

export function addressesOf({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
}

function contains(pool: AddressPool, address: string): boolean {
  const number = numberOf(address);
  const first = numberOf(pool.address(0));
  return number >= first && number < first + pool.size;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** Ranges that the API server has not seen: those of an annotation. */
function checkRanges({ metadata, spec }: Service): void {
  const text = metadata.annotations?.[RANGES_ANNOTATION]?.trim();
  if (!text || spec?.loadBalancerSourceRanges?.length) return;
  if (text.split(',').every((range) => CIDR.test(range.trim()) || isIPv6Range(range.trim())))
    return;
  const wanted = 'Expecting a comma-separated list of source IP ranges';
  throw new CloudError(
    `${RANGES_ANNOTATION}: ${text} is not valid. ${wanted}. For example, 10.0.0.0/24,192.168.2.0/24`,
  );
}

function isIPv6Range(range: string): boolean {
  return /^[0-9a-f:]*:[0-9a-f:]*\/\d{1,3}$/i.test(range);
}
