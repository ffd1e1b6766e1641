import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod, PodTemplateSpec } from '../../generated/core/v1/types.ts';
import type { Init, ReconcileContext } from '../client/index.ts';
import {
  isNamespaceTerminating,
  isNotFound,
  type KubeObject,
  ownerReference,
} from '../meta/index.ts';

export interface Outcome {
  /** Pods made or removed. */
  readonly done: number;
  /** The first error; what came before it is done. */
  readonly error?: unknown;
}

type Context = Pick<ReconcileContext, 'client' | 'events'>;

const NAME_LENGTH_MAX = 253;

/**
 * The pod that a template asks for, with a name to be made up. Its spec is the template's own, shared by all pods and never
 * copied; with apiVersion and kind, so that a client sends this very object for each of them.
 */
export function podFromTemplate(owner: KubeObject, template: PodTemplateSpec = {}): Init<Pod> {
  const { name = '', namespace } = owner.metadata;
  const { metadata = {}, spec } = template;
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
      ownerReferences: [ownerReference(owner)],
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
  owner: KubeObject,
  count: number,
  podAt: (index: number) => Init<Pod>,
): Promise<Outcome> {
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    let failure: { error: unknown } | undefined;
    const first = done;
    for (let at = first; at < Math.min(first + batch, count); at++) {
      try {
        const { metadata } = await client.create(pods, podAt(at));
        events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
        done++;
      } catch (error) {
        if (isNamespaceTerminating(error)) return { done };
        events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${textOf(error)}`);
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
  owner: KubeObject,
  remove: readonly Pod[],
): Promise<Outcome> {
  let done = 0;
  let failure: { error: unknown } | undefined;
  for (const { metadata } of remove) {
    const { name = '', namespace } = metadata;
    try {
      await client.delete(pods, { name, namespace });
      events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
      done++;
    } catch (error) {
      if (isNotFound(error)) continue;
      events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${textOf(error)}`);
      failure ??= { error };
    }
  }
  return { done, ...failure };
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
