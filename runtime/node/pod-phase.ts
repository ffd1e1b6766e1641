import type { Pod } from '../../generated/core/v1/types.ts';
import {
  type ContainerRecord,
  hasBegun,
  hasSucceeded,
  isFinished,
  isRunning,
  isStarted,
} from './container-record.ts';
import { runsEphemeral } from './ephemeral.ts';
import type { PodRecord } from './pod-record.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/**
 * The pod's phase, from where its containers stand. Succeeded and Failed are final, and wait for ephemeral containers that still run, which
 * count for nothing else.
 */
export function phaseOf(pod: Pod, record: PodRecord): PodPhase {
  if (record.verdict) return 'Failed';
  const { init, main, restartAll } = record;
  if (restartAll) return main.every(hasBegun) ? 'Running' : 'Pending';
  const specs = pod.spec?.initContainers ?? [];
  const anyRuns = init.some(isRunning) || main.some(isRunning);
  const failed = init.some((each, i) => !passes(specs[i]!, each) && isFinished(each));
  const isHeld = runsEphemeral(record);
  if (failed && !anyRuns && !isHeld) return 'Failed';
  if (!main.every(hasBegun)) return 'Pending';
  if (anyRuns || isHeld || !main.every(isFinished)) return 'Running';
  return main.every(hasSucceeded) ? 'Succeeded' : 'Failed';
}

/** Whether an init container no longer holds up those after it. */
export function passes(
  spec: { readonly restartPolicy?: string },
  record: ContainerRecord,
): boolean {
  return spec.restartPolicy === 'Always'
    ? isStarted(record) || isFinished(record)
    : hasSucceeded(record);
}
