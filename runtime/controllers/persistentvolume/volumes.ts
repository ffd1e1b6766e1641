import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isDeleting, isNotFound, keyOf } from '../../meta/index.ts';
import { unbound } from './bound.ts';
import { decideVolume, type VolumeAction } from './decide-volume.ts';
import { writePhase } from './perform.ts';
import { decideReclaim } from './reclaim.ts';
import { claimKeys, StorageIndex } from './storage-index.ts';

/** Keeps the phase of volumes, and deals with those whose claim is gone. Key: the volume. */
export function createVolumeBinder(deps: ControllerDeps): Controller {
  const storage = new StorageIndex(deps);
  return {
    name: 'persistentvolume-reclaimer',
    watches: [
      watch(persistentvolumes, ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)])),
      watch(persistentvolumeclaims, ({ object }) => storage.volumesOf(keyOf(object)).map(keyOf)),
    ],
    async reconcile(key, context) {
      const volume = storage.volumes.byKey(key);
      if (!volume) return;
      const [claimKey] = claimKeys(volume);
      const claim = claimKey === undefined ? undefined : storage.claims.byKey(claimKey);
      const action = decideVolume(volume, claim);
      try {
        await perform(context, volume, claim, action);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: action };
    },
  };
}

async function perform(
  context: ReconcileContext,
  volume: PersistentVolume,
  claim: PersistentVolumeClaim | undefined,
  action: VolumeAction,
): Promise<void> {
  const { client } = context;
  switch (action.kind) {
    case 'phase':
      await writePhase(client, volume, action.phase);
      return;
    case 'release': {
      const { phase } = volume.status ?? {};
      // The write brings the volume back.
      if (phase !== 'Released' && phase !== 'Failed') await writePhase(client, volume, 'Released');
      else await reclaim(context, volume);
      return;
    }
    case 'unbind':
      await unbind(context, volume);
      return;
    case 'mismatch':
      if (claim) tellOfMismatch(context, volume, claim);
      return;
    case 'wait':
      return;
  }
}

async function unbind({ client }: ReconcileContext, volume: PersistentVolume): Promise<void> {
  const freed = await client.update(persistentvolumes, unbound(volume));
  await writePhase(client, freed, 'Available');
}

async function reclaim(context: ReconcileContext, volume: PersistentVolume): Promise<void> {
  const { client, events } = context;
  const action = decideReclaim(volume);
  switch (action.kind) {
    case 'keep':
      return;
    case 'delete':
      if (!isDeleting(volume))
        await client.delete(persistentvolumes, { name: volume.metadata.name ?? '' });
      return;
    case 'recycle':
      events.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
      await unbind(context, volume);
      return;
    case 'fail':
      if (volume.status?.phase === 'Failed') return;
      await writePhase(client, volume, 'Failed', action.message);
      events.event(volume, 'Warning', action.reason, action.message);
  }
}

function tellOfMismatch(
  { events }: ReconcileContext,
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): void {
  const { name } = volume.metadata;
  const why = 'due to incompatible volumeMode.';
  events.event(
    volume,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" ${why}`,
  );
  events.event(
    claim,
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume "${name}" to requested PersistentVolumeClaim ${why}`,
  );
}
