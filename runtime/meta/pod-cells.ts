import type { ContainerStatus, Pod } from '../../generated/core/v1/types.ts';
import { humanDuration, parseTime } from './time.ts';

/** What the columns of a pod say: the words that `kubectl get pods` has for every state. */
export interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

const isSidecar = (pod: Pod, name: string): boolean =>
  pod.spec?.initContainers?.find((each) => each.name === name)?.restartPolicy === 'Always';

/** Sums up a pod's statuses. `nowMs` dates the last restart. */
export function summarisePod(pod: Pod, nowMs: number): PodSummary {
  const init = pod.status?.initContainerStatuses ?? [];
  const main = pod.status?.containerStatuses ?? [];
  const sidecars = init.filter(({ name }) => isSidecar(pod, name));
  const initReason = initProblem(pod, init);
  const counted = initReason === undefined ? [...sidecars, ...main] : init;
  const total = (pod.spec?.containers.length ?? 0) + sidecarCount(pod);
  const readyCount = [
    ...sidecars.filter(({ ready, started }) => ready && started),
    ...(initReason === undefined ? main.filter(({ ready, state }) => ready && state?.running) : []),
  ].length;
  return {
    ready: `${readyCount}/${total}`,
    status: overall(pod, initReason, main),
    restarts: restartText(counted, nowMs),
  };
}

function sidecarCount(pod: Pod): number {
  return (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
    .length;
}

function restartText(statuses: readonly ContainerStatus[], nowMs: number): string {
  const count = statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  const ends = statuses
    .map(({ lastState }) => parseTime(lastState?.terminated?.finishedAt))
    .filter((time) => !Number.isNaN(time));
  if (count === 0 || ends.length === 0) return String(count);
  return `${count} (${humanDuration(nowMs - Math.max(...ends))} ago)`;
}

/** `Init:0/2`, `Init:CrashLoopBackOff`, … of the first init container that is not done; undefined when all are. */
function initProblem(pod: Pod, statuses: readonly ContainerStatus[]): string | undefined {
  const total = pod.spec?.initContainers?.length ?? 0;
  for (const [at, { name, state, started, ready }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (isSidecar(pod, name) && started) {
      void ready;
      continue;
    }
    if (state?.terminated) return `Init:${terminatedReason(state.terminated)}`;
    const waiting = state?.waiting?.reason;
    if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${at}/${total}`;
  }
  return undefined;
}

function terminatedReason(terminated: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function overall(
  pod: Pod,
  initReason: string | undefined,
  main: readonly ContainerStatus[],
): string {
  let reason = pod.status?.reason || pod.status?.phase || '';
  const gated = pod.status?.conditions?.find(
    ({ type, reason: why }) => type === 'PodScheduled' && why === 'SchedulingGated',
  );
  if (gated) reason = 'SchedulingGated';
  if (initReason !== undefined) reason = initReason;
  else {
    let hasRunning = false;
    for (const { state, ready } of [...main].reverse()) {
      if (state?.waiting?.reason) reason = state.waiting.reason;
      else if (state?.terminated) reason = terminatedReason(state.terminated);
      else if (ready && state?.running) hasRunning = true;
    }
    if (reason === 'Completed' && hasRunning) reason = isReady(pod) ? 'Running' : 'NotReady';
  }
  if (!pod.metadata.deletionTimestamp) return reason;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' ? reason : 'Terminating';
}

function isReady(pod: Pod): boolean {
  return Boolean(
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  );
}
