import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { CLASS_ANNOTATION, type KubeObject } from '../../meta/index.ts';
import { newest } from './newest.ts';
import type { AdmissionPlugin } from './plugin.ts';

const CLASSES = 'storageclasses.storage.k8s.io';

/** Gives a claim that names no class the default one: of several, the newest. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  resource: 'persistentvolumeclaims',
  mutate({ operation, object }, core) {
    const claim = object as KubeObject & PersistentVolumeClaim;
    const isNamed =
      claim.spec?.storageClassName !== undefined ||
      claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined;
    if (operation !== 'CREATE' || isNamed) return object;
    const found = newest(core.byIndex(CLASSES, 'default', 'true'));
    if (!found) return object;
    const spec = { ...claim.spec, storageClassName: found.metadata.name };
    return { ...claim, spec } as KubeObject;
  },
};
