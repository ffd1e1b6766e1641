import { controllerrevisions, statefulsets } from '../../../generated/apps/v1/resources.ts';
import type { ControllerRevision, StatefulSet } from '../../../generated/apps/v1/types.ts';
import { persistentvolumeclaims, pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { isDeleting, keyOf } from '../../meta/index.ts';
import { decideClaims, performClaims } from '../claim.ts';
import { Dependents } from '../dependents.ts';
import { type History, historyOf, removeRevisions, templateOf, writePresent } from '../history.ts';
import { concernsOwner } from '../pods.ts';
import { Selecting } from '../selecting.ts';
import { decide, type StatefulSetActions } from './decide.ts';
import { ordinalOf, revisionOfPod } from './identity.ts';
import type { StatefulSetState } from './members.ts';
import { perform } from './perform.ts';
import { naming, type Revision } from './revision.ts';
import { nextAvailableMs, nextStatus } from './status.ts';

const NO_KEYS: readonly string[] = [];
const NOTHING_REMOVED: ReadonlySet<string> = new Set();

export function createStatefulSetController(deps: ControllerDeps): Controller {
  const { transport } = deps;
  const sets = transport.lister(statefulsets);
  const claims = transport.lister(persistentvolumeclaims);
  const podsOf = new Dependents<StatefulSet, Pod>(transport, statefulsets, pods);
  const revisionsOf = new Dependents<StatefulSet, ControllerRevision>(
    transport,
    statefulsets,
    controllerrevisions,
  );
  const selecting = new Selecting<StatefulSet>(transport, statefulsets);
  return {
    name: 'statefulset',
    watches: [
      watch(statefulsets, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => (concernsOwner(event) ? podsOf.keys(event) : NO_KEYS)),
      watch(
        persistentvolumeclaims,
        ({ object: { metadata } }) =>
          selecting.of(metadata.namespace ?? '', metadata.labels ?? {}).map(keyOf),
        ({ type }) => type === 'DELETED',
      ),
    ],
    async reconcile(key, context) {
      const set = sets.byKey(key);
      if (!set) return undefined;
      const { client } = context;
      const owner = { ref: statefulsets, object: set };
      const [uid, namespace] = [set.metadata.uid ?? '', set.metadata.namespace];
      const owned = await performClaims(
        client,
        owner,
        pods,
        decideClaims(
          set,
          podsOf.of(uid),
          podsOf.orphansFor(set),
          (pod) => ordinalOf(set, pod) !== undefined,
        ),
      );
      const revisions = await performClaims(
        client,
        owner,
        controllerrevisions,
        decideClaims(set, revisionsOf.of(uid), revisionsOf.orphansFor(set)),
      );
      const history = historyOf(set.spec?.template ?? {}, revisions);
      if (isDeleting(set)) {
        await conclude(context, { ...lastState(set), pods: owned, nowMs: context.now() });
        return undefined;
      }
      const { present, collisionCount } = await writePresent(client, set, history, naming);
      const state: StatefulSetState = {
        set,
        pods: owned,
        current: currentOf(set, revisions, present),
        update: { name: present.metadata.name ?? '', template: set.spec?.template ?? {} },
        nowMs: context.now(),
      };
      const actions = decide(state, (name) => claims.get(name, namespace));
      const outcome = await perform(context, set, actions);
      await conclude(context, state, outcome.removed, collisionCount);
      await truncate(context, state, history);
      if (outcome.error !== undefined) throw outcome.error;
      return resultOf(state, actions);
    },
  };
}

/** The revision that the status calls current, or the present one where there is none. */
function currentOf(
  { status }: StatefulSet,
  revisions: readonly ControllerRevision[],
  present: ControllerRevision,
): Revision {
  const found = revisions.find(({ metadata }) => metadata.name === status?.currentRevision);
  const current = found ?? present;
  return { name: current.metadata.name ?? '', template: templateOf(current) };
}

/** Of a set that goes away: it makes no revision any more. */
function lastState(set: StatefulSet): Pick<StatefulSetState, 'set' | 'current' | 'update'> {
  const { currentRevision = '', updateRevision = '' } = set.status ?? {};
  const template = set.spec?.template ?? {};
  return {
    set,
    current: { name: currentRevision, template },
    update: { name: updateRevision, template },
  };
}

async function conclude(
  { client }: ReconcileContext,
  state: StatefulSetState,
  removed: ReadonlySet<string> = NOTHING_REMOVED,
  collisionCount: number = state.set.status?.collisionCount ?? 0,
): Promise<void> {
  const status = nextStatus(state, removed, collisionCount);
  if (status === state.set.status) return;
  await client.updateStatus(statefulsets, { ...state.set, status });
}

/** Removes the oldest revisions that no pod is made from, beyond as many as are to be kept. */
async function truncate(
  { client }: ReconcileContext,
  { set, pods: owned, current, update }: StatefulSetState,
  { past, duplicates }: History,
): Promise<void> {
  const live = new Set([current.name, update.name, ...owned.map(revisionOfPod)]);
  const idle = [...duplicates, ...past].filter(({ metadata }) => !live.has(metadata.name ?? ''));
  const kept = set.spec?.revisionHistoryLimit ?? 10;
  await removeRevisions(client, idle.slice(0, Math.max(0, idle.length - kept)));
}

/** The actions as the journal keeps them: names, not objects. */
function resultOf(state: StatefulSetState, { stages }: StatefulSetActions): ReconcileResult {
  const steps = stages.flat();
  const named = (which: 'create' | 'update' | 'remove'): Record<string, readonly string[]> => {
    const names = steps.filter((step) => step[which]).map(({ name }) => name);
    return names.length > 0 ? { [which]: names } : {};
  };
  const decision = { ...named('create'), ...named('update'), ...named('remove') };
  const atMs = nextAvailableMs(state);
  return {
    ...(Object.keys(decision).length > 0 ? { decision } : {}),
    ...(atMs === undefined ? {} : { requeueAfterMs: atMs - state.nowMs }),
  };
}
