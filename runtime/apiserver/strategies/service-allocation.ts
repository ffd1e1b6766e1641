import { internalError } from '../../meta/index.ts';
import type { StrategyContext } from './strategy.ts';

/** Indexes over services by what is allocated to them. */
export const CLUSTER_IP = 'allocated/clusterIP';
export const NODE_PORT = 'allocated/nodePort';

const NETWORK = '10.96';
/** Addresses below are left to explicit requests, as upstream keeps the lower band free. */
const DYNAMIC_FROM = 256;
const DYNAMIC_SIZE = 65_536 - DYNAMIC_FROM - 1;
const PORT_FROM = 30_000;
const PORT_DYNAMIC_FROM = 30_086;
const PORT_TO = 32_767;
const ATTEMPTS = 64;

export function inServiceRange(address: string): boolean {
  return address.startsWith(`${NETWORK}.`) && !address.endsWith('.0.0');
}

/** An address that no service has: by chance first, then the next free one. */
export function freeAddress(context: StrategyContext): string {
  const isFree = (address: string): boolean =>
    context.byIndex('services', CLUSTER_IP, address).length === 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const address = addressAt(DYNAMIC_FROM + context.random.below(DYNAMIC_SIZE));
    if (isFree(address)) return address;
  }
  for (let offset = 1; offset < DYNAMIC_FROM + DYNAMIC_SIZE; offset++)
    if (isFree(addressAt(offset))) return addressAt(offset);
  throw internalError('failed to allocate a serviceIP: range is full');
}

function addressAt(offset: number): string {
  return `${NETWORK}.${offset >>> 8}.${offset & 255}`;
}

/** A node port that no service has, and that is not in `taken`. */
export function freeNodePort(context: StrategyContext, taken: ReadonlySet<number>): number {
  const isFree = (port: number): boolean =>
    !taken.has(port) && context.byIndex('services', NODE_PORT, String(port)).length === 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = PORT_DYNAMIC_FROM + context.random.below(PORT_TO - PORT_DYNAMIC_FROM + 1);
    if (isFree(port)) return port;
  }
  for (let port = PORT_FROM; port <= PORT_TO; port++) if (isFree(port)) return port;
  throw internalError('failed to allocate a nodePort: range is full');
}
