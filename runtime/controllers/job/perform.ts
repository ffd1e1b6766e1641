import type { Job } from '../../../generated/batch/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Client, ReconcileContext } from '../../client/index.ts';
import { isNamespaceTerminating, isNotFound } from '../../meta/index.ts';
import { TRACKING_FINALIZER } from './job.ts';
import type { PodOrder } from './plan.ts';
import { podFor } from './pod.ts';

/** Pods that were made or removed, and the first error; what came before it is done. */
export interface Outcome {
  readonly done: readonly Pod[];
  readonly error?: unknown;
}

type Context = Pick<ReconcileContext, 'client' | 'events'>;

/**
 * Makes the pods of `orders` in batches of 1, 2, 4 and so on, and none after a batch in which one failed. In a namespace that
 * goes away nothing can be made: no error.
 */
export async function createPods(
  { client, events }: Context,
  job: Job,
  orders: readonly PodOrder[],
): Promise<Outcome> {
  const done: Pod[] = [];
  for (let from = 0, size = 1; from < orders.length; from += size, size *= 2) {
    let failure: { error: unknown } | undefined;
    for (const order of orders.slice(from, from + size)) {
      try {
        const pod = await client.create(pods, podFor(job, order));
        done.push(pod);
        events.event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      } catch (error) {
        if (isNamespaceTerminating(error)) return { done };
        events.event(job, 'Warning', 'FailedCreate', `Error creating: ${textOf(error)}`);
        failure ??= { error };
      }
    }
    if (failure) return { done, ...failure };
  }
  return { done };
}

/** Deletes active pods; with `letGo` they are not tracked any more, and so will not count as failed. */
export async function removePods(
  { client, events }: Context,
  job: Job,
  remove: readonly Pod[],
  { letGo }: { readonly letGo: boolean },
): Promise<Outcome> {
  const done: Pod[] = [];
  let failure: { error: unknown } | undefined;
  for (const pod of remove) {
    const { name = '', namespace } = pod.metadata;
    try {
      if (letGo) await untrackPod(client, pod);
      await client.delete(pods, { name, namespace });
      events.event(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      done.push(pod);
    } catch (error) {
      if (isNotFound(error)) {
        done.push(pod);
        continue;
      }
      events.event(job, 'Warning', 'FailedDelete', `Error deleting: ${textOf(error)}`);
      failure ??= { error };
    }
  }
  return { done, ...failure };
}

/** Takes the tracking finalizer off; a pod that is gone needs none. */
export async function untrackPod(client: Client, { metadata }: Pod): Promise<void> {
  const { name = '', namespace, uid, finalizers } = metadata;
  if (!finalizers?.includes(TRACKING_FINALIZER)) return;
  const patch = { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [TRACKING_FINALIZER] } };
  try {
    await client.patch(pods, { name, namespace }, patch);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
