import type { Node, Pod } from '../../generated/core/v1/types.ts';
import type { KubeObject } from '../meta/index.ts';
import { refusePlace, shortages } from './admission.ts';
import { minus, NO_AMOUNTS, offeredBy } from './amounts.ts';
import {
  isCritical,
  PREEMPTED_DISRUPTION,
  PREEMPTED_MESSAGE,
  PREEMPTING,
  placedOn,
  podsToPreempt,
  runningOn,
} from './eviction/index.ts';
import { type Client, type Kubelets, recorderOf } from './kubelets.ts';
import type { NodeRecord } from './state.ts';
import { stopPod } from './stop-pod.ts';
import { tell } from './telling.ts';

/**
 * Ends pods so that a critical one fits that nothing but the want of room keeps away. What they took counts as free at
 * once; upstream waits until they have ended before it goes on to admit the critical pod.
 */
export async function makeRoom(
  kubelets: Kubelets,
  pod: Pod,
  node: NodeRecord,
  object: Node | undefined,
  client: Client,
): Promise<void> {
  const neighbours = (): Pod[] => runningOn(kubelets, node.name);
  if (!isCritical(pod) || (object && refusePlace(pod, object, neighbours))) return;
  const { state } = kubelets;
  const used = state.used.get(node.name) ?? NO_AMOUNTS;
  const wanting = shortages(pod, offeredBy(object, node.allocatable), used).map(
    ({ resource, requested, inUse, capacity }) => ({
      resource,
      amount: requested - (capacity - inUse),
    }),
  );
  if (wanting.length === 0) return;
  const placed = placedOn(kubelets, node.name).filter(
    ({ record }) => !record.terminal && record.stopping?.verdict === undefined,
  );
  const candidates = placed.map((each) => each.pod);
  const recorder = recorderOf(kubelets, node.name);
  for (const victim of podsToPreempt(pod, candidates, wanting) ?? []) {
    const { key, record } = placed.find((each) => each.pod === victim)!;
    recorder.event(victim as unknown as KubeObject, 'Warning', PREEMPTING, PREEMPTED_MESSAGE);
    stopPod(kubelets, key, graceMs(victim), {
      reason: PREEMPTING,
      message: PREEMPTED_MESSAGE,
      disruption: PREEMPTED_DISRUPTION,
    });
    giveBack(kubelets, key, record.amounts);
  }
  await tell(kubelets, node.name, recorder, client);
}

/** The pod holds nothing any more that would be given back a second time when it has ended. */
function giveBack({ state }: Kubelets, key: string, amounts: Parameters<typeof minus>[1]): void {
  const record = state.pods.get(key);
  const used = record && state.used.get(record.node);
  if (!used) return;
  state.used.set(record.node, minus(used, amounts));
  state.pods.set(key, { ...record, amounts: NO_AMOUNTS });
}

function graceMs({ spec }: Pod): number {
  return (spec?.terminationGracePeriodSeconds ?? 30) * 1000;
}
