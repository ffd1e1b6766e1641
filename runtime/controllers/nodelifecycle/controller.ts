import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { leases } from '../../../generated/coordination/v1/resources.ts';
import { nodes } from '../../../generated/core/v1/resources.ts';
import type { Node } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { jsonEqual, type WatchEvent } from '../../meta/index.ts';
import { gridAfter } from '../grid.ts';
import { podsByNode } from '../pods-by-node.ts';
import { readyStatus } from './health.ts';
import { MonitorPass } from './monitor.ts';
import { type LifecycleConfig, type Settings, settingsOf } from './settings.ts';
import { LifecycleState } from './state.ts';
import { isWronglyTainted, missingLabels, withConditionTaints, withTaints } from './taints.ts';
import { isCounted, zoneKey } from './zones.ts';

const LEASE_NAMESPACE = 'kube-node-lease';
const MONITOR = 'monitor';
const NODE = 'node/';
const NOTHING: readonly string[] = [];

/** Watches over nodes. Keys: `node/<name>` for what follows from a node at once, `monitor` for the looks on the grid. */
export function createNodeLifecycleController(
  deps: ControllerDeps<LifecycleConfig, LifecycleState>,
): Controller {
  const state = deps.inherited ?? new LifecycleState(deps.now());
  const nodeLister = listerOf(deps, nodes);
  const leaseLister = listerOf(deps, leases);
  const clusterLister = listerOf(deps, clusters);
  const podsOn = podsByNode(deps);
  let settings: Settings | undefined;
  const currentSettings = (): Settings => {
    const now = settingsOf(clusterLister.list(), deps.config);
    if (!settings || !jsonEqual(settings, now)) settings = now;
    return settings;
  };
  return {
    name: 'nodelifecycle',
    watches: [
      watch(nodes, (event) =>
        isNews(event) ? [`${NODE}${event.object.metadata.name}`, MONITOR] : NOTHING,
      ),
      watch(clusters, ({ object, previous }) =>
        previous?.spec?.controllerManager === object.spec?.controllerManager ? NOTHING : [MONITOR],
      ),
    ],
    async reconcile(key, context) {
      const before = settings;
      const now = currentSettings();
      if (before && before !== now) lookAtAll(state, now, context.now());
      if (key !== MONITOR)
        return attend(state, now, nodeLister.byKey(key.slice(NODE.length)), key, context);
      const view = {
        state,
        settings: now,
        nodes: nodeLister,
        lease: (name: string) => leaseLister.get(name, LEASE_NAMESPACE),
        podsOn,
      };
      return new MonitorPass(view, context).run();
    },
    inherit: () => state.clone(),
  };
}

/** Whether anything but a heartbeat changed. */
function isNews({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const isSame =
    same(previous.metadata.labels, object.metadata.labels) &&
    same(previous.spec?.taints, object.spec?.taints) &&
    previous.spec?.unschedulable === object.spec?.unschedulable &&
    hasSameStatuses(previous, object);
  return !isSame;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || jsonEqual(a, b);
}

function hasSameStatuses({ status: before }: Node, { status: now }: Node): boolean {
  const old = before?.conditions ?? [];
  const conditions = now?.conditions ?? [];
  if (old === conditions) return true;
  return (
    old.length === conditions.length &&
    conditions.every(({ type, status }, at) => old[at]?.type === type && old[at]?.status === status)
  );
}

/** Taints and labels that follow from the node as it is, and a look at it when it is not as it was. */
async function attend(
  state: LifecycleState,
  settings: Settings,
  node: Node | undefined,
  key: string,
  { client, now }: ReconcileContext,
): Promise<undefined> {
  const name = key.slice(NODE.length);
  const nextMs = gridAfter({ startMs: state.startMs, periodMs: settings.periodMs }, now());
  if (!node) {
    if (state.nodes.has(name)) state.schedule(name, nextMs, false);
    return;
  }
  if (isUnlikeRecord(state, node)) state.schedule(name, nextMs, state.nodes.has(name));
  const taints = withConditionTaints(node, now());
  const labels = missingLabels(node);
  const isTainted = taints === node.spec?.taints || (taints.length === 0 && !node.spec?.taints);
  if (isTainted && !labels) return;
  const next = isTainted ? node : withTaints(node, taints);
  const { metadata } = next;
  await client.update(
    nodes,
    labels
      ? { ...next, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } }
      : next,
  );
}

/** Whether the last look at the node said otherwise, or its NoExecute taints do. */
function isUnlikeRecord(state: LifecycleState, node: Node): boolean {
  const { name = '', uid } = node.metadata;
  const record = state.nodes.get(name);
  if (!record || record.uid !== uid) return true;
  const isSame =
    record.ready === (readyStatus(node) === 'True') &&
    record.zone === zoneKey(node) &&
    record.counted === isCounted(node);
  return !isSame || (isWronglyTainted(node) && !state.isQueued(name));
}

/** Other settings: every node is due at the next moment of the grid. */
function lookAtAll(state: LifecycleState, { periodMs }: Settings, nowMs: number): void {
  const atMs = gridAfter({ startMs: state.startMs, periodMs }, nowMs);
  for (const name of [...state.nodes.keys()]) state.schedule(name, atMs, false);
}
