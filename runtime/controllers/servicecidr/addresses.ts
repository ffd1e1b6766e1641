import { services } from '../../../generated/core/v1/resources.ts';
import type { Service } from '../../../generated/core/v1/types.ts';
import { ipaddresses } from '../../../generated/networking/v1/resources.ts';
import type { IPAddress } from '../../../generated/networking/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isAlreadyExists, isNotFound, jsonEqual, type WatchEvent } from '../../meta/index.ts';
import { familyOf } from './networks.ts';

/** Index over IPAddresses: those that belong to allocation, under `true`. */
export const ALLOCATED = 'allocated';
const BY_ADDRESS = 'cluster-address';
const FAMILY = 'ipaddress.kubernetes.io/ip-family';
const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by';
const ALLOCATOR = 'ipallocator.k8s.io';

const addressesOf = ({ spec }: Service): string[] =>
  (spec?.clusterIPs ?? []).filter((each) => each !== 'None');

const isAllocated = ({ metadata }: IPAddress): boolean =>
  metadata.labels?.[MANAGED_BY] === ALLOCATOR;

export function createAddressController(deps: ControllerDeps): Controller {
  const owners = listerOf(deps, services);
  const lister = listerOf(deps, ipaddresses);
  deps.transport.addIndex(services, BY_ADDRESS, addressesOf);
  deps.transport.addIndex(ipaddresses, ALLOCATED, (each) => (isAllocated(each) ? ['true'] : []));
  return {
    name: 'ipaddress',
    watches: [
      watch(services, touched),
      watch(ipaddresses, ({ object }) => [object.metadata.name ?? '']),
    ],
    async reconcile(address, context) {
      const live = lister.byKey(address);
      if (live && !isAllocated(live)) return undefined;
      const [owner] = owners.byIndex(BY_ADDRESS, address);
      const wanted = owner && parentOf(owner);
      if (live && !(wanted && jsonEqual(live.spec?.parentRef, wanted))) {
        await remove(live, context);
        return wanted && create(address, wanted, context);
      }
      return live || !wanted ? undefined : create(address, wanted, context);
    },
  };
}

/** Only what came or went: most changes of services have nothing to do with their address. */
function touched({ type, object, previous }: WatchEvent<Service>): string[] {
  const now = addressesOf(object);
  if (type !== 'MODIFIED' || !previous) return now;
  const before = addressesOf(previous);
  return [
    ...now.filter((each) => !before.includes(each)),
    ...before.filter((each) => !now.includes(each)),
  ];
}

type Parent = NonNullable<NonNullable<IPAddress['spec']>['parentRef']>;

const parentOf = ({ metadata: { name = '', namespace = '' } }: Service): Parent => ({
  name,
  namespace,
  resource: 'services',
});

async function create(
  name: string,
  parentRef: Parent,
  { client }: ReconcileContext,
): Promise<undefined> {
  const labels = { [FAMILY]: familyOf(name), [MANAGED_BY]: ALLOCATOR };
  try {
    await client.create(ipaddresses, { metadata: { name, labels }, spec: { parentRef } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

async function remove(
  { metadata: { name = '' } }: IPAddress,
  { client }: ReconcileContext,
): Promise<undefined> {
  try {
    await client.delete(ipaddresses, { name });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
