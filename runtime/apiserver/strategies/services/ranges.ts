import type { ServiceCIDR } from '../../../../generated/networking/v1/types.ts';
import { conditionOf, isDeleting, type KubeObject } from '../../../meta/index.ts';
import type { StrategyContext } from '../strategy.ts';
import { type AddressRange, rangeOf, serviceNetwork } from './network.ts';

type Stored = ServiceCIDR & KubeObject;
type Context = Pick<StrategyContext, 'first' | 'byIndex'>;

/** Ids of the resources, and the names of their indexes. */
export const SERVICE_CIDRS = 'servicecidrs.networking.k8s.io';
export const USABLE = 'usable';
const ADDRESSES = 'ipaddresses.networking.k8s.io';
export const TAKEN = 'taken';

/** The range that the cluster has from the start; its ServiceCIDR follows what the Cluster says. */
export const DEFAULT_RANGE = 'kubernetes';
const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by';
const ALLOCATOR = 'ipallocator.k8s.io';

/** Whether services may get addresses of it: nobody said no, and it is not on its way out. */
export const isUsable = (cidr: Stored): boolean =>
  !isDeleting(cidr) && conditionOf(cidr.status?.conditions, 'Ready')?.status !== 'False';

/**
 * Where services get addresses from: the cluster's own range, then those of all other ServiceCIDRs, by name. Where none is an object, as in
 * versions before there were such, the cluster's own.
 */
export function addressRanges(context: Context): readonly AddressRange[] {
  const own = serviceNetwork(context);
  if (!context.first(SERVICE_CIDRS)) return [own];
  const usable = context.byIndex(SERVICE_CIDRS, USABLE, 'true') as readonly Stored[];
  const isOwn = ({ metadata }: Stored): boolean => metadata.name === DEFAULT_RANGE;
  const others = usable
    .filter((each) => !isOwn(each))
    .flatMap(({ spec }) => (spec?.cidrs ?? []).flatMap((cidr) => rangeOf(cidr) ?? []));
  return usable.some(isOwn) ? [own, ...others] : others;
}

/** Whether somebody wrote down that an address is taken. What allocation itself writes down follows from the services. */
export const isTaken = (context: Context, address: string): boolean =>
  context.byIndex(ADDRESSES, TAKEN, address).length > 0;

export const takenAddresses = ({ metadata }: KubeObject): readonly string[] =>
  metadata.labels?.[MANAGED_BY] === ALLOCATOR ? [] : [metadata.name ?? ''];
