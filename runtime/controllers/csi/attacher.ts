import { persistentvolumes } from '../../../generated/core/v1/resources.ts';
import { volumeattachments } from '../../../generated/storage/v1/resources.ts';
import type { VolumeAttachment } from '../../../generated/storage/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isDeleting, isNotFound, keyOf } from '../../meta/index.ts';
import { type WaitState, Waits } from './waits.ts';

/** Attaches volumes of drivers to nodes, and detaches them. Key: the VolumeAttachment. */
export function createAttacher(deps: ControllerDeps<unknown, WaitState>): Controller {
  const attachments = listerOf(deps, volumeattachments);
  const volumes = listerOf(deps, persistentvolumes);
  const waits = new Waits(deps.inherited);
  const isDue = (attachment: VolumeAttachment): boolean => {
    if (isDeleting(attachment)) return isHeld(attachment);
    const { persistentVolumeName = '' } = attachment.spec.source;
    return (
      !attachment.status?.attached && volumes.get(persistentVolumeName)?.spec?.csi !== undefined
    );
  };
  return {
    name: 'csi-attacher',
    watches: [watch(volumeattachments, ({ object }) => [keyOf(object)])],
    async reconcile(key, { client, now }) {
      const attachment = attachments.byKey(key);
      if (!attachment || !isDue(attachment)) return waits.end(key);
      const nowMs = now();
      const wait = `${attachment.metadata.uid} ${isDeleting(attachment)}`;
      try {
        if (!isDeleting(attachment) && !isHeld(attachment)) {
          await client.update(volumeattachments, held(attachment));
          return;
        }
        const { untilMs } = waits.begin(key, wait, nowMs);
        if (untilMs > nowMs) return { requeueAfterMs: untilMs - nowMs };
        if (isDeleting(attachment)) await client.update(volumeattachments, released(attachment));
        else
          await client.updateStatus(volumeattachments, {
            ...attachment,
            status: { attached: true },
          });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      waits.end(key);
      return { decision: isDeleting(attachment) ? { detach: key } : { attach: key } };
    },
    inherit: () => waits.clone(),
  };
}

/** Keeps an attachment until the volume is detached. */
const finalizerOf = ({ spec }: VolumeAttachment): string =>
  `external-attacher/${spec.attacher.replaceAll(/[^A-Za-z0-9-]/g, '-')}`;

function isHeld(attachment: VolumeAttachment): boolean {
  return attachment.metadata.finalizers?.includes(finalizerOf(attachment)) ?? false;
}

function held(attachment: VolumeAttachment): VolumeAttachment {
  const { finalizers = [], ...metadata } = attachment.metadata;
  return {
    ...attachment,
    metadata: { ...metadata, finalizers: [...finalizers, finalizerOf(attachment)] },
  };
}

function released(attachment: VolumeAttachment): VolumeAttachment {
  const { finalizers = [], ...metadata } = attachment.metadata;
  const others = finalizers.filter((each) => each !== finalizerOf(attachment));
  return {
    ...attachment,
    metadata: { ...metadata, ...(others.length > 0 ? { finalizers: others } : {}) },
  };
}
