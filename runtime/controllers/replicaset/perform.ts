import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Init, ReconcileContext } from '../../client/index.ts';
import { isNamespaceTerminating, isNotFound, ownerReference } from '../../meta/index.ts';

export interface Outcome {
  /** Pods made or removed. */
  readonly done: number;
  /** The first error; what came before it is done. */
  readonly error?: unknown;
}

type Context = Pick<ReconcileContext, 'client' | 'events'>;

const NAME_LENGTH_MAX = 253;

/**
 * The pod that a template asks for. Its spec is the template's own, shared by all pods and never copied; with apiVersion and
 * kind, so that a client sends this very object for each of them.
 */
export function podFromTemplate(replicaSet: ReplicaSet): Init<Pod> {
  const { name = '', namespace } = replicaSet.metadata;
  const { metadata = {}, spec } = replicaSet.spec?.template ?? {};
  const { labels, annotations, finalizers } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: name.length < NAME_LENGTH_MAX ? `${name}-` : name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [ownerReference(replicaSet)],
    },
    ...(spec ? { spec } : {}),
  };
}

/**
 * Makes `count` pods in batches of 1, 2, 4 and so on, and none after a batch in which one failed: what fails for all (a
 * quota) then fails a few times, not five hundred. In a namespace that goes away nothing can be made: no error.
 */
export async function createPods(
  { client, events }: Context,
  replicaSet: ReplicaSet,
  count: number,
): Promise<Outcome> {
  const pod = podFromTemplate(replicaSet);
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    let failure: { error: unknown } | undefined;
    for (let each = Math.min(batch, count - done); each > 0; each--) {
      try {
        const { metadata } = await client.create(pods, pod);
        events.event(replicaSet, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
        done++;
      } catch (error) {
        if (isNamespaceTerminating(error)) return { done };
        events.event(replicaSet, 'Warning', 'FailedCreate', `Error creating: ${textOf(error)}`);
        failure ??= { error };
      }
    }
    if (failure) return { done, ...failure };
  }
  return { done };
}

/** Asks for the deletion of every pod of `remove`; one that is gone already needs none. */
export async function removePods(
  { client, events }: Context,
  replicaSet: ReplicaSet,
  remove: readonly Pod[],
): Promise<Outcome> {
  let done = 0;
  let failure: { error: unknown } | undefined;
  for (const { metadata } of remove) {
    const { name = '', namespace } = metadata;
    try {
      await client.delete(pods, { name, namespace });
      events.event(replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      done++;
    } catch (error) {
      if (isNotFound(error)) continue;
      events.event(replicaSet, 'Warning', 'FailedDelete', `Error deleting: ${textOf(error)}`);
      failure ??= { error };
    }
  }
  return { done, ...failure };
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
