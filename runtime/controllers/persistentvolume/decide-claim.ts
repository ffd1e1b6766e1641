import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import { CLASS_ANNOTATION, storageClassOf } from '../../meta/index.ts';
import { annotations, isKeptFor } from '../volumes.ts';
import { bestMatch, mismatch } from './match.ts';
import { driverFor, isInTree } from './migration.ts';

export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export type ClaimAction =
  | { readonly kind: 'bind'; readonly volume: PersistentVolume }
  /** It had a volume and has none any more. */
  | { readonly kind: 'lose'; readonly notice: Notice }
  | { readonly kind: 'wait'; readonly notice?: Notice }
  | { readonly kind: 'set-class'; readonly className: string }
  /** Asks `provisioner` for a volume. */
  | {
      readonly kind: 'provision';
      readonly provisioner: string;
      readonly migratedTo?: string;
      readonly notice: Notice;
    };

/** What a claim's future depends on. */
export interface ClaimWorld {
  volume(name: string): PersistentVolume | undefined;
  /** Volumes that are kept for the claim or are free and of its class. */
  candidates(claim: PersistentVolumeClaim): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  /** The class for claims that name none. */
  defaultClass(): StorageClass | undefined;
  /** Names of the pods with the claim that are on no node. */
  waitingPods(claim: PersistentVolumeClaim): readonly string[];
}

const normal = (reason: string, message: string): Notice => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Notice => ({ type: 'Warning', reason, message });

export function decideClaim(claim: PersistentVolumeClaim, world: ClaimWorld): ClaimAction {
  const { volumeName } = claim.spec ?? {};
  const wasBound = claim.metadata.annotations?.[annotations.bindCompleted] !== undefined;
  if (wasBound) return decideBound(claim, volumeName ? world.volume(volumeName) : undefined);
  return volumeName ? decideNamed(claim, world.volume(volumeName)) : decideUnbound(claim, world);
}

function decideBound(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume | undefined,
): ClaimAction {
  const lose = (reason: string, message: string): ClaimAction => ({
    kind: 'lose',
    notice: warning(reason, message),
  });
  if (!claim.spec?.volumeName)
    return lose(
      'ClaimLost',
      'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
    );
  if (!volume)
    return lose(
      'ClaimLost',
      'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  const { claimRef } = volume.spec ?? {};
  if (claimRef && claimRef.uid !== claim.metadata.uid)
    return lose(
      'ClaimMisbound',
      'Two claims are bound to the same volume, this one is bound incorrectly',
    );
  return { kind: 'bind', volume };
}

/** It asks for a certain volume. */
function decideNamed(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume | undefined,
): ClaimAction {
  if (!volume) return { kind: 'wait' };
  const { name } = volume.metadata;
  const wait = (reason: string, message: string): ClaimAction => ({
    kind: 'wait',
    notice: warning(reason, message),
  });
  if (volume.spec?.claimRef)
    return isKeptFor(volume, claim)
      ? { kind: 'bind', volume }
      : wait('FailedBinding', `volume "${name}" already bound to a different claim.`);
  const wrong = mismatch(volume, claim);
  if (wrong === undefined) return { kind: 'bind', volume };
  return wait('VolumeMismatch', `Cannot bind to requested volume "${name}": ${wrong}`);
}

function decideUnbound(claim: PersistentVolumeClaim, world: ClaimWorld): ClaimAction {
  const className = storageClassOf(claim);
  const storageClass = className === '' ? undefined : world.storageClass(className);
  const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  const volume = bestMatch(claim, world.candidates(claim), isDelayed);
  if (volume) return { kind: 'bind', volume };
  const byDefault = namesClass(claim) ? undefined : world.defaultClass();
  if (byDefault) return { kind: 'set-class', className: byDefault.metadata.name ?? '' };
  if (isDelayed && !claim.metadata.annotations?.[annotations.selectedNode])
    return { kind: 'wait', notice: consumerNotice(world.waitingPods(claim)) };
  if (className === '')
    return {
      kind: 'wait',
      notice: normal(
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      ),
    };
  return decideProvisioning(className, storageClass);
}

/** Whether it says what class it wants, be it none. */
export function namesClass({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (
    spec?.storageClassName !== undefined || metadata.annotations?.[CLASS_ANNOTATION] !== undefined
  );
}

function consumerNotice(pods: readonly string[]): Notice {
  if (pods.length === 0)
    return normal(
      'WaitForFirstConsumer',
      'waiting for first consumer to be created before binding',
    );
  const which = `pod${pods.length > 1 ? 's' : ''} ${pods.join(',')}`;
  return normal('WaitForPodScheduled', `waiting for ${which} to be scheduled`);
}

function decideProvisioning(
  className: string,
  storageClass: StorageClass | undefined,
): ClaimAction {
  const fail = (message: string): ClaimAction => ({
    kind: 'wait',
    notice: warning('ProvisioningFailed', message),
  });
  if (!storageClass) return fail(`storageclass.storage.k8s.io "${className}" not found`);
  const { provisioner } = storageClass;
  const migratedTo = driverFor(provisioner);
  const external = migratedTo ?? provisioner;
  if (isInTree(external)) return fail(`no volume plugin matched name: ${provisioner}`);
  return {
    kind: 'provision',
    provisioner: external,
    ...(migratedTo ? { migratedTo } : {}),
    notice: normal(
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${external}' or manually by the ` +
        'system administrator. If volume creation is delayed, please verify that the provisioner is running and ' +
        'correctly registered.',
    ),
  };
}
