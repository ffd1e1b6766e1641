import { jobs } from '../../../generated/batch/v1/resources.ts';
import type { Job } from '../../../generated/batch/v1/types.ts';
import { conditionOf, type KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { type Origin, type OutcomeSources, originOf } from './origin.ts';

/** By the reason of a failure, the field of a Job's spec that made it one. */
const FIELDS: Readonly<Record<string, string>> = {
  DeadlineExceeded: 'activeDeadlineSeconds',
  BackoffLimitExceeded: 'backoffLimit',
  PodFailurePolicy: 'podFailurePolicy',
  FailedIndexes: 'backoffLimitPerIndex',
  MaxFailedIndexesExceeded: 'maxFailedIndexes',
};

/** Jobs that have failed for good, at what ended them; those of one manifest for one reason once. */
export function failedJobs(sources: OutcomeSources): Finding[] {
  const told = new Map<string, { origin: Origin; job: Job; count: number }>();
  for (const job of sources.transport.lister(jobs).list()) {
    const failed = conditionOf(job.status?.conditions, 'Failed');
    const origin =
      failed?.status === 'True' ? originOf(sources, job as unknown as KubeObject) : undefined;
    if (!origin) continue;
    const key = `${labelOf(origin.resource.object)} ${failed?.reason}`;
    const known = told.get(key);
    if (known) known.count++;
    else told.set(key, { origin, job, count: 1 });
  }
  return [...told.values()].map(({ origin, job, count }) => {
    const { reason = '', message = '' } = conditionOf(job.status?.conditions, 'Failed') ?? {};
    const whose = count === 1 ? labelOf(job as unknown as KubeObject) : `${count} Jobs`;
    const { resource, template = '' } = origin;
    const spec = template.replace(/\.?template$/, '');
    const own = `${spec}.${FIELDS[reason] ?? ''}`.replace(/\.$/, '');
    const isWritten = FIELDS[reason] !== undefined && hasField(resource.object, own);
    const fieldPath = isWritten ? own : `${template}.spec.containers[0]`;
    return finding('E_OUTCOME_FAILED', `${whose} failed: ${reason}: ${message}`, {
      object: labelOf(resource.object),
      fieldPath,
      range: resource.rangeOf(fieldPath),
    });
  });
}

function hasField(object: KubeObject, path: string): boolean {
  let value: unknown = object;
  for (const step of path.split('.'))
    value = (value as Record<string, unknown> | undefined)?.[step];
  return value !== undefined;
}
