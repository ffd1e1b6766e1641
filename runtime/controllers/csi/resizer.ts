import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isNotFound, jsonEqual, keyOf } from '../../meta/index.ts';
import { asksToGrow, enlarged, growing, grown } from './resize.ts';
import { type WaitState, Waits } from './waits.ts';

/** Makes volumes of drivers as large as their claims ask. Key: the claim. */
export function createResizer(deps: ControllerDeps<unknown, WaitState>): Controller {
  const claims = listerOf(deps, persistentvolumeclaims);
  const volumes = listerOf(deps, persistentvolumes);
  const waits = new Waits(deps.inherited);
  return {
    name: 'csi-resizer',
    watches: [
      watch(
        persistentvolumeclaims,
        ({ object }) => [keyOf(object)],
        ({ object, previous }) => asksToGrow(object) || (!!previous && asksToGrow(previous)),
      ),
    ],
    async reconcile(key, { client, events, now }) {
      const claim = claims.byKey(key);
      const volume = claim && volumes.get(claim.spec?.volumeName ?? '');
      if (!claim || !volume?.spec?.csi || !asksToGrow(claim)) return waits.end(key);
      const name = volume.metadata.name ?? '';
      const tell = (reason: string, message: string): void =>
        events.event(claim, 'Normal', reason, message);
      const nowMs = now();
      const { untilMs, isNew } = waits.begin(key, claim.metadata.uid ?? '', nowMs);
      if (isNew) tell('Resizing', `External resizer is resizing volume ${name}`);
      try {
        if (untilMs > nowMs) {
          const status = growing(claim, nowMs);
          if (!jsonEqual(status, claim.status))
            await client.updateStatus(persistentvolumeclaims, { ...claim, status });
          return { requeueAfterMs: untilMs - nowMs };
        }
        const wanted = enlarged(volume, claim);
        const large = wanted === volume ? volume : await client.update(persistentvolumes, wanted);
        const status = grown(claim, large);
        await client.updateStatus(persistentvolumeclaims, { ...claim, status });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      waits.end(key);
      tell('VolumeResizeSuccessful', 'Resize volume succeeded');
      return { decision: { resize: name } };
    },
    inherit: () => waits.clone(),
  };
}
