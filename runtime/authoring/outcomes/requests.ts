import type { Container } from '../../../generated/core/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';

/** The place of the container that asks for most of a resource, or limits itself to most; undefined when none names it. */
export function greediest(
  containers: readonly Container[],
  list: 'requests' | 'limits',
  resource: string,
): number | undefined {
  let most: number | undefined;
  let amount = -1;
  for (const [at, { resources }] of containers.entries()) {
    const asked = resources?.[list]?.[resource];
    if (asked === undefined || baseUnits(resource, asked) <= amount) continue;
    most = at;
    amount = baseUnits(resource, asked);
  }
  return most;
}
