import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import {
  compareQuantities,
  forbidden,
  type KubeObject,
  parseQuantity,
  storageClassOf,
  ZERO,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { about } from '../kind.ts';
import type { AdmissionPlugin } from './plugin.ts';

type Claim = KubeObject & PersistentVolumeClaim;

/** Lets a claim grow only if it is bound and its class says that its volumes may. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  resource: 'persistentvolumeclaims',
  validate({ operation, kind, name, object, old }, core) {
    if (operation !== 'UPDATE' || !old || object === old) return;
    const [claim, before] = [object as Claim, old as Claim];
    if (compareQuantities(sizeOf(claim), sizeOf(before)) <= 0) return;
    if (before.status?.phase !== 'Bound')
      throw forbidden(about(kind, name), 'Only bound persistent volume claims can be expanded');
    if (!mayGrow(claim, before, core)) throw forbidden(about(kind, name), NO_GROWTH);
  },
};

const NO_GROWTH =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

function sizeOf({ spec }: Claim) {
  return parseQuantity(String(spec?.resources?.requests?.storage ?? '0')) ?? ZERO;
}

function mayGrow(claim: Claim, before: Claim, core: Core): boolean {
  const name = storageClassOf(claim);
  if (name === '' || name !== storageClassOf(before)) return false;
  const found = core.kindById('storageclasses.storage.k8s.io')?.cache.row(name)?.object;
  return (found as (KubeObject & StorageClass) | undefined)?.allowVolumeExpansion ?? false;
}
