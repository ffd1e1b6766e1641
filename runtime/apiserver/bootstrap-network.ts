import type { ServiceSpec } from '../../generated/core/v1/types.ts';
import type { ServiceCIDRSpec } from '../../generated/networking/v1/types.ts';
import type { Cause, KubeObject } from '../meta/index.ts';
import type { Core } from './core.ts';
import { addressAt, isInRange, serviceNetwork } from './strategies/services/network.ts';
import { CLUSTER_IP } from './strategies/services/numbers.ts';
import { DEFAULT_RANGE, SERVICE_CIDRS } from './strategies/services/ranges.ts';

/**
 * Brings the server's own service, and the range that every cluster has, to what the Cluster says: a Cluster is applied when both are there
 * already. Nothing is written where they are right. Addresses that other services have stay theirs.
 */
export async function followNetwork(core: Core, cause: Cause): Promise<void> {
  const network = serviceNetwork(core);
  await change(core, cause, 'services', 'default/kubernetes', (object) => {
    const { spec } = object as KubeObject & { spec?: ServiceSpec };
    const clusterIP = addressAt(network, 1);
    if (!spec?.clusterIP || isInRange(network, spec.clusterIP)) return undefined;
    if (core.byIndex('services', CLUSTER_IP, clusterIP).length > 0) return undefined;
    return { ...spec, clusterIP, clusterIPs: [clusterIP] };
  });
  await change(core, cause, SERVICE_CIDRS, DEFAULT_RANGE, (object) => {
    const { spec } = object as KubeObject & { spec?: ServiceCIDRSpec };
    const [first, ...others] = spec?.cidrs ?? [];
    return first === network.cidr ? undefined : { ...spec, cidrs: [network.cidr, ...others] };
  });
}

/** Writes another spec; what the server decides about its own objects is not checked again. */
async function change(
  core: Core,
  cause: Cause,
  id: string,
  key: string,
  specOf: (object: KubeObject) => object | undefined,
): Promise<void> {
  const kind = core.kindById(id);
  const row = kind?.cache.row(key);
  if (!kind || !row) return;
  const spec = specOf(row.object);
  if (!spec) return;
  const { metadata } = row.object;
  const object = { ...row.object, metadata: { ...metadata }, spec } as KubeObject;
  await core.put(kind, key, { object, ownership: row.ownership }, row, { verb: 'update', cause });
}
