import { internalError } from '../../../meta/index.ts';
import type { StrategyContext } from '../strategy.ts';
import { addressAt, serviceNetwork, staticBand } from './network.ts';
import { addressRanges, isTaken } from './ranges.ts';

/** Indexes over services by what is allocated to them. */
export const CLUSTER_IP = 'allocated/clusterIP';
export const NODE_PORT = 'allocated/nodePort';

const ATTEMPTS = 64;
const ADDRESS_BAND = { min: 16, max: 256, step: 16 };
const PORT_BAND = { min: 16, max: 128, step: 32 };

/** An address that no service has: by chance first, then the next free one. */
export function freeAddress(context: StrategyContext): string {
  for (const range of addressRanges(context)) {
    const band = Math.max(1, staticBand(range.size, ADDRESS_BAND));
    const isFree = (offset: number): boolean => {
      const address = addressAt(range, offset);
      const owners = context.byIndex('services', CLUSTER_IP, address);
      return owners.length === 0 && !isTaken(context, address);
    };
    const offset = freeNumber(context, { first: 1, dynamic: band, last: range.size - 2 }, isFree);
    if (offset !== undefined) return addressAt(range, offset);
  }
  throw internalError('failed to allocate a serviceIP: range is full');
}

/** A node port that no service has, and that is not in `taken`. */
export function freeNodePort(context: StrategyContext, taken: ReadonlySet<number>): number {
  const { portFrom, portTo } = serviceNetwork(context);
  const band = staticBand(portTo - portFrom + 1, PORT_BAND);
  const isFree = (port: number): boolean =>
    !taken.has(port) && context.byIndex('services', NODE_PORT, String(port)).length === 0;
  const range = { first: portFrom, dynamic: portFrom + band, last: portTo };
  const port = freeNumber(context, range, isFree);
  if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
  return port;
}

interface Range {
  readonly first: number;
  /** Where numbers begin that are given without being asked for. */
  readonly dynamic: number;
  readonly last: number;
}

function freeNumber(
  { random }: StrategyContext,
  { first, dynamic, last }: Range,
  isFree: (number: number) => boolean,
): number | undefined {
  const count = last - dynamic + 1;
  for (let attempt = 0; count > 0 && attempt < ATTEMPTS; attempt++) {
    const number = dynamic + random.below(count);
    if (isFree(number)) return number;
  }
  for (let number = dynamic; number <= last; number++) if (isFree(number)) return number;
  for (let number = first; number < dynamic; number++) if (isFree(number)) return number;
  return undefined;
}
