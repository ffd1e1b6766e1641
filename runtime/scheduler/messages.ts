import type { VersionTraits } from './config.ts';
import type { Diagnosis, Rejection } from './framework.ts';

export const NO_NODES = 'no nodes available to schedule pods';

/** How often each reason was given: nodes by text. */
export type ReasonCounts = ReadonlyMap<string, number>;

export function countReasons(diagnosis: Diagnosis): ReasonCounts {
  const counts = new Map<string, number>();
  const byRejection = new Map<Rejection, number>();
  for (const each of diagnosis.rejections) byRejection.set(each, (byRejection.get(each) ?? 0) + 1);
  const { absent, total, slots } = diagnosis;
  if (absent && total > slots.length) byRejection.set(absent, total - slots.length);
  for (const [{ reasons }, nodes] of byRejection)
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  return counts;
}

/** `2 Insufficient cpu, 3 node(s) …`: sorted as text, numbers included. */
export function reasonList(counts: ReasonCounts): string {
  return [...counts]
    .map(([reason, nodes]) => `${nodes} ${reason}`)
    .sort()
    .join(', ');
}

/**
 * The message of an unschedulable pod's condition and event. `reply` is what PostFilter has to say when it does not help.
 */
export function unschedulableMessage(
  diagnosis: Diagnosis,
  { doubleStop }: Pick<VersionTraits, 'doubleStop'>,
  reply: string | undefined,
): string {
  const why = diagnosis.preFilter
    ? diagnosis.preFilter.reasons.join(', ')
    : reasonList(countReasons(diagnosis));
  const head = `0/${diagnosis.total} nodes are available:${why === '' ? '' : ` ${why}.`}`;
  if (reply === undefined) return head;
  return `${head} ${reply}${doubleStop ? '.' : ''}`;
}
