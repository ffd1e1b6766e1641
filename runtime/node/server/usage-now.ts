import type { Pod } from '../../../generated/core/v1/types.ts';
import { placedOn } from '../eviction/index.ts';
import type { Kubelets } from '../kubelets.ts';
import { type Running, Sharing } from '../sharing.ts';
import { usesAt } from '../usage.ts';

/** What a container, a pod or a node uses at a moment. */
export interface UsageNow {
  /** Over the last ten seconds, in billionths of a processor. */
  readonly cpuNanos: number;
  /** Since it started, in billionths of a second. */
  readonly cpuTotalNanos: number;
  readonly memoryBytes: number;
}

export interface ContainerNow extends UsageNow {
  readonly name: string;
  readonly startedMs: number;
}

export interface PodNow extends UsageNow {
  readonly pod: Pod;
  readonly startedMs: number;
  readonly containers: readonly ContainerNow[];
}

/** How often a kubelet measures. */
const WINDOW_MS = 10_000;
/** Billionths of a second in a thousandth of a processor for a ms. */
const NANOS = 1000;

/** What the pods of a node that are not over use. */
export function usageOn(kubelets: Kubelets, node: string): readonly PodNow[] {
  const nowMs = kubelets.context.pace.now();
  const sharing = new Sharing(kubelets, nowMs);
  return placedOn(kubelets, node).flatMap(({ pod, record }): PodNow[] => {
    if (record.terminal) return [];
    const containers = sharing
      .running(pod, record)
      .map((each) => containerNow(sharing, pod, each, nowMs));
    return [{ pod, startedMs: record.startMs, containers, ...sumOf(containers) }];
  });
}

export function sumOf(parts: readonly UsageNow[]): UsageNow {
  const sum = (of: keyof UsageNow): number => parts.reduce((total, each) => total + each[of], 0);
  return {
    cpuNanos: sum('cpuNanos'),
    cpuTotalNanos: sum('cpuTotalNanos'),
    memoryBytes: sum('memoryBytes'),
  };
}

function containerNow(sharing: Sharing, pod: Pod, running: Running, nowMs: number): ContainerNow {
  const { name, startedMs, script } = running;
  const windowMs = Math.min(WINDOW_MS, nowMs - startedMs);
  const recent = sharing.milliMs(pod, running, nowMs - windowMs, nowMs);
  const total = sharing.milliMs(pod, running, startedMs, nowMs);
  const own = usesAt(script.usage, startedMs, nowMs).memoryBytes;
  return {
    name,
    startedMs,
    cpuNanos: windowMs > 0 ? Math.round((recent * NANOS * 1000) / windowMs) : 0,
    cpuTotalNanos: Math.round(total * NANOS),
    memoryBytes: own + sharing.memoryBytes(pod, script.usage.load),
  };
}
