import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
} from '../../../generated/core/v1/types.ts';
import { formatTime, withCondition, withoutCondition } from '../../meta/index.ts';
import { bytesOf, requestedBytes } from '../volumes.ts';

const RESIZING = 'Resizing';
const IN_PROGRESS = 'ControllerResizeInProgress';

/** Whether a bound claim asks for more than it has. */
export function asksToGrow(claim: PersistentVolumeClaim): boolean {
  const { phase, capacity } = claim.status ?? {};
  return phase === 'Bound' && requestedBytes(claim) > bytesOf(capacity);
}

/** The status of a claim while its volume grows. */
export function growing(
  { status = {}, spec }: PersistentVolumeClaim,
  nowMs: number,
): PersistentVolumeClaimStatus {
  const storage = spec?.resources?.requests?.storage ?? '0';
  return {
    ...status,
    allocatedResources: { ...status.allocatedResources, storage },
    allocatedResourceStatuses: { ...status.allocatedResourceStatuses, storage: IN_PROGRESS },
    conditions: withCondition(status.conditions, {
      type: RESIZING,
      status: 'True',
      lastTransitionTime: formatTime(nowMs),
    }),
  };
}

/** The status once the volume has grown to what it is now. */
export function grown(
  { status = {} }: PersistentVolumeClaim,
  { spec }: PersistentVolume,
): PersistentVolumeClaimStatus {
  const { allocatedResourceStatuses, conditions, ...rest } = status;
  const { storage: _, ...statuses } = allocatedResourceStatuses ?? {};
  const others = withoutCondition(conditions, RESIZING);
  return {
    ...rest,
    capacity: { ...status.capacity, storage: spec?.capacity?.storage ?? '0' },
    ...(Object.keys(statuses).length > 0 ? { allocatedResourceStatuses: statuses } : {}),
    ...(others.length > 0 ? { conditions: others } : {}),
  };
}

/** The volume as large as its claim asks; the same one when it is. */
export function enlarged(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const { capacity } = volume.spec ?? {};
  if (bytesOf(capacity) >= requestedBytes(claim)) return volume;
  const storage = claim.spec?.resources?.requests?.storage ?? '0';
  return { ...volume, spec: { ...volume.spec, capacity: { ...capacity, storage } } };
}
