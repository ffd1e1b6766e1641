import type { NodeDriver } from '../../generated/cluster/v1/types.ts';
import type { Node } from '../../generated/core/v1/types.ts';
import { csinodes } from '../../generated/storage/v1/resources.ts';
import type { CSINode, CSINodeDriver } from '../../generated/storage/v1/types.ts';
import type { Client, Lister } from '../client/index.ts';
import { isAlreadyExists } from '../meta/index.ts';
import { sameJson } from './pod-status.ts';

/** Says in the node's CSINode which storage drivers run on it, and no more those of `before` that do not. Others are whoever else's. */
export async function registerDrivers(
  client: Client,
  known: Lister<CSINode>,
  node: Node,
  drivers: readonly NodeDriver[],
  before: readonly string[],
): Promise<void> {
  const name = node.metadata.name ?? '';
  const found = known.get(name);
  const own = drivers.map((driver) => registered(driver, name));
  if (!found) {
    if (own.length > 0) await create(client, node, own);
    return;
  }
  const running = found.spec.drivers ?? [];
  const isSaid = (driver: CSINodeDriver) => running.some((each) => sameJson(each, driver));
  const names = new Set(own.map((driver) => driver.name));
  const isGone = (name: string): boolean => before.includes(name) && !names.has(name);
  if (own.every(isSaid) && !running.some(({ name }) => isGone(name))) return;
  const others = running.filter((driver) => !names.has(driver.name) && !isGone(driver.name));
  const spec = { ...found.spec, drivers: [...others, ...own] };
  await client.update(csinodes, { ...found, spec });
}

async function create(client: Client, node: Node, drivers: readonly CSINodeDriver[]) {
  const { name = '', uid = '' } = node.metadata;
  try {
    await client.create<CSINode>(csinodes, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec: { drivers },
    });
  } catch (error) {
    // Somebody was faster: the next look at the node finds it.
    if (!isAlreadyExists(error)) throw error;
  }
}

function registered({ name, topologyKeys, volumesMax }: NodeDriver, nodeID: string): CSINodeDriver {
  return {
    name,
    nodeID,
    ...(topologyKeys ? { topologyKeys } : {}),
    ...(volumesMax === undefined ? {} : { allocatable: { count: volumesMax } }),
  };
}
