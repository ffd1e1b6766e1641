import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { type ContainerRecord, type Ended, hasSucceeded, isRunning } from './container-record.ts';
import { ephemeralContainers, ephemeralRecords, withEphemeral } from './ephemeral.ts';
import type { PodRecord } from './pod-record.ts';
import { restartsAfter } from './restart-policy.ts';
import { isSidecar } from './sidecar.ts';
import type { Exit } from './timeline.ts';

/** What a container runtime says of a container that did not survive its machine. */
const LOST: Exit = { code: 255, reason: 'Unknown' };
const NOTHING: readonly Container[] = [];

/**
 * A pod after its machine has been off: what ran is gone. Containers that run again begin anew with their next run, the init
 * containers before them; those that do not have failed. Pulls begin anew.
 */
export function bootPod(pod: Pod, record: PodRecord, nowMs: number): PodRecord {
  if (record.terminal) return record;
  const inits = pod.spec?.initContainers ?? NOTHING;
  const mains = pod.spec?.containers ?? NOTHING;
  const lost = (each: ContainerRecord, spec: Container | undefined, sidecar: boolean) =>
    spec ? bootContainer(each, spec, pod, sidecar, record.stopping !== undefined, nowMs) : each;
  const main = record.main.map((each, at) => lost(each, mains[at], false));
  const beginsAnew = main.some(({ stage }) => stage.at === 'idle');
  const init = record.init.map((each, at) => {
    const spec = inits[at];
    const now = lost(each, spec, spec !== undefined && isSidecar(spec));
    return beginsAnew && hasSucceeded(now) ? again(now) : now;
  });
  const put = ephemeralContainers(pod);
  const ephemeral = ephemeralRecords(pod, record).map((each, at) =>
    bootContainer(each, { ...put[at]!, restartPolicy: 'Never' }, pod, false, true, nowMs),
  );
  return { ...withEphemeral(record, pod, ephemeral), init, main };
}

function bootContainer(
  record: ContainerRecord,
  spec: Container,
  pod: Pod,
  sidecar: boolean,
  stopping: boolean,
  nowMs: number,
): ContainerRecord {
  const { stage } = record;
  if (stage.at === 'pulling' || stage.at === 'creating')
    return { ...record, stage: { at: 'idle' } };
  if (!isRunning(record) || (stage.at !== 'running' && stage.at !== 'stopping')) return record;
  const ended: Ended = {
    ...LOST,
    startedMs: stage.sinceMs,
    finishedMs: nowMs,
    run: record.restarts,
  };
  const exited: ContainerRecord = { ...record, stage: { at: 'exited', ended } };
  return !stopping && restartsAfter(spec, pod, sidecar, LOST.code) ? again(exited) : exited;
}

/** One that has ended and begins its next run. */
function again(record: ContainerRecord): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'exited') return record;
  return { ...record, restarts: record.restarts + 1, last: stage.ended, stage: { at: 'idle' } };
}
