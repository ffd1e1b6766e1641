import type { ClusterEvent, Plugin } from './framework.ts';
import type { PodShape } from './pod-shape.ts';
import type { SchedulingQueue } from './queue.ts';

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
  pluginsFor: (schedulerName: string) => readonly Plugin[],
  options: { readonly nowMs: number; readonly trigger: number },
): void {
  if (queue.count('unschedulable') === 0) return;
  const answers = new Map<PodShape, Map<number, boolean>>();
  const worth: string[] = [];
  for (const item of queue.unschedulable()) {
    let ofShape = answers.get(item.shape);
    if (!ofShape) {
      ofShape = new Map();
      answers.set(item.shape, ofShape);
    }
    let answer = ofShape.get(item.rejectors);
    if (answer === undefined) {
      const plugins = pluginsFor(item.pod.spec?.schedulerName ?? '');
      answer = isWorthRetry(item.shape, item.rejectors, event, plugins);
      ofShape.set(item.rejectors, answer);
    }
    if (answer) worth.push(item.key);
  }
  for (const key of worth) queue.activate(key, options.nowMs, options.trigger);
}

function isWorthRetry(
  shape: PodShape,
  rejectors: number,
  event: ClusterEvent,
  plugins: readonly Plugin[],
): boolean {
  if (rejectors === 0) return true;
  return plugins.some(
    (plugin, at) =>
      (rejectors & (1 << at)) !== 0 &&
      ((plugin.events ?? 0) & event.kinds) !== 0 &&
      (plugin.isWorthRetry?.(shape, event) ?? true),
  );
}
