import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import type { NodeFacts } from '../node-info.ts';
import type { AssumedVolumes } from './assumed.ts';
import {
  BOUND_BY_CONTROLLER,
  claimKey,
  isFullyBound,
  isReachable,
  SELECTED_NODE,
} from './claims.ts';
import type { VolumePlan } from './find.ts';
import type { StorageObjects } from './storage-objects.ts';

/** Volumes that are being bound for a pod on its way to a node. Plain data, so that a fork can carry it. */
export interface VolumeBindings {
  readonly nodeName: string;
  readonly namespace: string;
  /** Claim name to volume name. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Names of claims to be provisioned. */
  readonly provisions: readonly string[];
}

/** Reserve: takes what was planned, so that no other pod is given it. Undefined when there is nothing to do. */
export function reserveVolumes(
  { bindings, provisions }: VolumePlan,
  node: { readonly name: string; readonly namespace: string },
  assumed: AssumedVolumes,
): VolumeBindings | undefined {
  if (bindings.length + provisions.length === 0) return undefined;
  for (const { claim, volume } of bindings)
    assumed.assume(claimKey(claim), { volume: volume.metadata.name ?? '' });
  for (const claim of provisions) assumed.assume(claimKey(claim), { selectedNode: node.name });
  return {
    nodeName: node.name,
    namespace: node.namespace,
    bindings: Object.fromEntries(
      bindings.map(({ claim, volume }) => [claim.metadata.name ?? '', volume.metadata.name ?? '']),
    ),
    provisions: provisions.map(({ metadata }) => metadata.name ?? ''),
  };
}

/** Unreserve, and what is done once everything is bound. */
export function releaseVolumes(
  { namespace, bindings, provisions }: VolumeBindings,
  assumed: AssumedVolumes,
): void {
  for (const name of [...Object.keys(bindings), ...provisions])
    assumed.forget(`${namespace}/${name}`);
}

/** PreBind: reserves the volumes for their claims, and asks for the others to be provisioned for the node. */
export async function bindVolumes(
  client: Client,
  { namespace, nodeName, bindings, provisions }: VolumeBindings,
  storage: StorageObjects,
): Promise<void> {
  for (const [claimName, volumeName] of Object.entries(bindings)) {
    const claim = storage.claim(namespace, claimName);
    const volume = storage.volume(volumeName);
    if (claim && volume) await client.update(persistentvolumes, reservedFor(volume, claim));
  }
  for (const name of provisions) {
    const patch = { metadata: { annotations: { [SELECTED_NODE]: nodeName } } };
    await client.patch(persistentvolumeclaims, { name, namespace }, patch);
  }
}

function reservedFor(
  volume: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): PersistentVolume {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    ...volume,
    metadata: {
      ...volume.metadata,
      annotations: { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' },
    },
    spec: {
      ...volume.spec,
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        ...(name ? { name } : {}),
        ...(namespace ? { namespace } : {}),
        ...(uid ? { uid } : {}),
        ...(resourceVersion ? { resourceVersion } : {}),
      },
    },
  } as PersistentVolume;
}

/** How far it is: all bound, still under way, or why it cannot be any more. */
export function volumesState(
  { namespace, nodeName, bindings, provisions }: VolumeBindings,
  node: NodeFacts | undefined,
  storage: StorageObjects,
): 'bound' | 'waiting' | { readonly failed: string } {
  let waiting = false;
  for (const name of [...Object.keys(bindings), ...provisions]) {
    const claim = storage.claim(namespace, name);
    if (!claim) return { failed: `could not find claim ${namespace}/${name}` };
    if (!isFullyBound(claim)) {
      const selected = claim.metadata.annotations?.[SELECTED_NODE];
      if (provisions.includes(name) && selected !== nodeName)
        return { failed: `selectedNode annotation reset for PVC "${name}"` };
      waiting = true;
      continue;
    }
    const volume = storage.volume(claim.spec?.volumeName ?? '');
    if (!volume) waiting = true;
    else if (node && !isReachable(volume, node))
      return {
        failed: `pv "${volume.metadata.name}" node affinity doesn't match node "${nodeName}": no matching NodeSelectorTerms`,
      };
  }
  return waiting ? 'waiting' : 'bound';
}
