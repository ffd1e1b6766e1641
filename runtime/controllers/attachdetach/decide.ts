import { createHash } from 'node:crypto';
import type { PersistentVolume, Pod } from '../../../generated/core/v1/types.ts';
import type { VolumeAttachment } from '../../../generated/storage/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';

/** A volume that pods of a node need. */
export interface NeededVolume {
  readonly volume: PersistentVolume;
  readonly pods: readonly Pod[];
}

export interface NodeVolumes {
  readonly node: string;
  readonly needed: readonly NeededVolume[];
  /** Those that name the node. */
  readonly attachments: readonly VolumeAttachment[];
  /** All attachments of a volume, on whatever node. */
  attachmentsOf(volume: string): readonly VolumeAttachment[];
}

export interface AttachPlan {
  readonly attach: readonly NeededVolume[];
  readonly detach: readonly VolumeAttachment[];
  /** Needed here, and attached to another node that alone may have it. */
  readonly blocked: readonly NeededVolume[];
  /** What is attached. */
  readonly attached: readonly NeededVolume[];
}

export function decideAttachments({
  node,
  needed,
  attachments,
  attachmentsOf,
}: NodeVolumes): AttachPlan {
  const attach: NeededVolume[] = [];
  const blocked: NeededVolume[] = [];
  const attached: NeededVolume[] = [];
  const names = new Set<string>();
  for (const each of needed) {
    const name = attachmentName(each.volume, node);
    names.add(name);
    const found = attachments.find(({ metadata }) => metadata.name === name);
    if (found?.status?.attached && !isDeleting(found)) attached.push(each);
    if (found) continue;
    const elsewhere = attachmentsOf(each.volume.metadata.name ?? '');
    if (elsewhere.length > 0 && isExclusive(each.volume)) blocked.push(each);
    else attach.push(each);
  }
  const detach = attachments.filter((each) => {
    const { name = '' } = each.metadata;
    return !names.has(name) && OWN_NAME.test(name) && !isDeleting(each);
  });
  return { attach, detach, blocked, attached };
}

const OWN_NAME = /^csi-[0-9a-f]{64}$/;

/** Of the attachment of a driver's volume to a node. */
export function attachmentName({ spec }: PersistentVolume, node: string): string {
  const { driver = '', volumeHandle = '' } = spec?.csi ?? {};
  return `csi-${createHash('sha256').update(`${volumeHandle}${driver}${node}`).digest('hex')}`;
}

/** As nodes name what is attached to them. */
export function attachedName({ spec }: PersistentVolume): string {
  const { driver = '', volumeHandle = '' } = spec?.csi ?? {};
  return `kubernetes.io/csi/${driver}^${volumeHandle}`;
}

function isExclusive({ spec }: PersistentVolume): boolean {
  const { accessModes = [] } = spec ?? {};
  if (accessModes.length === 0) return false;
  return !accessModes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
}
