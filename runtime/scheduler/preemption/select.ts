import { startMs } from './importance.ts';
import type { Candidate } from './victims.ts';

/** Makes priorities positive, so that more victims never sum up to less. */
const ABOVE_ALL_NEGATIVE = 2 ** 31;

/** What is compared, one after the other while candidates are equal; the higher is better. */
const CRITERIA: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => -violations,
  ({ victims }) => -victims[0]!.shape.priority,
  ({ victims }) =>
    -victims.reduce((sum, { shape }) => sum + shape.priority + ABOVE_ALL_NEGATIVE, 0),
  ({ victims }) => -victims.length,
  ({ victims }) => earliestStartOfHighest(victims),
];

/**
 * The node that it hurts least to take: fewest broken budgets, then the lowest highest victim, the lowest sum of
 * priorities, the fewest victims, the latest start of its most important victims. Of equals the first.
 */
export function selectCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const criterion of CRITERIA) {
    if (left.length <= 1) break;
    const values = left.map(criterion);
    let best = Number.NEGATIVE_INFINITY;
    for (const value of values) if (value > best) best = value;
    left = left.filter((_, at) => values[at] === best);
  }
  return left[0];
}

function earliestStartOfHighest(victims: Candidate['victims']): number {
  const highest = victims[0]!.shape.priority;
  let earliest = Number.POSITIVE_INFINITY;
  for (const victim of victims) {
    if (victim.shape.priority !== highest) break;
    earliest = Math.min(earliest, startMs(victim));
  }
  return earliest;
}
