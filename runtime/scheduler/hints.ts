import type { ClusterEvent, Plugin } from './framework.ts';
import type { PodShape } from './pod-shape.ts';
import type { SchedulingQueue } from './queue.ts';

interface RetryOptions {
  readonly nowMs: number;
  /** Revision of the write that may have helped. */
  readonly trigger: number;
  /** All plugins of the profile of that name. */
  pluginsFor(schedulerName: string): readonly Plugin[];
}

/** The plugins that rejected a pod, as bits by their place in `plugins`. */
export function rejectorBits(plugins: readonly Plugin[], names: Iterable<string>): number {
  let bits = 0;
  for (const name of names) {
    const at = plugins.findIndex((plugin) => plugin.name === name);
    if (at >= 0) bits |= 1 << at;
  }
  return bits;
}

/**
 * Moves the unschedulable pods back for which the event may change the answer of a plugin that rejected them. Pods of
 * one shape are asked once.
 */
export function retryAfter(
  event: ClusterEvent,
  queue: SchedulingQueue,
  options: RetryOptions,
): void {
  if (queue.count('unschedulable') === 0) return;
  const worth: string[] = [];
  for (const { schedulerName, rejectors, byShape } of queue.waiting()) {
    const concerned = concernedBy(event, rejectors, options.pluginsFor(schedulerName));
    if (concerned.length === 0) continue;
    for (const [shape, keys] of byShape)
      if (isWorthRetry(shape, event, concerned)) worth.push(...keys);
  }
  for (const key of worth) queue.activate(key, options.nowMs, options.trigger);
}

/** The same for a change of one unschedulable pod itself, which only that pod profits from. */
export function retryItself(
  key: string,
  event: ClusterEvent,
  queue: SchedulingQueue,
  options: RetryOptions,
): void {
  const item = queue.get(key);
  if (!item || queue.partOf(key) !== 'unschedulable') return;
  const plugins = options.pluginsFor(item.pod.spec?.schedulerName ?? '');
  const concerned = concernedBy(event, item.rejectors, plugins);
  if (isWorthRetry(item.shape, event, concerned))
    queue.activate(key, options.nowMs, options.trigger);
}

/** The rejecting plugins that registered for such an event. */
function concernedBy(
  event: ClusterEvent,
  rejectors: number,
  plugins: readonly Plugin[],
): readonly Plugin[] {
  return plugins.filter(
    (plugin, at) => (rejectors & (1 << at)) !== 0 && ((plugin.events ?? 0) & event.kinds) !== 0,
  );
}

function isWorthRetry(
  shape: PodShape,
  event: ClusterEvent,
  concerned: readonly Plugin[],
): boolean {
  return concerned.some((plugin) => plugin.isWorthRetry?.(shape, event) ?? true);
}
