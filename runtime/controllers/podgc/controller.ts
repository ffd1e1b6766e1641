import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { nodes, pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { SortedMap } from '../../base/index.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isApiError, isNotFound, keyOf, type WatchEvent } from '../../meta/index.ts';
import { failing } from './decide.ts';
import { isOfMissingNode, type State, Survey } from './survey.ts';

/** Deletes pods that nobody else will. The keys are in the folder's header. */
export function createPodGarbageCollector(deps: ControllerDeps<unknown, State>): Controller {
  const state = deps.inherited ?? { startMs: deps.now(), goneAtMs: new SortedMap<number>() };
  const survey = new Survey(deps, state);
  return {
    name: 'podgc',
    watches: [
      watch(pods, (event) => survey.keysOfPod(event), changesGarbage),
      watch(nodes, (event) => survey.keysOfNode(event)),
      watch(clusters, () => survey.keysOfThreshold()),
    ],
    async reconcile(key, context) {
      const found = await survey.garbage(key, context);
      if (typeof found === 'number') return { requeueAfterMs: found - context.now() };
      if (found.length === 0) return;
      const decision = { delete: found.map(keyOf) };
      await collect(found.slice(), isOfMissingNode(key), context);
      return { decision };
    },
    inherit: (): State => ({ ...state, goneAtMs: state.goneAtMs.clone() }),
  };
}

/** Whether a change of a pod may make it garbage. */
function changesGarbage({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type === 'DELETED') return false;
  return (
    previous === undefined ||
    previous.status?.phase !== object.status?.phase ||
    previous.spec?.nodeName !== object.spec?.nodeName ||
    previous.metadata.deletionTimestamp !== object.metadata.deletionTimestamp
  );
}

/** Deletes pods without grace, each marked Failed before. What fails does not keep the others; the first error is passed on. */
async function collect(
  garbage: readonly Pod[],
  areOrphans: boolean,
  { client, now }: ReconcileContext,
): Promise<void> {
  let failure: unknown;
  for (const pod of garbage) {
    const { name = '', namespace, uid } = pod.metadata;
    const target = { name, namespace };
    const status = failing(pod, areOrphans, now());
    try {
      if (status)
        await client.patch(pods, target, { metadata: { uid }, status }, { subresource: 'status' });
      await client.delete(pods, target, {
        gracePeriodSeconds: 0,
        ...(uid ? { preconditions: { uid } } : {}),
      });
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!isNotFound(error)) failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}
