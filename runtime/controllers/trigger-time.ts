import type { Pod } from '../../generated/core/v1/types.ts';
import { conditionOf } from '../meta/index.ts';

/** Says on endpoints what led to them, for measuring how long the change took. */
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

/**
 * The earliest time at which the readiness of one of the pods named in `turned` changed. Upstream remembers each pod's last
 * time instead; what turned since the endpoints were written says the same.
 */
export function readyTransition(
  pods: readonly Pod[],
  turned: ReadonlySet<string | undefined>,
): string | undefined {
  if (turned.size === 0) return undefined;
  let earliest: string | undefined;
  for (const { metadata, status } of pods) {
    if (!turned.has(metadata.name)) continue;
    const at = conditionOf(status?.conditions, 'Ready')?.lastTransitionTime;
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}
