import type { Node, Taint } from '../../../generated/core/v1/types.ts';
import { formatTime } from '../../meta/index.ts';
import { type ReadyStatus, readyStatus } from './health.ts';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** The taint that a condition stands for when it has a certain status. */
const BY_CONDITION: Readonly<Record<string, Readonly<Partial<Record<ReadyStatus, string>>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};

const OWN_NO_SCHEDULE: ReadonlySet<string> = new Set([
  UNSCHEDULABLE,
  ...Object.values(BY_CONDITION).flatMap((each) => Object.values(each)),
]);

const NO_TAINTS: readonly Taint[] = [];

/** The node's taints with the NoSchedule taints that its conditions ask for; the same list when nothing changes. */
export function withConditionTaints(node: Node, nowMs: number): readonly Taint[] {
  const taints = node.spec?.taints ?? NO_TAINTS;
  const wanted = wantedNoSchedule(node);
  const isOwn = ({ effect, key }: Taint): boolean =>
    effect === 'NoSchedule' && OWN_NO_SCHEDULE.has(key);
  const kept = taints.filter((each) => !isOwn(each) || wanted.includes(each.key));
  const missing = wanted.filter((key) => !kept.some((each) => isOwn(each) && each.key === key));
  if (missing.length === 0 && kept.length === taints.length) return taints;
  const timeAdded = formatTime(nowMs);
  return [...kept, ...missing.map((key): Taint => ({ effect: 'NoSchedule', key, timeAdded }))];
}

function wantedNoSchedule({ spec, status }: Node): string[] {
  const keys = (status?.conditions ?? []).flatMap(
    (condition) => BY_CONDITION[condition.type]?.[condition.status] ?? [],
  );
  return spec?.unschedulable ? [...keys, UNSCHEDULABLE] : keys;
}

/** The NoExecute taint of a node with this Ready status; undefined for one that is ready. */
export function evictingTaint(status: ReadyStatus): string | undefined {
  if (status === 'True') return undefined;
  return status === 'False' ? NOT_READY : UNREACHABLE;
}

export function hasEvictingTaint({ spec }: Node, key?: string): boolean {
  return (spec?.taints ?? NO_TAINTS).some(
    (each) =>
      each.effect === 'NoExecute' &&
      (key === undefined ? each.key === NOT_READY || each.key === UNREACHABLE : each.key === key),
  );
}

/** The taints with `key` as the only NoExecute taint of this controller, or none; the same list when nothing changes. */
export function withEvictingTaint(
  node: Node,
  key: string | undefined,
  nowMs: number,
): readonly Taint[] {
  const taints = node.spec?.taints ?? NO_TAINTS;
  const other = key === NOT_READY ? UNREACHABLE : NOT_READY;
  const unwanted = key === undefined ? [NOT_READY, UNREACHABLE] : [other];
  const kept = taints.filter((each) => each.effect !== 'NoExecute' || !unwanted.includes(each.key));
  const isMissing = key !== undefined && !hasEvictingTaint(node, key);
  if (!isMissing) return kept.length === taints.length ? taints : kept;
  return [...kept, { effect: 'NoExecute', key, timeAdded: formatTime(nowMs) }];
}

/** A node with other taints; without the field when there are none. */
export function withTaints(node: Node, taints: readonly Taint[]): Node {
  const { taints: _, ...spec } = node.spec ?? {};
  return { ...node, spec: taints.length > 0 ? { ...spec, taints } : spec };
}

/** Stable labels and the beta ones that follow them. */
const LABEL_PAIRS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const;

/** The beta labels that a node lacks or has otherwise. */
export function missingLabels({ metadata }: Node): Readonly<Record<string, string>> | undefined {
  const labels = metadata.labels ?? {};
  let missing: Record<string, string> | undefined;
  for (const [stable, beta] of LABEL_PAIRS) {
    const value = labels[stable];
    if (value === undefined || labels[beta] === value) continue;
    missing ??= {};
    missing[beta] = value;
  }
  return missing;
}

/** Whether the NoExecute taints of the node contradict its Ready condition. */
export function isWronglyTainted(node: Node): boolean {
  const status = readyStatus(node);
  if (status === undefined) return false;
  const key = evictingTaint(status);
  return key === undefined ? hasEvictingTaint(node) : !hasEvictingTaint(node, key);
}
