import type { Lease } from '../../../generated/coordination/v1/types.ts';
import type { Node, NodeCondition } from '../../../generated/core/v1/types.ts';
import { conditionOf, formatTime, parseTime } from '../../meta/index.ts';
import { type Grid, gridAt } from '../grid.ts';
import type { Settings } from './settings.ts';

export type ReadyStatus = NodeCondition['status'];

/** The conditions that go Unknown with a silent kubelet. NetworkUnavailable is not the kubelet's. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

export function readyStatus(node: Node): ReadyStatus | undefined {
  return conditionOf(node.status?.conditions, 'Ready')?.status;
}

/**
 * When the node's last sign of life will be too old, on the grid: it is seen at the first moment after it was given, and
 * grace is counted from there. `floorMs` is the earliest time from which silence counts.
 */
export function staleAtMs(
  node: Node,
  lease: Lease | undefined,
  { graceMs, startupGraceMs }: Settings,
  grid: Grid & { readonly floorMs: number },
  nowMs: number,
): number {
  const ready = conditionOf(node.status?.conditions, 'Ready');
  // Of a node whose kubelet has said nothing yet, the time before the controller started counts too.
  const isFloored = ready !== undefined || grid.floorMs > grid.startMs;
  const signs = [
    isFloored ? grid.floorMs : Number.NaN,
    parseTime(node.metadata.creationTimestamp),
    parseTime(ready?.lastHeartbeatTime),
    parseTime(lease?.spec?.renewTime),
  ];
  const last = Math.max(...signs.filter((each) => each <= nowMs));
  return gridAt(grid, gridAt(grid, last) + (ready ? graceMs : startupGraceMs));
}

/** The conditions of a node that nobody hears of any more; the same list when they say so already. */
export function unknownConditions(node: Node, nowMs: number): readonly NodeCondition[] {
  const before = node.status?.conditions ?? [];
  const now = formatTime(nowMs);
  const kept = before.map((each) => (isKubelets(each) ? unknown(each, now) : each));
  const never = KUBELET_CONDITIONS.filter((type) => !conditionOf(before, type)).map(
    (type): NodeCondition => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata.creationTimestamp ?? now,
      lastTransitionTime: now,
    }),
  );
  const isSame = never.length === 0 && kept.every((each, at) => each === before[at]);
  return isSame ? before : [...kept, ...never];
}

function isKubelets({ type }: NodeCondition): boolean {
  return (KUBELET_CONDITIONS as readonly string[]).includes(type);
}

function unknown(condition: NodeCondition, now: string): NodeCondition {
  if (condition.status === 'Unknown') return condition;
  return {
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: now,
  };
}
