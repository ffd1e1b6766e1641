import { jobs } from '../../../generated/batch/v1/resources.ts';
import type { Job } from '../../../generated/batch/v1/types.ts';
import { type Controller, type ControllerDeps, watch } from '../../client/index.ts';
import { isDeleting, isNotFound, keyOf, parseTime } from '../../meta/index.ts';

export function createTtlAfterFinishedController({ transport }: ControllerDeps): Controller {
  const lister = transport.lister(jobs);
  return {
    name: 'ttlafterfinished',
    watches: [
      watch(
        jobs,
        ({ object }) => [keyOf(object)],
        ({ object }) => object.spec?.ttlSecondsAfterFinished !== undefined,
      ),
    ],
    async reconcile(key, { client, now }) {
      const job = lister.byKey(key);
      const expiresMs = job && expiryMs(job);
      if (!job || expiresMs === undefined) return undefined;
      if (expiresMs > now()) return { requeueAfterMs: expiresMs - now() };
      const { name = '', namespace, uid } = job.metadata;
      try {
        await client.delete(
          jobs,
          { name, namespace },
          { propagationPolicy: 'Foreground', ...(uid ? { preconditions: { uid } } : {}) },
        );
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: { expired: name } };
    },
  };
}

/** When a Job is to be deleted; undefined as long as nothing says so. */
function expiryMs(job: Job): number | undefined {
  const seconds = job.spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || isDeleting(job)) return undefined;
  const end = job.status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
  return end && parseTime(end.lastTransitionTime) + seconds * 1000;
}
