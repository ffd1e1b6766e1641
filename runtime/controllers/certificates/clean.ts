import { certificatesigningrequests } from '../../../generated/certificates/v1/resources.ts';
import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isNotFound, parseTime } from '../../meta/index.ts';

const HOUR_MS = 3_600_000;
/** How long what was decided is kept after the decision, and what nobody decided after it was made. */
const DECIDED_MS = HOUR_MS;
const PENDING_MS = 24 * HOUR_MS;

/** Deletes requests that nobody needs any more. Key: the request. */
export function createCleaningController(deps: ControllerDeps): Controller {
  const lister = listerOf(deps, certificatesigningrequests);
  return {
    name: 'certificatesigningrequest-cleaner-controller',
    watches: [
      watch(certificatesigningrequests, ({ type, object }) =>
        type === 'DELETED' ? [] : [object.metadata.name ?? ''],
      ),
    ],
    async reconcile(name, { client, now }) {
      const live = lister.byKey(name);
      if (!live) return undefined;
      const waitMs = endMs(live) - now();
      // Nothing waits for this: it is no part of converging.
      if (waitMs > 0) return { requeueAfterMs: waitMs, periodic: true };
      const { uid } = live.metadata;
      try {
        await client.delete(
          certificatesigningrequests,
          { name },
          uid ? { preconditions: { uid } } : {},
        );
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: { expired: name } };
    },
  };
}

function endMs({ metadata, status }: CertificateSigningRequest): number {
  const decided = status?.conditions?.flatMap(({ lastUpdateTime }) => lastUpdateTime ?? []) ?? [];
  if (decided.length > 0) return Math.max(...decided.map((each) => parseTime(each))) + DECIDED_MS;
  return parseTime(metadata.creationTimestamp ?? '') + PENDING_MS;
}
