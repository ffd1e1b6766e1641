import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { isNotFound } from '../../meta/index.ts';
import type { Client, Kubelets } from '../kubelets.ts';
import { uidOnNode } from '../pod-source.ts';
import { mirrorOf } from './manifest.ts';

/** The mirror as it is to be: one that shows another pod, or is being deleted, makes room for a new one. Undefined without a Node. */
export async function keepMirror(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  client: Client,
): Promise<Pod | undefined> {
  const found = kubelets.pods.byKey(key);
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  if (found) {
    const isRight = uidOnNode(found) === pod.metadata.uid;
    if (isRight && (isEnding || found.metadata.deletionTimestamp === undefined)) return found;
    await removeMirror(client, found);
  }
  const node = kubelets.nodes.byKey(pod.spec?.nodeName ?? '');
  if (isEnding || !node) return undefined;
  const mirror = mirrorOf(pod, node.metadata.uid ?? '');
  return client.create<Pod>(pods, mirror as never);
}

/** Takes a mirror away at once. */
export async function removeMirror(client: Client, { metadata }: Pod): Promise<void> {
  const { name = '', namespace, uid } = metadata;
  try {
    await client.delete(
      pods,
      { name, namespace },
      { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
