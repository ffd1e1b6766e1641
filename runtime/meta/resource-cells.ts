import type { ResourceClaim, ResourceSlice } from '../../generated/resource/v1/types.ts';
import { type Cell, cellOf as of } from './cell.ts';

/** Words for where a claim stands: deleted, pending, allocated, reserved. */
function claimState({ metadata, status }: ResourceClaim): string {
  const states = metadata.deletionTimestamp ? ['deleted'] : [];
  if (status?.allocation) {
    states.push('allocated');
    if (status.reservedFor?.length) states.push('reserved');
  } else if (states.length === 0) states.push('pending');
  return states.join(',');
}

/** Cells of the kinds of resource.k8s.io. */
export const RESOURCE_CELLS: Readonly<Record<string, Cell>> = {
  resourceClaimState: of<ResourceClaim>(claimState),
  resourceSliceNode: of<ResourceSlice>(({ spec }) => spec?.nodeName ?? ''),
};
