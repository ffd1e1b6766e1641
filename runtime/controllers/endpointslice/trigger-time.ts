import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import { conditionOf } from '../../meta/index.ts';

/**
 * The earliest time at which the readiness of one of the `turned` endpoints' pods changed. Upstream remembers each pod's
 * last time instead; what turned since the slices were written says the same.
 */
export function readyTransition(
  pods: readonly Pod[],
  turned: readonly Endpoint[],
): string | undefined {
  if (turned.length === 0) return undefined;
  const names = new Set(turned.map(({ targetRef }) => targetRef?.name));
  let earliest: string | undefined;
  for (const { metadata, status } of pods) {
    if (!names.has(metadata.name)) continue;
    const at = conditionOf(status?.conditions, 'Ready')?.lastTransitionTime;
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}
