import type { PersistentVolume } from '../../../generated/core/v1/types.ts';
import { annotations } from '../volumes.ts';
import { driverFor, isInTree } from './migration.ts';

export type ReclaimAction =
  | { readonly kind: 'keep' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'recycle' }
  | { readonly kind: 'fail'; readonly reason: string; readonly message: string };

const KEEP: ReclaimAction = { kind: 'keep' };
/** The only directories of a node that are deleted. */
const DELETABLE_PATH = '/tmp/.+';

/** What becomes of a volume whose claim is gone. One that an external provisioner made is deleted by that. */
export function decideReclaim(volume: PersistentVolume): ReclaimAction {
  switch (volume.spec?.persistentVolumeReclaimPolicy) {
    case 'Recycle':
      return decideRecycling(volume);
    case 'Delete':
      return decideDeletion(volume);
    default:
      return KEEP;
  }
}

function decideRecycling({ spec }: PersistentVolume): ReclaimAction {
  if (spec?.hostPath || spec?.nfs) return { kind: 'recycle' };
  const message = 'No recycler plugin found for the volume!';
  return { kind: 'fail', reason: 'VolumeFailedRecycle', message };
}

function decideDeletion({ metadata, spec = {} }: PersistentVolume): ReclaimAction {
  const fail = (message: string): ReclaimAction => ({
    kind: 'fail',
    reason: 'VolumeFailedDelete',
    message,
  });
  const maker = metadata.annotations?.[annotations.provisionedBy];
  if (maker && (!isInTree(maker) || driverFor(maker))) return KEEP;
  const { hostPath, local, nfs } = spec;
  if (hostPath) {
    if (new RegExp(`^${DELETABLE_PATH}`).test(hostPath.path)) return { kind: 'delete' };
    return fail(
      `host_path deleter only supports ${DELETABLE_PATH} but received provided ${hostPath.path}`,
    );
  }
  if (maker) return fail(`no volume plugin matched name: ${maker}`);
  const why = local || nfs ? 'no deletable volume plugin matched' : 'no volume plugin matched';
  return fail(`error getting deleter volume plugin for volume "${metadata.name}": ${why}`);
}
