import { join } from 'node:path';
import type { Lease } from '../../../generated/coordination/v1/types.ts';
import type { Node, NodeCondition, Pod, Taint } from '../../../generated/core/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import {
  isCounted,
  missingLabels,
  notReady,
  readyStatus,
  settingsOf,
  staleAtMs,
  unknownConditions,
  withConditionTaints,
  zoneKey,
  zoneState,
} from '../../controllers/nodelifecycle/index.ts';
import { playTaintManager } from './nodelifecycle-taints.ts';
import { type AreaResult, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

/** Settings of the recorded controller, and the moment at which its clock begins. */
const SETTINGS = { ...settingsOf([]), graceMs: 40_000 };
const START_MS = Date.parse('2015-01-01T12:00:00Z');
const PREFIX = 'node_lifecycle_controller__Test';

/**
 * The node lifecycle controller and the taint manager, by their decisions.
 *
 * Not played, because the rows say nothing that could be compared: `TryUpdateNodeHealth` (a node without an expectation),
 * `MarkPodsNotReadyWithWorkerSize` (a number of workers, of which there is one here) and `UpdateNodeWithMultipleTaints` (a request
 * that was sent). Nor `MarkPodsNotReadyRetry`, which counts how often writes were tried that a stand-in lets fail, and `PodStatusChange`,
 * which expects pods to be deleted by this controller with the reason NodeLost, as none has been since taints do that.
 */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'nodelifecycle');
  const tally = new Tally('nodelifecycle');
  await zones(dir, tally);
  await silence(dir, tally);
  await marks(dir, tally);
  await playTaintManager(dir, tally);
  return tally.result();
}

async function zones(dir: string, tally: Tally): Promise<void> {
  interface Disruption {
    readonly nodeList: readonly Node[];
    readonly updatedNodeStatuses: readonly Node['status'][];
    readonly expectedInitialStates: Readonly<Record<string, string>>;
    readonly expectedFollowingStates: Readonly<Record<string, string>>;
  }
  for (const { id, case: row } of await rowsOf<Disruption>(dir, `${PREFIX}MonitorNodeHealth`)) {
    const after = row.nodeList.map((node, i) => ({ ...node, status: row.updatedNodeStatuses[i] }));
    tally.equal(`${id}:before`, plain(row.expectedInitialStates), statesOf(row.nodeList));
    tally.equal(`${id}:after`, plain(row.expectedFollowingStates), statesOf(after as Node[]));
  }
  interface Excluded {
    readonly input: Node;
    readonly want: boolean;
  }
  for (const { id, case: row } of await rowsOf<Excluded>(
    dir,
    `${PREFIX}_isNodeExcludedFromDisruptionChecks`,
  ))
    tally.equal(id, row.want, !isCounted(row.input));
}

/** Upstream parts region and zone by `:NUL:`. */
function plain(states: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(states).map(([key, state]) => [key.replace(':\0:', ':'), state]),
  );
}

function statesOf(nodes: readonly Node[]): object {
  const counts = new Map<string, { ready: number; unready: number }>();
  for (const node of nodes.filter(isCounted)) {
    const count = counts.get(zoneKey(node)) ?? { ready: 0, unready: 0 };
    if (readyStatus(node) === 'True') count.ready++;
    else count.unready++;
    counts.set(zoneKey(node), count);
  }
  return Object.fromEntries(
    [...counts].map(([key, count]) => [key, zoneState(count, SETTINGS.unhealthyZone)]),
  );
}

async function silence(dir: string, tally: Tally): Promise<void> {
  interface Silence {
    readonly fakeNodeHandler: { readonly Existing: readonly Node[] };
    readonly newNodeStatus: Node['status'];
    readonly timeToPass: string;
    readonly lease?: Lease | null;
    readonly newLease?: Lease | null;
    readonly expectedNodes?: readonly Node[] | null;
    readonly expectedPodStatusUpdate: boolean;
  }
  for (const name of ['UpdateStatus', 'UpdateNodeAndPodStatusWithLease', 'MarkPodsNotReady'])
    for (const { id, case: row } of await rowsOf<Silence>(
      dir,
      `${PREFIX}MonitorNodeHealth${name}`,
    )) {
      const [before] = row.fakeNodeHandler.Existing as [Node];
      const passedMs = parseDuration(row.timeToPass) ?? 0;
      const node = { ...before, status: passedMs > 0 ? row.newNodeStatus : before.status } as Node;
      const lease = (passedMs > 0 ? row.newLease : row.lease) ?? undefined;
      const conditions = conditionsAt(node, lease, START_MS + passedMs);
      const wasReady = readyStatus(before) === 'True';
      const isLost = conditions !== undefined && wasReady;
      tally.equal(
        `${id}:pods`,
        row.expectedPodStatusUpdate,
        isLost && notReady(POD, 0) !== undefined,
      );
      if (row.expectedNodes === undefined) continue;
      const wanted = row.expectedNodes?.[0]?.status?.conditions ?? node.status?.conditions ?? [];
      tally.equal(`${id}:node`, wanted, conditions ?? node.status?.conditions ?? []);
    }
}

const POD = {
  metadata: { name: 'p' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
} as unknown as Pod;

/** The conditions that the controller writes at `nowMs`; undefined where it sees no reason to. */
function conditionsAt(
  node: Node,
  lease: Lease | undefined,
  nowMs: number,
): readonly NodeCondition[] | undefined {
  const grid = { startMs: START_MS, periodMs: 5000, floorMs: START_MS };
  if (staleAtMs(node, lease, SETTINGS, grid, nowMs) > nowMs) return undefined;
  const conditions = unknownConditions(node, nowMs);
  return conditions === node.status?.conditions ? undefined : conditions;
}

async function marks(dir: string, tally: Tally): Promise<void> {
  interface Labelled {
    readonly Node: Node;
    readonly ExpectedLabels: Readonly<Record<string, string>> | null;
  }
  for (const { id, case: row } of await rowsOf<Labelled>(dir, `${PREFIX}ReconcileNodeLabels`)) {
    const labels = { ...row.Node.metadata.labels, ...missingLabels(row.Node) };
    tally.equal(id, row.ExpectedLabels ?? {}, labels);
  }
  interface Tainted {
    readonly Node: Node;
    readonly ExpectedTaints: readonly Taint[];
  }
  for (const { id, case: row } of await rowsOf<Tainted>(dir, `${PREFIX}TaintsNodeByCondition`)) {
    const taints = withConditionTaints(row.Node, START_MS).map(({ key, effect }) => ({
      key,
      effect,
    }));
    tally.equal(id, row.ExpectedTaints, taints);
  }
}
