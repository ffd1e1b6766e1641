import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { storageclasses } from '../../../generated/storage/v1/resources.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import {
  isDefaultStorageClass,
  isNotFound,
  keyOf,
  storageClassOf,
  type WatchEvent,
} from '../../meta/index.ts';
import { annotations } from '../volumes.ts';
import { type ClaimAction, decideClaim, type Notice } from './decide-claim.ts';
import { bind, writeClaimStatus } from './perform.ts';
import { claimKeys, StorageIndex } from './storage-index.ts';

const NOTHING: readonly string[] = [];

/** Finds volumes for claims. Key: the claim. */
export function createClaimBinder(deps: ControllerDeps): Controller {
  const storage = new StorageIndex(deps);
  return {
    name: 'persistentvolume-binder',
    watches: [
      watch(persistentvolumeclaims, ({ type, object }) =>
        type === 'DELETED' ? NOTHING : [keyOf(object)],
      ),
      watch(persistentvolumes, (event) => claimsTouchedBy(event, storage)),
      watch(storageclasses, ({ object }) =>
        [
          ...storage.unboundOf(object.metadata.name ?? ''),
          ...(isDefaultStorageClass(object) ? storage.unnamed() : []),
        ].map(keyOf),
      ),
    ],
    async reconcile(key, context) {
      const claim = storage.claims.byKey(key);
      if (!claim) return;
      const action = decideClaim(claim, storage);
      try {
        await perform(context, claim, action);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: journalled(action) };
    },
  };
}

/** The claims that a volume is or was for; and those that it may be for now that it is free. */
function claimsTouchedBy(
  { type, object, previous }: WatchEvent<PersistentVolume>,
  storage: StorageIndex,
): Iterable<string> {
  const keys = new Set(claimKeys(object));
  for (const key of previous ? claimKeys(previous) : NOTHING) keys.add(key);
  if (type !== 'DELETED' && !object.spec?.claimRef && object.status?.phase === 'Available')
    for (const claim of storage.unboundOf(storageClassOf(object))) keys.add(keyOf(claim));
  return keys;
}

async function perform(
  { client, events }: ReconcileContext,
  claim: PersistentVolumeClaim,
  action: ClaimAction,
): Promise<void> {
  const tell = ({ type, reason, message }: Notice): void =>
    events.event(claim, type, reason, message);
  switch (action.kind) {
    case 'bind':
      return bind(client, claim, action.volume);
    case 'lose':
      if (await writeClaimStatus(client, claim, 'Lost')) tell(action.notice);
      return;
    case 'wait':
      if (action.notice) tell(action.notice);
      await writeClaimStatus(client, claim, 'Pending');
      return;
    case 'set-class': {
      const spec = { ...claim.spec, storageClassName: action.className };
      await client.update(persistentvolumeclaims, { ...claim, spec });
      return;
    }
    case 'provision': {
      const asking = withProvisioner(claim, action);
      if (asking !== claim) await client.update(persistentvolumeclaims, asking);
      tell(action.notice);
    }
  }
}

function withProvisioner(
  claim: PersistentVolumeClaim,
  { provisioner, migratedTo }: Extract<ClaimAction, { kind: 'provision' }>,
): PersistentVolumeClaim {
  const given = claim.metadata.annotations;
  if (given?.[annotations.provisioner] === provisioner) return claim;
  return {
    ...claim,
    metadata: {
      ...claim.metadata,
      annotations: {
        ...given,
        [annotations.provisionerBeta]: provisioner,
        [annotations.provisioner]: provisioner,
        ...(migratedTo ? { [annotations.migratedTo]: migratedTo } : {}),
      },
    },
  };
}

/** The action as the journal keeps it: names, not objects. */
function journalled(action: ClaimAction): object {
  return action.kind === 'bind'
    ? { kind: 'bind', volume: action.volume.metadata.name ?? '' }
    : action;
}
