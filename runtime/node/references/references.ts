import {
  configmaps,
  persistentvolumeclaims,
  persistentvolumes,
  secrets,
} from '../../../generated/core/v1/resources.ts';
import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Secret,
} from '../../../generated/core/v1/types.ts';
import { csidrivers } from '../../../generated/storage/v1/resources.ts';
import type { CSIDriver } from '../../../generated/storage/v1/types.ts';
import type { Lister, Transport } from '../../client/index.ts';

/** Where what pods refer to is looked up. */
export interface References {
  readonly configMaps: Lister<ConfigMap>;
  readonly secrets: Lister<Secret>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly drivers: Lister<CSIDriver>;
}

export function referencesOf({ lister }: Pick<Transport, 'lister'>): References {
  return {
    configMaps: lister(configmaps),
    secrets: lister(secrets),
    claims: lister(persistentvolumeclaims),
    volumes: lister(persistentvolumes),
    drivers: lister(csidrivers),
  };
}
