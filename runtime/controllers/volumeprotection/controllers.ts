import {
  persistentvolumeclaims,
  persistentvolumes,
  pods,
} from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { volumeattributesclasses } from '../../../generated/storage/v1/resources.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { keyOf, type WatchEvent } from '../../meta/index.ts';
import { claimsInUse, podsByClaim } from '../pod-claims.ts';
import { protectionController } from './protection.ts';

const BY_CLASS = 'attributes-class';

/** Claims: in use while a pod that was bound to a node has them among its volumes, whether it still runs or not. */
export function createClaimProtection(deps: ControllerDeps): Controller {
  const users = podsByClaim(deps);
  return protectionController(deps, {
    name: 'pvc-protection',
    resource: persistentvolumeclaims,
    finalizer: 'kubernetes.io/pvc-protection',
    isUsed: (claim) => users.count(keyOf(claim)) > 0,
    releases: [
      watch(
        pods,
        ({ object }) => claimsInUse(object),
        ({ type, object }) => type === 'DELETED' && claimsInUse(object).length > 0,
      ),
    ],
  });
}

/** Volumes: in use while they are bound. */
export function createVolumeProtection(deps: ControllerDeps): Controller {
  return protectionController(deps, {
    name: 'pv-protection',
    resource: persistentvolumes,
    finalizer: 'kubernetes.io/pv-protection',
    isUsed: ({ status }) => status?.phase === 'Bound',
    releases: [],
  });
}

/** Classes of attributes: in use while a claim or a volume names them. */
export function createAttributesClassProtection(deps: ControllerDeps): Controller {
  const claims = listerOf(deps, persistentvolumeclaims);
  const volumes = listerOf(deps, persistentvolumes);
  deps.transport.addIndex(persistentvolumeclaims, BY_CLASS, classesOf);
  deps.transport.addIndex(persistentvolumes, BY_CLASS, classesOf);
  const left = ({ type, object, previous }: WatchEvent<Attributed>): string[] =>
    type === 'DELETED' ? classesOf(object) : previous ? classesOf(previous) : [];
  return protectionController(deps, {
    name: 'volumeattributesclass-protection',
    resource: volumeattributesclasses,
    finalizer: 'kubernetes.io/vac-protection',
    isUsed: ({ metadata: { name = '' } }) =>
      claims.countIndex(BY_CLASS, name) + volumes.countIndex(BY_CLASS, name) > 0,
    releases: [watch(persistentvolumeclaims, left), watch(persistentvolumes, left)],
  });
}

type Attributed = PersistentVolume | PersistentVolumeClaim;

/** The classes that a claim or volume has, had last or shall have. */
function classesOf({ spec, status }: Attributed): string[] {
  const { currentVolumeAttributesClassName: current, modifyVolumeStatus: change } = (status ??
    {}) as NonNullable<PersistentVolumeClaim['status']>;
  const names = [spec?.volumeAttributesClassName, current, change?.targetVolumeAttributesClassName];
  return [...new Set(names.filter((name): name is string => Boolean(name)))];
}
