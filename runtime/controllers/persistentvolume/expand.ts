import { persistentvolumeclaims } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { keyOf } from '../../meta/index.ts';
import { bytesOf, requestedBytes } from '../volumes.ts';

/** Says in claims that ask to grow that a driver will see to it. Key: the claim. */
export function createExpandController(deps: ControllerDeps): Controller {
  const claims = listerOf(deps, persistentvolumeclaims);
  return {
    name: 'persistentvolume-expander',
    watches: [
      watch(persistentvolumeclaims, ({ object, previous }) =>
        previous && requestedBytes(object) > requestedBytes(previous) ? [keyOf(object)] : [],
      ),
    ],
    reconcile(key, { events }) {
      const claim = claims.byKey(key);
      if (!claim || !asksToGrow(claim)) return undefined;
      events.event(
        claim,
        'Normal',
        'ExternalExpanding',
        'waiting for an external controller to expand this PVC',
      );
      return { decision: { expand: key } };
    },
  };
}

function asksToGrow(claim: PersistentVolumeClaim): boolean {
  const { phase, capacity } = claim.status ?? {};
  return phase === 'Bound' && requestedBytes(claim) > bytesOf(capacity);
}
