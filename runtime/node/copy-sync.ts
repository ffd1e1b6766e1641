import { isCut, isOff } from './ailments.ts';
import { copyKey, orphaned } from './copies.ts';
import { clientOf, type Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { decideFor, forgetPod, isWaiting, remember } from './pod-sync.ts';
import { isOrphan } from './pods-on.ts';
import { resize } from './resize.ts';
import { tellEvents } from './telling.ts';

/** Whether the pod worker goes by a copy of the pod: nobody tells it of the API's, or there is none. */
export function hasCopy(kubelets: Kubelets, key: string, { node }: PodRecord): boolean {
  return isOrphan(key) || isCut(kubelets, node);
}

/**
 * One pass of the pod worker over a pod of which only its node knows how it is. Of what happens to one whose node is cut off the API hears
 * later; a kubelet that knows of no pods, since it has started without the API server, does nothing.
 */
export async function syncCopy(
  kubelets: Kubelets,
  key: string,
  known: PodRecord,
  journalId: number,
): Promise<void> {
  const { state } = kubelets;
  const at = copyKey(known.node, key);
  const node = state.nodes.get(known.node);
  const copy = state.copies.get(at);
  if (!node || !copy || isOff(kubelets, known.node)) return;
  const hasHeard = isOrphan(key) && !isCut(kubelets, known.node);
  const pod = hasHeard ? orphaned(kubelets, key, known, copy) : copy;
  const before = state.pods.get(key)!;
  const { record, event } = resize(kubelets, key, pod, node, before);
  const decision = decideFor(kubelets, key, pod, record, node);
  if (event) decision.effects.events.unshift(event);
  remember(kubelets, key, pod, before, decision, journalId);
  if (isWaiting(record) && !isWaiting(decision.record)) state.queue.add(`pod/${key}`);
  const { status, gone } = decision;
  state.copies.set(at, { ...pod, status });
  await tellEvents(kubelets, pod, decision, clientOf(kubelets, node.user, journalId), false);
  const latest = state.pods.get(key);
  if (!gone || !latest || !isOrphan(key)) return;
  forgetPod(kubelets, key, latest, undefined);
  state.copies.delete(at);
}
