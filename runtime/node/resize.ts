import type { Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { type Amounts, minus, NO_AMOUNTS, plus, podAmounts } from './amounts.ts';
import type { PodEvent } from './effects.ts';
import type { Kubelets } from './kubelets.ts';
import type { PendingResize, PodRecord } from './pod-record.ts';
import { ACTUATED_WITHIN_MS, sizeText } from './resizing.ts';
import { isSameSize } from './sized-spec.ts';
import type { NodeRecord } from './state.ts';

/** What became of a size that a pod wants: its record, and what is to be told. */
interface Resized {
  readonly record: PodRecord;
  readonly event?: PodEvent;
}

/**
 * Sets aside on the node what a pod wants from now on, when it wants something else than it was given. What the node never has is
 * infeasible; what others have at present is put off until they need less.
 */
export function resize(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  node: NodeRecord,
  record: PodRecord,
): Resized {
  const { allocated } = record;
  const spec = pod.spec!;
  const isOver = record.terminal || record.stopping || pod.metadata?.deletionTimestamp;
  if (!allocated || isOver || (allocated === spec && !record.pending)) return { record };
  if (isSameSize(spec, allocated)) return { record: settled(kubelets, key, record, spec) };
  const { state } = kubelets;
  const amounts = podAmounts(pod);
  const used = state.used.get(node.name) ?? NO_AMOUNTS;
  const others = minus(used, record.amounts);
  const generation = pod.metadata?.generation ?? 0;
  const pending = obstacle(amounts, others, node.allocatable);
  if (pending) return hold(kubelets, key, pod, record, { ...pending, generation });
  state.used.set(node.name, plus(others, amounts));
  const { resizing } = record;
  const next: PodRecord = {
    ...settled(kubelets, key, record, spec),
    amounts,
    resizing: {
      // What its containers have is what they had before the first of several changes that have not come to them yet.
      from: resizing && !resizing.isApplied ? resizing.from : allocated,
      dueMs: kubelets.context.pace.now() + ACTUATED_WITHIN_MS,
      generation,
    },
  };
  if (shrinks(amounts, record.amounts)) retryDeferred(kubelets, node.name);
  const message = `Pod resize started: ${sizeText(spec, generation)}`;
  return { record: next, event: { type: 'Normal', reason: 'ResizeStarted', message } };
}

/** Some of what is in use on a node has become free, or it has more to give: pods that wait for that are looked at again, in turn. */
export function retryDeferred({ state, pods }: Kubelets, node: string): void {
  const keys = state.deferred.get(node) ?? [];
  const waiting = keys.flatMap((key) => {
    const pod = pods.byKey(key);
    return pod ? [{ key, pod }] : [];
  });
  // The order in which they came stands where nothing else decides.
  waiting.sort(
    (a, b) =>
      (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0) ||
      Number(isGuaranteed(b.pod)) - Number(isGuaranteed(a.pod)),
  );
  for (const { key } of waiting) state.queue.add(`pod/${key}`);
}

/** The pod does not wait for room on its node, or not any more. */
export function forgetDeferred({ state }: Kubelets, node: string, key: string): void {
  const keys = state.deferred.get(node);
  if (!keys?.includes(key)) return;
  const rest = keys.filter((each) => each !== key);
  if (rest.length > 0) state.deferred.set(node, rest);
  else state.deferred.delete(node);
}

function settled(kubelets: Kubelets, key: string, record: PodRecord, spec: PodSpec): PodRecord {
  forgetDeferred(kubelets, record.node, key);
  const { pending: _, ...rest } = record;
  return { ...rest, allocated: spec };
}

function hold(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  record: PodRecord,
  pending: PendingResize,
): Resized {
  const { state } = kubelets;
  const { reason, message, generation } = pending;
  if (reason === 'Infeasible') forgetDeferred(kubelets, record.node, key);
  else {
    const keys = state.deferred.get(record.node) ?? [];
    if (!keys.includes(key)) state.deferred.set(record.node, [...keys, key]);
  }
  const { pending: before } = record;
  const isKnown =
    before?.reason === reason && before.message === message && before.generation === generation;
  if (isKnown) return { record };
  const event: PodEvent = {
    type: 'Warning',
    reason: `Resize${reason}`,
    message: `Pod resize ${reason}: ${sizeText(pod.spec!, generation, message)}`,
  };
  return { record: { ...record, pending }, event };
}

const COMPUTE = ['cpu', 'memory'] as const;

/** Why a pod cannot have what it wants; undefined when it can. */
function obstacle(
  wants: Amounts,
  others: Amounts,
  allocatable: Amounts,
): Omit<PendingResize, 'generation'> | undefined {
  const has = (name: string): number => allocatable[name] ?? 0;
  const never = [...COMPUTE].reverse().find((name) => (wants[name] ?? 0) > has(name));
  if (never)
    return {
      reason: 'Infeasible',
      message: `Node didn't have enough capacity: ${never}, requested: ${wants[never]}, capacity: ${has(never)}`,
    };
  const now = COMPUTE.find((name) => (wants[name] ?? 0) + (others[name] ?? 0) > has(name));
  if (!now) return undefined;
  return {
    reason: 'Deferred',
    message: `Node didn't have enough resource: ${now}, requested: ${wants[now]}, used: ${others[now] ?? 0}, capacity: ${has(now)}`,
  };
}

function shrinks(now: Amounts, before: Amounts): boolean {
  return COMPUTE.some((name) => (now[name] ?? 0) < (before[name] ?? 0));
}

function isGuaranteed({ status }: Pod): boolean {
  return status?.qosClass === 'Guaranteed';
}
