import { replicasets } from '../../../generated/apps/v1/resources.ts';
import type { ReplicaSet, ReplicaSetStatus } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import {
  controllerOf,
  hasLabels,
  type KubeObject,
  keyOf,
  labelMatcher,
  type ResourceRef,
  type WatchEvent,
} from '../../meta/index.ts';
import { performClaims } from '../claim.ts';
import { Dependents, indexByController } from '../dependents.ts';
import { createPods, type Outcome, podFromTemplate, removePods, textOf } from '../pod-control.ts';
import { concernsKeeper } from '../pods.ts';
import type { ReplicaKind } from '../replicas.ts';
import { decide, type ReplicaSetActions } from './decide.ts';
import { readingAs } from './reading-as.ts';
import { nextStatus, type ReplicaFailure, tally } from './status.ts';
import { survey } from './survey.ts';

const REPLICA_SETS: ReplicaKind<ReplicaSet> = {
  name: 'replicaset',
  resource: replicasets,
  countsTerminating: true,
  asReplicaSet: (replicaSet) => replicaSet,
  withStatus: (replicaSet, status) => ({ ...replicaSet, status }),
};

export function createReplicaSetController(deps: ControllerDeps): Controller {
  return createReplicaController(REPLICA_SETS, deps);
}

/** The same for another kind that keeps a number of equal pods. */
export function createReplicaController<T extends KubeObject>(
  kind: ReplicaKind<T>,
  deps: ControllerDeps,
): Controller {
  const { resource } = kind;
  const objects = deps.transport.lister(resource);
  const transport = readingAs(kind, deps.transport);
  // Under `resource` this transport answers with ReplicaSets.
  const asSets = resource as unknown as ResourceRef<ReplicaSet>;
  const podsOf = new Dependents<ReplicaSet, Pod>(transport, asSets, pods);
  const siblings = indexByController(transport, asSets);

  const related = ({ metadata }: ReplicaSet): readonly Pod[] => {
    const owner = controllerOf({ metadata });
    return owner ? siblings(owner.uid).flatMap((each) => podsOf.of(each.metadata.uid ?? '')) : [];
  };

  return {
    name: kind.name,
    watches: [
      watch(resource, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => {
        const keys = podsOf.keys(event);
        if (keys.length === 0 || concernsKeeper(event)) return keys;
        return keys.filter((key) => isRelabelled(event, objects.byKey(key), kind));
      }),
    ],
    async reconcile(key, context) {
      const object = objects.byKey(key);
      if (!object) return undefined;
      const replicaSet = kind.asReplicaSet(object);
      const { claims, terminating } = survey(
        replicaSet,
        podsOf.of(replicaSet.metadata.uid ?? ''),
        podsOf.orphansFor(replicaSet),
      );
      const owner = { ref: asSets, object: replicaSet };
      const owned = await performClaims(context.client, owner, pods, claims);
      const nowMs = context.now();
      const state = { replicaSet, pods: owned, related: () => related(replicaSet), nowMs };
      const counted = kind.countsTerminating ? terminating : undefined;
      return perform(context, state, decide(state), counted, (status) =>
        context.client.updateStatus(resource, kind.withStatus(object, status)),
      );
    },
  };
}

/** Whether a pod's labels have become, or are no longer, those that the owner selects or gives. */
function isRelabelled<T extends KubeObject>(
  { object, previous }: WatchEvent<Pod>,
  owner: T | undefined,
  { asReplicaSet }: ReplicaKind<T>,
): boolean {
  const [now, before] = [object.metadata.labels, previous?.metadata.labels];
  if (now === before || owner === undefined) return false;
  const { selector, template } = asReplicaSet(owner).spec ?? {};
  const matches = labelMatcher(selector);
  const given = template?.metadata?.labels ?? {};
  return (
    controllerOf(object)?.uid !== owner.metadata.uid ||
    matches(now ?? {}) !== matches(before ?? {}) ||
    hasLabels(now, given) !== hasLabels(before, given)
  );
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
  terminating: number | undefined,
  write: (status: ReplicaSetStatus) => Promise<unknown>,
): Promise<ReconcileResult> {
  const decision = journalled(actions);
  const outcome = await act(context, replicaSet, actions);
  if (outcome.done > 0 && outcome.error === undefined) return { ...decision };
  const counts = tally(replicaSet, owned, nowMs);
  const failure = failureOf(actions, outcome);
  const status = nextStatus(replicaSet, counts, terminating, failure, nowMs);
  if (status !== replicaSet.status) await write(status);
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
