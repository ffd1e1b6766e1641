import {
  persistentvolumeclaims,
  persistentvolumes,
  pods,
} from '../../../generated/core/v1/resources.ts';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../../generated/core/v1/types.ts';
import { storageclasses } from '../../../generated/storage/v1/resources.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import { isDefaultStorageClass, keyOf, parseTime, storageClassOf } from '../../meta/index.ts';
import { claimsOfPod } from '../pod-claims.ts';
import { hasPodEnded } from '../pods.ts';
import { annotations } from '../volumes.ts';
import { type ClaimWorld, namesClass } from './decide-claim.ts';

const BY_CLAIM = 'claim';
const FREE = 'free-of-class';
const UNBOUND = 'unbound-of-class';
const DEFAULT = 'default';
const WAITING = 'waiting-with-claim';
/** Stands for the class of claims that name none; no class is called so. */
const UNNAMED = '*';
const NONE: readonly string[] = [];

/** What there is of storage, by indexes. */
export class StorageIndex implements ClaimWorld {
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly #classes: Lister<StorageClass>;
  readonly #pods: Lister<Pod>;

  constructor({ transport }: Pick<ControllerDeps, 'transport'>) {
    transport.addIndex<PersistentVolume>(persistentvolumes, BY_CLAIM, claimKeys);
    transport.addIndex<PersistentVolume>(persistentvolumes, FREE, (volume) =>
      volume.spec?.claimRef ? NONE : [storageClassOf(volume)],
    );
    transport.addIndex<PersistentVolumeClaim>(persistentvolumeclaims, UNBOUND, unboundClasses);
    transport.addIndex<StorageClass>(storageclasses, DEFAULT, (each) =>
      isDefaultStorageClass(each) ? ['true'] : NONE,
    );
    transport.addIndex<Pod>(pods, WAITING, (pod) =>
      pod.spec?.nodeName || hasPodEnded(pod) ? NONE : claimsOfPod(pod),
    );
    this.claims = transport.lister(persistentvolumeclaims);
    this.volumes = transport.lister(persistentvolumes);
    this.#classes = transport.lister(storageclasses);
    this.#pods = transport.lister(pods);
  }

  volume(name: string): PersistentVolume | undefined {
    return this.volumes.get(name);
  }

  /** Volumes that name the claim. */
  volumesOf(claimKey: string): readonly PersistentVolume[] {
    return this.volumes.byIndex(BY_CLAIM, claimKey);
  }

  candidates(claim: PersistentVolumeClaim): readonly PersistentVolume[] {
    const free = this.volumes.byIndex(FREE, storageClassOf(claim));
    const kept = this.volumesOf(keyOf(claim));
    return kept.length === 0 ? free : [...kept, ...free];
  }

  /** Claims without a volume that a free volume of the class may be for. */
  unboundOf(className: string): readonly PersistentVolumeClaim[] {
    const named = this.claims.byIndex(UNBOUND, className);
    return className === '' ? [...named, ...this.unnamed()] : named;
  }

  /** Claims without a volume that say nothing of a class. */
  unnamed(): readonly PersistentVolumeClaim[] {
    return this.claims.byIndex(UNBOUND, UNNAMED);
  }

  storageClass(name: string): StorageClass | undefined {
    return this.#classes.get(name);
  }

  /** Of several, the newest. */
  defaultClass(): StorageClass | undefined {
    const [first, ...others] = this.#classes.byIndex(DEFAULT, 'true');
    return others.reduce((a, b) => (a && createdMs(a) >= createdMs(b) ? a : b), first);
  }

  waitingPods(claim: PersistentVolumeClaim): readonly string[] {
    return this.#pods.byIndex(WAITING, keyOf(claim)).map(({ metadata }) => metadata.name ?? '');
  }
}

const createdMs = ({ metadata }: StorageClass): number => parseTime(metadata.creationTimestamp);

/** Key of the claim that a volume names. */
export function claimKeys({ spec }: PersistentVolume): readonly string[] {
  const { namespace, name } = spec?.claimRef ?? {};
  return name ? [`${namespace ?? ''}/${name}`] : NONE;
}

function unboundClasses(claim: PersistentVolumeClaim): readonly string[] {
  const wasBound = claim.metadata.annotations?.[annotations.bindCompleted] !== undefined;
  if (wasBound || claim.spec?.volumeName) return NONE;
  return [namesClass(claim) ? storageClassOf(claim) : UNNAMED];
}
