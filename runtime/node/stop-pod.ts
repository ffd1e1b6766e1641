import type { Kubelets } from './kubelets.ts';
import type { PodVerdict } from './pod-record.ts';

/** Ends a pod for good within `graceMs`, for a reason of the kubelet's own. One that is ending already ends no later. */
export function stopPod(
  { state, context }: Kubelets,
  key: string,
  graceMs: number,
  verdict: PodVerdict,
): void {
  const record = state.pods.get(key);
  if (!record || record.terminal) return;
  const sinceMs = context.pace.now();
  const deadlineMs = sinceMs + graceMs;
  const { stopping } = record;
  state.pods.set(key, {
    ...record,
    stopping: stopping
      ? { verdict, ...stopping, deadlineMs: Math.min(stopping.deadlineMs, deadlineMs) }
      : { sinceMs, deadlineMs, verdict },
  });
  state.queue.add(`pod/${key}`);
}
