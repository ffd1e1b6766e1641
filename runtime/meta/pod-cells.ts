import type { ContainerStatus, Pod } from '../../generated/core/v1/types.ts';
import { isConditionTrue } from './conditions.ts';
import { humanDuration, parseTime } from './time.ts';

/** What the columns of a pod say: the words that `kubectl get pods` has for every state. */
export interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

/** Sums up a pod's statuses. `nowMs` dates the last restart. */
export function summarisePod(pod: Pod, nowMs: number): PodSummary {
  const sidecars = new Set(
    pod.spec?.initContainers
      ?.filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  );
  const total = (pod.spec?.containers.length ?? 0) + sidecars.size;
  const init = initProgress(pod, sidecars);
  if (init.reason !== undefined && !isConditionTrue(pod.status?.conditions, 'Initialized')) {
    const status = whileDeleted(pod, init.reason);
    return { ready: `${init.ready}/${total}`, status, restarts: restartText(init.passed, nowMs) };
  }
  const main = pod.status?.containerStatuses ?? [];
  const counted = [...init.passed.filter(({ name }) => sidecars.has(name)), ...main];
  return {
    ready: `${init.ready + main.filter(isServing).length}/${total}`,
    status: whileDeleted(pod, mainReason(pod, init.reason ?? phaseReason(pod))),
    restarts: restartText(counted, nowMs),
  };
}

const isServing = ({ ready, state }: ContainerStatus): boolean => Boolean(ready && state?.running);

interface InitProgress {
  /** `Init:0/2`, `Init:CrashLoopBackOff`, … of the first init container that is not done; undefined when all are. */
  readonly reason: string | undefined;
  /** Up to that one, itself included. */
  readonly passed: readonly ContainerStatus[];
  /** Sidecars among them that are ready. */
  readonly ready: number;
}

function initProgress(pod: Pod, sidecars: ReadonlySet<string>): InitProgress {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const total = pod.spec?.initContainers?.length ?? 0;
  const runs = ({ name, started }: ContainerStatus): boolean =>
    sidecars.has(name) && started === true;
  const isDone = (each: ContainerStatus): boolean =>
    each.state?.terminated?.exitCode === 0 || runs(each);
  const at = statuses.findIndex((each) => !isDone(each));
  const passed = at < 0 ? statuses : statuses.slice(0, at + 1);
  const ready = passed.filter((each) => runs(each) && each.ready && !each.state?.terminated).length;
  return {
    reason: at < 0 ? undefined : `Init:${initReason(statuses[at]!, at, total)}`,
    passed,
    ready,
  };
}

function initReason({ state }: ContainerStatus, at: number, total: number): string {
  if (state?.terminated) return terminatedReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? waiting : `${at}/${total}`;
}

function terminatedReason(terminated: {
  readonly reason?: string;
  readonly signal?: number;
  readonly exitCode: number;
}): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function phaseReason({ status }: Pod): string {
  const isGated = status?.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  return isGated ? 'SchedulingGated' : status?.reason || status?.phase || '';
}

/** The reason of the first main container that has one, else `reason`; completed containers do not hide running ones. */
function mainReason(pod: Pod, reason: string): string {
  const statuses = pod.status?.containerStatuses ?? [];
  const found = statuses.find(({ state }) => state?.waiting?.reason || state?.terminated);
  const { waiting, terminated } = found?.state ?? {};
  const shown = waiting?.reason || (terminated ? terminatedReason(terminated) : reason);
  const isRunning = statuses.some((each) => isServing(each) && !each.state?.waiting?.reason);
  if (shown !== 'Completed' || !isRunning) return shown;
  return isConditionTrue(pod.status?.conditions, 'Ready') ? 'Running' : 'NotReady';
}

function whileDeleted({ metadata, status }: Pod, reason: string): string {
  if (!metadata.deletionTimestamp) return reason;
  if (status?.reason === 'NodeLost') return 'Unknown';
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return isOver ? reason : 'Terminating';
}

function restartText(statuses: readonly ContainerStatus[], nowMs: number): string {
  const count = statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  const ends = statuses
    .map(({ lastState }) => parseTime(lastState?.terminated?.finishedAt))
    .filter((time) => !Number.isNaN(time));
  if (count === 0 || ends.length === 0) return String(count);
  return `${count} (${humanDuration(nowMs - Math.max(...ends))} ago)`;
}
