import { persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume } from '../../../generated/core/v1/types.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  listerOf,
  watch,
} from '../../client/index.ts';
import { isDeleting, isNotFound, keyOf } from '../../meta/index.ts';
import { annotations } from '../volumes.ts';
import { DRIVER_FINALIZER } from './provisioned-volume.ts';
import { type WaitState, Waits } from './waits.ts';

/** Deletes volumes that drivers made and that are let go. Key: the volume. */
export function createVolumeDeleter(deps: ControllerDeps<unknown, WaitState>): Controller {
  const volumes = listerOf(deps, persistentvolumes);
  const waits = new Waits(deps.inherited);
  return {
    name: 'csi-deleter',
    watches: [
      watch(
        persistentvolumes,
        ({ object }) => [keyOf(object)],
        ({ object }) => isOfDriver(object),
      ),
    ],
    async reconcile(key, { client, now }) {
      const volume = volumes.byKey(key);
      if (!volume || !isLetGo(volume)) {
        waits.end(key);
        if (volume) await keepFinalizer(client, volume);
        return;
      }
      const nowMs = now();
      const { untilMs } = waits.begin(key, volume.metadata.uid ?? '', nowMs);
      if (untilMs > nowMs) return { requeueAfterMs: untilMs - nowMs };
      await discard(client, volume);
      waits.end(key);
      return { decision: { delete: key } };
    },
    inherit: () => waits.clone(),
  };
}

function isOfDriver({ metadata, spec }: PersistentVolume): boolean {
  return (
    spec?.csi !== undefined && spec.csi.driver === metadata.annotations?.[annotations.provisionedBy]
  );
}

function isLetGo(volume: PersistentVolume): boolean {
  const { persistentVolumeReclaimPolicy } = volume.spec ?? {};
  if (persistentVolumeReclaimPolicy !== 'Delete' || volume.status?.phase !== 'Released')
    return false;
  return !isDeleting(volume) || isHeld(volume);
}

const isHeld = ({ metadata }: PersistentVolume): boolean =>
  metadata.finalizers?.includes(DRIVER_FINALIZER) ?? false;

/** The storage is gone: so may the volume be. */
async function discard(client: Client, { metadata }: PersistentVolume): Promise<void> {
  const target = { name: metadata.name ?? '' };
  try {
    await client.delete(persistentvolumes, target);
    await client.modify(persistentvolumes, target, withoutFinalizer);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Only a volume that is to be deleted with its storage is held for it. */
async function keepFinalizer(client: Client, volume: PersistentVolume): Promise<void> {
  const isMeant = volume.spec?.persistentVolumeReclaimPolicy === 'Delete';
  if (isMeant === isHeld(volume) || (isMeant && isDeleting(volume))) return;
  const changed = isMeant ? withFinalizer(volume) : withoutFinalizer(volume);
  try {
    await client.update(persistentvolumes, changed);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function withFinalizer(volume: PersistentVolume): PersistentVolume {
  const { finalizers = [] } = volume.metadata;
  return {
    ...volume,
    metadata: { ...volume.metadata, finalizers: [...finalizers, DRIVER_FINALIZER] },
  };
}

function withoutFinalizer(volume: PersistentVolume): PersistentVolume {
  if (!isHeld(volume)) return volume;
  const { finalizers = [], ...metadata } = volume.metadata;
  const others = finalizers.filter((each) => each !== DRIVER_FINALIZER);
  return {
    ...volume,
    metadata: { ...metadata, ...(others.length > 0 ? { finalizers: others } : {}) },
  };
}
