import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { isConditionTrue } from '../../meta/index.ts';

/** Keeps a pod that has ended until its Job has counted it. */
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
/** Annotation and label that say which index of an Indexed Job a pod works on. */
export const INDEX_KEY = 'batch.kubernetes.io/job-completion-index';
const OWN_NAME = 'kubernetes.io/job-controller';

export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';
export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;
export const limitsByIndex = ({ spec }: Job): boolean => spec?.backoffLimitPerIndex !== undefined;

/** Somebody else does the work of this controller for it. */
export function isManagedElsewhere({ spec }: Job): boolean {
  return spec?.managedBy !== undefined && spec.managedBy !== OWN_NAME;
}

export function isFinished({ status }: Job): boolean {
  const conditions = status?.conditions;
  return isConditionTrue(conditions, 'Complete') || isConditionTrue(conditions, 'Failed');
}

/** Pods on their way out still occupy their place until they have ended. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined;
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

/** The index that a pod works on; undefined if it has none that makes sense. */
export function completionIndex({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[INDEX_KEY] ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether what becomes of the pod counts: pods of an Indexed Job must work on one of its indexes. */
export function hasPlace(job: Job, pod: Pod): boolean {
  if (!isIndexed(job)) return true;
  const index = completionIndex(pod);
  return index !== undefined && index < (job.spec?.completions ?? 0);
}

/** Failed, or as good as: a pod that was told to go counts at once where its replacement need not wait for its end. */
export function isPodFailed(job: Job, { metadata, status }: Pod): boolean {
  if (status?.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded';
}
