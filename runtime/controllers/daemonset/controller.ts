import { controllerrevisions, daemonsets } from '../../../generated/apps/v1/resources.ts';
import type { ControllerRevision, DaemonSet } from '../../../generated/apps/v1/types.ts';
import { nodes, pods } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { controllerOf, isDeleting, keyOf, type WatchEvent } from '../../meta/index.ts';
import { decideClaims, performClaims } from '../claim.ts';
import { Dependents } from '../dependents.ts';
import { historyOf, removeRevisions, writePresent } from '../history.ts';
import { createPods, type Outcome, removePods } from '../pod-control.ts';
import { concernsOwner } from '../pods.ts';
import { BackOff } from './back-off.ts';
import { type DaemonSetActions, decide } from './decide.ts';
import { verdictOn } from './placement.ts';
import { podMaker } from './pod.ts';
import { hashOf, mergeDuplicates, naming, surplus } from './revisions.ts';
import { nextStatus, tally } from './status.ts';
import type { DaemonSetState, Survey } from './survey.ts';
import { Surveys } from './surveys.ts';

const NO_KEYS: readonly string[] = [];

export interface DaemonSetConfig {
  /** Revisions are written as before Kubernetes 1.34: clients compare the text with what they would write. */
  readonly hasNullTime: boolean;
}

export function createDaemonSetController(
  deps: ControllerDeps<DaemonSetConfig, BackOff>,
): Controller {
  const { hasNullTime } = deps.config;
  const { transport } = deps;
  const sets = transport.lister(daemonsets);
  const nodeLister = transport.lister(nodes);
  const podsOf = new Dependents<DaemonSet, Pod>(transport, daemonsets, pods);
  const revisionsOf = new Dependents<DaemonSet, ControllerRevision>(
    transport,
    daemonsets,
    controllerrevisions,
  );
  const surveys = new Surveys(transport, {
    nodes: nodeLister,
    podsOf: (uid) => podsOf.of(uid),
  });
  const backOff = deps.inherited ?? new BackOff();
  const keysOfPod = (event: WatchEvent<Pod>): readonly string[] => {
    if (!concernsOwner(event)) return NO_KEYS;
    const keys = podsOf.keys(event);
    for (const key of keys) surveys.notePod(key, sets.byKey(key), event);
    return keys;
  };
  return {
    name: 'daemonset',
    watches: [
      watch(daemonsets, ({ object }) => [keyOf(object)]),
      watch(pods, keysOfPod),
      watch(controllerrevisions, (event) => (isHeld(event) ? NO_KEYS : revisionsOf.keys(event))),
      watch(
        nodes,
        (event) => {
          surveys.noteNode(event.object.metadata.name ?? '');
          const touched = sets.list().filter((each) => changesVerdict(each, event));
          return touched.map(keyOf);
        },
        concernsPlacement,
      ),
    ],
    async reconcile(key, context) {
      const daemonSet = sets.byKey(key);
      if (!daemonSet) backOff.forget(key);
      if (!daemonSet || isDeleting(daemonSet)) {
        surveys.forget(key);
        return undefined;
      }
      const { client } = context;
      const owner = { ref: daemonsets, object: daemonSet };
      const uid = daemonSet.metadata.uid ?? '';
      if (surveys.hasClaims(key, daemonSet)) {
        const claims = decideClaims(daemonSet, podsOf.of(uid), podsOf.orphansFor(daemonSet));
        await performClaims(client, owner, pods, claims);
        surveys.claimed(key);
      }
      const owned = (): readonly Pod[] => podsOf.of(uid);
      const ownRevisions = decideClaims(
        daemonSet,
        revisionsOf.of(uid),
        revisionsOf.orphansFor(daemonSet),
      );
      const revisions = await performClaims(client, owner, controllerrevisions, ownRevisions);
      const history = historyOf(daemonSet.spec?.template ?? {}, revisions, hasNullTime);
      const { present, collisionCount } = await writePresent(
        client,
        daemonSet,
        history,
        naming(hasNullTime),
      );
      const hash = hashOf(present);
      if (await mergeDuplicates(client, history, hash, owned)) return undefined;
      const nowMs = context.now();
      const state = { daemonSet, hash, nowMs };
      const found = surveys.look(key, state);
      const result = await perform(context, state, found, collisionCount, backOff);
      await removeRevisions(client, surplus(daemonSet, history, owned));
      return result;
    },
    inherit: () => backOff.clone(),
  };
}

