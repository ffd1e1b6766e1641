import { nodes, pods } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod, PodCondition, Taint } from '../../../generated/core/v1/types.ts';
import { SortedMap } from '../../base/index.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import {
  formatTime,
  isNotFound,
  jsonEqual,
  type KubeObject,
  keyOf,
  splitKey,
  withCondition,
} from '../../meta/index.ts';
import { podsByNode } from '../pods-by-node.ts';
import { decideEviction, type Scheduled } from './decide.ts';

/** Evictions that are to come, by pod. One that has been done stays, with `done`, until its pod is gone. */
type Schedule = SortedMap<Scheduled & { readonly uid: string; readonly done?: boolean }>;

const NO_TAINTS: readonly Taint[] = [];
const NOTHING: readonly string[] = [];

/** Evicts pods from tainted nodes. Key: the pod. */
export function createTaintEvictionController(deps: ControllerDeps<unknown, Schedule>): Controller {
  const podLister = listerOf(deps, pods);
  const nodeLister = listerOf(deps, nodes);
  const podsOn = podsByNode(deps);
  const schedule: Schedule = deps.inherited ?? new SortedMap();
  const taintsOn = (name: string | undefined): readonly Taint[] => {
    const node = name ? nodeLister.byKey(name) : undefined;
    return node ? noExecute(node) : NO_TAINTS;
  };
  return {
    name: 'taint-eviction-controller',
    watches: [
      watch(nodes, ({ type, object, previous }) => {
        if (type === 'DELETED' || previous?.spec?.taints === object.spec?.taints) return NOTHING;
        const before = previous ? noExecute(previous) : NO_TAINTS;
        if (jsonEqual(before, noExecute(object))) return NOTHING;
        return podsOn(object.metadata.name ?? '').map(keyOf);
      }),
      watch(pods, ({ object, previous }) => {
        const key = keyOf(object);
        if (schedule.size > 0 && schedule.has(key)) return [key];
        const { nodeName, tolerations } = object.spec ?? {};
        const before = previous?.spec;
        if (before?.nodeName === nodeName && before?.tolerations === tolerations) return NOTHING;
        return taintsOn(nodeName).length > 0 ? [key] : NOTHING;
      }),
    ],
    async reconcile(key, context) {
      const pod = podLister.byKey(key);
      const known = schedule.get(key);
      const isSame = known?.uid === pod?.metadata.uid;
      if (known && !isSame) forget(schedule, key, context);
      if (!pod || (isSame && known?.done)) return;
      const scheduled = isSame ? known : undefined;
      const nowMs = context.now();
      // Only a taint that goes calls off what is scheduled, not the node that goes with it.
      if (scheduled && scheduled.atMs > nowMs && !nodeLister.byKey(pod.spec?.nodeName ?? ''))
        return { requeueAfterMs: scheduled.atMs - nowMs };
      const taints = taintsOn(pod.spec?.nodeName);
      const decision = decideEviction(taints, pod.spec?.tolerations ?? [], scheduled, nowMs);
      const uid = pod.metadata.uid ?? '';
      switch (decision.kind) {
        case 'none':
          return;
        case 'cancel':
          forget(schedule, key, context);
          return { decision };
        case 'wait':
          if (decision.restarted) tell(context, key, 'Cancelling deletion of');
          schedule.set(key, { ...decision.scheduled, uid });
          return { requeueAfterMs: decision.scheduled.atMs - nowMs, decision };
        case 'evict':
          await evict(context.client, pod, nowMs);
          if (scheduled && scheduled.atMs > nowMs) tell(context, key, 'Cancelling deletion of');
          schedule.set(key, { startMs: nowMs, atMs: nowMs, uid, done: true });
          tell(context, key, 'Marking for deletion');
          return { decision };
      }
    },
    inherit: () => schedule.clone(),
  };
}

function noExecute({ spec }: Node): readonly Taint[] {
  const taints = spec?.taints ?? NO_TAINTS;
  return taints.length === 0 ? taints : taints.filter(({ effect }) => effect === 'NoExecute');
}

/** Takes the pod off the schedule; an eviction that has not happened is called off. */
function forget(schedule: Schedule, key: string, context: ReconcileContext): void {
  const { done } = schedule.get(key)!;
  schedule.delete(key);
  if (!done) tell(context, key, 'Cancelling deletion of');
}

/** Upstream's events name the pod without its uid. */
function tell({ events }: ReconcileContext, key: string, what: string): void {
  const about: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: splitKey(key) };
  events.event(about, 'Normal', 'TaintManagerEviction', `${what} Pod ${key}`);
}

async function evict(client: Client, pod: Pod, nowMs: number): Promise<void> {
  const disruption: PodCondition & { lastTransitionTime: string } = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastTransitionTime: formatTime(nowMs),
  };
  const target = { name: pod.metadata.name ?? '', namespace: pod.metadata.namespace };
  const conditions = withCondition(pod.status?.conditions, disruption);
  try {
    if (conditions !== pod.status?.conditions)
      await client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
    await client.delete(
      pods,
      target,
      pod.metadata.uid ? { preconditions: { uid: pod.metadata.uid } } : {},
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
