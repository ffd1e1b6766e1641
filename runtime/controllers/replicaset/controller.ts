import { replicasets } from '../../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { controllerOf, keyOf } from '../../meta/index.ts';
import { performClaims } from '../claim.ts';
import { Dependents, indexByController } from '../dependents.ts';
import { createPods, type Outcome, podFromTemplate, removePods, textOf } from '../pod-control.ts';
import { concernsOwner } from '../pods.ts';
import { decide, type ReplicaSetActions } from './decide.ts';
import { nextStatus, type ReplicaFailure, tally } from './status.ts';
import { survey } from './survey.ts';

export function createReplicaSetController(deps: ControllerDeps): Controller {
  const { transport } = deps;
  const replicaSets = transport.lister(replicasets);
  const podsOf = new Dependents<ReplicaSet, Pod>(transport, replicasets, pods);
  const siblings = indexByController(transport, replicasets);

  const related = ({ metadata }: ReplicaSet): readonly Pod[] => {
    const owner = controllerOf({ metadata });
    return owner ? siblings(owner.uid).flatMap((each) => podsOf.of(each.metadata.uid ?? '')) : [];
  };

  return {
    name: 'replicaset',
    watches: [
      watch(replicasets, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => (concernsOwner(event) ? podsOf.keys(event) : NO_KEYS)),
    ],
    async reconcile(key, context) {
      const replicaSet = replicaSets.byKey(key);
      if (!replicaSet) return undefined;
      const { claims, terminating } = survey(
        replicaSet,
        podsOf.of(replicaSet.metadata.uid ?? ''),
        podsOf.orphansFor(replicaSet),
      );
      const owner = { ref: replicasets, object: replicaSet };
      const owned = await performClaims(context.client, owner, pods, claims);
      const nowMs = context.now();
      const state = { replicaSet, pods: owned, related: () => related(replicaSet), nowMs };
      return perform(context, state, decide(state), terminating);
    },
  };
}

interface State {
  readonly replicaSet: ReplicaSet;
  readonly pods: readonly Pod[];
  readonly nowMs: number;
}

/**
 * Makes or removes pods, or writes the status. Not both: pods that come or go bring the key back, and what is counted
 * then is true, while what was counted before is out of date.
 */
async function perform(
  context: ReconcileContext,
  { replicaSet, pods: owned, nowMs }: State,
  actions: ReplicaSetActions,
  terminating: number,
): Promise<ReconcileResult> {
  const decision = journalled(actions);
  const outcome = await act(context, replicaSet, actions);
  if (outcome.done > 0 && outcome.error === undefined) return { ...decision };
  const counts = tally(replicaSet, owned, nowMs);
  const failure = failureOf(actions, outcome);
  const status = nextStatus(replicaSet, counts, terminating, failure, nowMs);
  if (status !== replicaSet.status)
    await context.client.updateStatus(replicasets, { ...replicaSet, status });
  if (outcome.error !== undefined) throw outcome.error;
  if (counts.nextAvailableMs === undefined) return { ...decision };
  return { ...decision, requeueAfterMs: counts.nextAvailableMs - nowMs };
}

function act(
  context: ReconcileContext,
  replicaSet: ReplicaSet,
  { create, remove }: ReplicaSetActions,
): Promise<Outcome> | Outcome {
  if (create > 0) {
    const pod = podFromTemplate(replicaSet, replicaSet.spec?.template);
    return createPods(context, replicaSet, create, () => pod);
  }
  return remove.length > 0 ? removePods(context, replicaSet, remove) : NOTHING_DONE;
}

const NOTHING_DONE: Outcome = { done: 0 };
const NO_KEYS: readonly string[] = [];

function failureOf({ create }: ReplicaSetActions, { error }: Outcome): ReplicaFailure | undefined {
  if (error === undefined) return undefined;
  return create > 0
    ? { reason: 'FailedCreate', message: textOf(error) }
    : { reason: 'FailedDelete', message: `unable to delete pods: ${textOf(error)}` };
}

/** The actions as the journal keeps them: names, not objects. */
function journalled({ create, remove }: ReplicaSetActions): { decision?: unknown } {
  if (create > 0) return { decision: { create } };
  if (remove.length === 0) return {};
  return { decision: { remove: remove.map(({ metadata }) => metadata.name) } };
}