/** A revision that comes or changes in the hands of its controller is no news to it: it made it. Somebody else's stays until the next look. */
function isHeld({ type, object, previous }: WatchEvent<ControllerRevision>): boolean {
  if (type === 'DELETED') return false;
  const held = controllerOf(object)?.uid;
  const before = previous && controllerOf(previous)?.uid;
  return held !== undefined && (before === undefined || before === held);
}

/**
 * Makes and removes pods, or writes the status. Not both: pods that come or go bring the key back, and what is counted
 * then is true.
 */
async function perform(
  context: ReconcileContext,
  state: DaemonSetState,
  found: Survey,
  collisionCount: number,
  backOff: BackOff,
): Promise<ReconcileResult> {
  const { daemonSet, nowMs } = state;
  const [key, round] = [keyOf(daemonSet), roundOf(daemonSet)];
  const actions = decide(state, found, (node) => backOff.readyAtMs(key, round, node, nowMs));
  tellEnded(context, daemonSet, actions);
  for (const { pod, node } of actions.ended)
    if (pod.status?.phase === 'Failed') backOff.note(key, round, node, nowMs);
  const outcome = await act(context, state, actions);
  const counts = tally(state, found);
  if (outcome.done === 0 || outcome.error !== undefined) {
    const status = nextStatus(state, counts, collisionCount);
    if (status !== daemonSet.status)
      await context.client.updateStatus(daemonsets, { ...daemonSet, status });
  }
  if (outcome.error !== undefined) throw outcome.error;
  const { retryAtMs = Number.POSITIVE_INFINITY } = actions;
  const { nextAvailableMs = Number.POSITIVE_INFINITY } = counts;
  const atMs = Math.min(retryAtMs, nextAvailableMs);
  return {
    ...journalled(actions),
    ...(atMs < Number.POSITIVE_INFINITY ? { requeueAfterMs: atMs - nowMs } : {}),
  };
}

async function act(
  context: ReconcileContext,
  { daemonSet, hash }: DaemonSetState,
  { create, remove }: DaemonSetActions,
): Promise<Outcome> {
  const podFor = podMaker(daemonSet, hash);
  const made = await createPods(context, daemonSet, create.length, (at) => podFor(create[at]!));
  const removed = await removePods(context, daemonSet, remove);
  const error = made.error ?? removed.error;
  return { done: made.done + removed.done, ...(error === undefined ? {} : { error }) };
}

function tellEnded(
  { events }: ReconcileContext,
  set: DaemonSet,
  { ended }: DaemonSetActions,
): void {
  for (const { pod, node } of ended) {
    const where = `daemon pod ${keyOf(pod)} on node ${node}, will try to`;
    if (pod.status?.phase === 'Failed')
      events.event(set, 'Warning', 'FailedDaemonPod', `Found failed ${where} kill it`);
    else events.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${where} delete it`);
  }
}

/** Delays begin anew with a generation that the controller has seen. */
function roundOf({ metadata, status }: DaemonSet): string {
  return `${metadata.uid}/${status?.observedGeneration ?? 0}`;
}

/** Whether a change of a node can mean anything to DaemonSets. */
function concernsPlacement({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    object.metadata.labels !== previous.metadata.labels ||
    object.spec?.taints !== previous.spec?.taints
  );
}

/** Whether the DaemonSet has to look because of a node that came, went or changed. */
function changesVerdict(set: DaemonSet, { type, object, previous }: WatchEvent<Node>): boolean {
  const verdict = verdictOn(set, object);
  if (type === 'DELETED') return verdict.shouldContinue;
  if (!previous) return verdict.shouldRun;
  const before = verdictOn(set, previous);
  return before.shouldRun !== verdict.shouldRun || before.shouldContinue !== verdict.shouldContinue;
}

/** The actions as the journal keeps them: names, not objects. */
function journalled({ create, remove }: DaemonSetActions): ReconcileResult {
  const decision = {
    ...(create.length > 0 ? { create } : {}),
    ...(remove.length > 0 ? { remove: remove.map(({ metadata }) => metadata.name) } : {}),
  };
  return Object.keys(decision).length > 0 ? { decision } : {};
}
