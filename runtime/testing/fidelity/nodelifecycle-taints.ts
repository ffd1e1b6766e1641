import type { Node, Pod, Taint, Toleration } from '../../../generated/core/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import {
  decideEviction,
  type Scheduled,
  toleratedSeconds,
} from '../../controllers/tainteviction/index.ts';
import type { Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

/** How long the recorded tests look on. */
const WATCHED_MS = 5000;

/** The taint manager: whether, and when, pods go. */
export async function playTaintManager(dir: string, tally: Tally): Promise<void> {
  await minimum(dir, tally);
  await podChanges(dir, tally);
  await nodeChanges(dir, tally);
}

async function minimum(dir: string, tally: Tally): Promise<void> {
  interface Minimum {
    readonly tolerations: readonly Toleration[];
    readonly expected: string;
  }
  for (const { id, case: row } of await rowsOf<Minimum>(
    dir,
    'taint_manager__TestGetMinTolerationTime',
  )) {
    // There the tolerations are those that were used; each gets a taint of its own here.
    const tolerations = row.tolerations.map((each, i) => ({
      ...each,
      key: `${i}`,
      operator: 'Exists' as const,
    }));
    const keys = tolerations.length > 0 ? tolerations.map(({ key }) => key) : ['none'];
    const taints = keys.map((key): Taint => ({ key, effect: 'NoExecute' }));
    const seconds = toleratedSeconds(taints, tolerations);
    tally.equal(id, row.expected, seconds === Number.POSITIVE_INFINITY ? '-1ns' : `${seconds}s`);
  }
}

/** When a pod goes that is looked at in these forms, one a millisecond; undefined if it is not while it is watched. */
function deletedAtMs(
  forms: readonly { readonly pod: Pod; readonly taints: readonly Taint[] }[],
): number | undefined {
  let scheduled: Scheduled | undefined;
  for (const [nowMs, { pod, taints }] of forms.entries()) {
    const decision = decideEviction(taints, pod.spec?.tolerations ?? [], scheduled, nowMs);
    if (decision.kind === 'evict') return nowMs;
    scheduled = decision.kind === 'wait' ? decision.scheduled : undefined;
  }
  return scheduled && scheduled.atMs <= WATCHED_MS ? scheduled.atMs : undefined;
}

type TaintedNodes = Readonly<Record<string, readonly Taint[]>>;

async function podChanges(dir: string, tally: Tally): Promise<void> {
  interface Change {
    readonly pod?: Pod;
    readonly prevPod?: Pod;
    readonly newPod?: Pod;
    readonly taintedNodes: TaintedNodes;
    readonly expectDelete: boolean;
  }
  for (const name of ['Create', 'Update'])
    for (const { id, case: row } of await rowsOf<Change>(dir, `taint_manager__Test${name}Pod`)) {
      const forms = [row.pod, row.prevPod, row.newPod].filter((each) => each !== undefined);
      const placed = forms.map((pod) => ({
        pod,
        taints: row.taintedNodes[pod.spec?.nodeName ?? ''] ?? [],
      }));
      tally.equal(id, row.expectDelete, deletedAtMs(placed) !== undefined);
    }
}

async function nodeChanges(dir: string, tally: Tally): Promise<void> {
  interface Change {
    readonly pods: readonly Pod[];
    readonly newPod?: Pod;
    readonly oldNode: Node;
    readonly newNode: Node;
    readonly expectDelete?: boolean;
    readonly expectedDeleteTimes?: readonly {
      readonly names: readonly string[];
      readonly timestamp: string;
    }[];
  }
  for (const name of ['UpdateNode', 'EventualConsistency', 'UpdateNodeWithMultiplePods'])
    for (const { id, case: row } of await rowsOf<Change>(dir, `taint_manager__Test${name}`)) {
      const pods = row.newPod ? [...row.pods, row.newPod] : row.pods;
      const times = pods.map((pod) => ({
        name: pod.metadata.name,
        atMs: deletedAtMs([{ pod, taints: row.newNode.spec?.taints ?? [] }]),
      }));
      if (row.expectDelete !== undefined)
        tally.equal(
          id,
          row.expectDelete,
          times.some(({ atMs }) => atMs !== undefined),
        );
      for (const { names, timestamp } of row.expectedDeleteTimes ?? [])
        tally.equal(
          `${id}@${timestamp}`,
          names,
          times.filter(({ atMs }) => atMs === parseDuration(timestamp)).map((each) => each.name),
        );
    }
}
