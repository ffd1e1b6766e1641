import type { Pod } from '../../../generated/core/v1/types.ts';
import { conditionOf, parseTime } from '../../meta/index.ts';
import type { Sample, Samples } from './samples.ts';
import type { Settings } from './settings.ts';

/** Pods by what their samples are good for. By name, but for those that count. */
export interface Groups {
  /** How many have a sample that counts. */
  readonly readyCount: number;
  readonly unready: ReadonlySet<string>;
  /** Run, but have not been measured. */
  readonly missing: ReadonlySet<string>;
  /** On their way out, or failed: as if they were not there. */
  readonly ignored: ReadonlySet<string>;
}

type Grace = Pick<Settings, 'cpuInitializationMs' | 'readinessDelayMs'>;

/** Sorts the pods of a target. Only samples of CPU are distrusted while a pod starts. */
export function groupPods(
  pods: readonly Pod[],
  samples: Samples,
  resource: string,
  grace: Grace,
  nowMs: number,
): Groups {
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let readyCount = 0;
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const sample = samples.get(name);
    const phase = pod.status?.phase;
    if (deletionTimestamp !== undefined || phase === 'Failed') ignored.add(name);
    else if (phase === 'Pending') unready.add(name);
    else if (!sample) missing.add(name);
    else if (resource === 'cpu' && !isTrusted(pod, sample, grace, nowMs)) unready.add(name);
    else readyCount++;
  }
  return { readyCount, unready, missing, ignored };
}

/**
 * Whether what a pod uses of CPU is the load and not its start: in the initialization period only of a pod that has been ready for the
 * whole window; later of any that has once been ready.
 */
function isTrusted(
  { status }: Pod,
  { atMs, windowMs }: Sample,
  { cpuInitializationMs, readinessDelayMs }: Grace,
  nowMs: number,
): boolean {
  const ready = conditionOf(status?.conditions, 'Ready');
  if (!ready || status?.startTime === undefined) return false;
  const startedMs = parseTime(status.startTime);
  const changedMs = parseTime(ready.lastTransitionTime);
  if (startedMs + cpuInitializationMs > nowMs)
    return ready.status !== 'False' && atMs >= changedMs + windowMs;
  return ready.status !== 'False' || startedMs + readinessDelayMs <= changedMs;
}
