import { jobs } from '../../../generated/batch/v1/resources.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, watch } from '../../client/index.ts';
import { controllerOf, keyOf } from '../../meta/index.ts';
import { indexByController } from '../dependents.ts';
import { isFinished, isManagedElsewhere, isTracked } from './job.ts';
import { untrackPod } from './perform.ts';

/** Lets go of pods that nobody will count, because their Job is gone, over, or theirs no more. Keys are pods'. */
export function createJobOrphanController({ transport }: ControllerDeps): Controller {
  const lister = transport.lister(pods);
  const jobLister = transport.lister(jobs);
  const podsOf = indexByController(transport, pods);

  const isOrphan = (pod: Pod): boolean => {
    if (!isTracked(pod)) return false;
    const owner = controllerOf(pod);
    if (!owner) return true;
    if (owner.kind !== jobs.kind || !owner.apiVersion.startsWith(`${jobs.group}/`)) return false;
    const job = jobLister.get(owner.name, pod.metadata.namespace);
    if (job?.metadata.uid !== owner.uid) return true;
    return isFinished(job) && !isManagedElsewhere(job);
  };

  return {
    name: 'job-orphans',
    watches: [
      watch(
        jobs,
        ({ object }) =>
          podsOf(object.metadata.uid ?? '')
            .filter(isTracked)
            .map(keyOf),
        ({ type, object }) => type === 'DELETED' || isFinished(object),
      ),
      watch(
        pods,
        ({ object }) => [keyOf(object)],
        ({ type, object }) => type !== 'DELETED' && isOrphan(object),
      ),
    ],
    async reconcile(key, { client }) {
      const pod = lister.byKey(key);
      if (pod && isOrphan(pod)) await untrackPod(client, pod);
      return undefined;
    },
  };
}
