import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Client, EventRecorder } from '../../client/index.ts';
import { formatTime, isNotFound, type KubeObject } from '../../meta/index.ts';
import type { PodRecord } from '../node-info.ts';
import { notedGeneration, targetOf } from '../writes.ts';
import type { Candidate } from './victims.ts';

interface Preemptor {
  readonly pod: Pod;
  readonly nowMs: number;
  /** Conditions carry the generation of the pod that they are about. */
  readonly observesGeneration: boolean;
}

/** Deletes the victims, each with a condition and an event that say why. Those that are going already are let be. */
export async function preemptVictims(
  client: Client,
  recorder: EventRecorder,
  { victims, nodeName }: Candidate,
  preemptor: Preemptor,
): Promise<void> {
  for (const victim of victims) {
    if (victim.terminating) continue;
    if (!(await evict(client, victim, preemptor))) continue;
    recorder.event(
      victim.pod as KubeObject,
      'Normal',
      'Preempted',
      `Preempted by pod ${preemptor.pod.metadata?.uid ?? ''} on node ${nodeName}`,
    );
  }
}

/** Returns whether the pod was there to be deleted. */
async function evict(client: Client, { pod }: PodRecord, preemptor: Preemptor): Promise<boolean> {
  const target = targetOf(pod.metadata);
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: `${preemptor.pod.spec?.schedulerName}: preempting to accommodate a higher priority pod`,
    lastTransitionTime: formatTime(preemptor.nowMs),
    ...(preemptor.observesGeneration ? notedGeneration(pod) : {}),
  };
  try {
    const patch = { status: { conditions: [condition] } };
    await client.patch(pods, target, patch, { subresource: 'status' });
    await client.delete(pods, target);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
