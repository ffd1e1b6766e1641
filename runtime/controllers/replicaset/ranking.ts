import type { Pod } from '../../../generated/core/v1/types.ts';
import { parseTime } from '../../meta/index.ts';
import { isPodActive, readyCondition } from '../pods.ts';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const NS_PER_MS = 1_000_000;

interface Ranked {
  readonly pod: Pod;
  readonly isAssigned: boolean;
  readonly phase: number;
  readonly isReady: boolean;
  readonly cost: number;
  /** Active pods of the same owner's owner on the node. */
  readonly neighbours: number;
  readonly readyMs: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdMs: number;
}

/**
 * The `count` pods that a ReplicaSet can best do without: unassigned, pending, not ready, cheap, crowded on their node,
 * recently ready, often restarted, young. Ages compare by their order of magnitude only, so that equals go at random (by uid).
 */
export function podsToRemove(
  pods: readonly Pod[],
  count: number,
  related: () => readonly Pod[],
  nowMs: number,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const pod of related()) {
    if (!isPodActive(pod)) continue;
    const node = pod.spec?.nodeName ?? '';
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  return pods
    .map((pod) => rank(pod, onNode))
    .sort((a, b) => compare(a, b, nowMs))
    .slice(0, count)
    .map(({ pod }) => pod);
}

function rank(pod: Pod, onNode: ReadonlyMap<string, number>): Ranked {
  const ready = readyCondition(pod);
  const node = pod.spec?.nodeName ?? '';
  return {
    pod,
    isAssigned: node !== '',
    phase: PHASE_ORDER[pod.status?.phase ?? 'Pending'] ?? 0,
    isReady: ready !== undefined,
    cost: deletionCost(pod),
    neighbours: onNode.get(node) ?? 0,
    readyMs: parseTime(ready?.lastTransitionTime),
    ...restarts(pod),
    createdMs: parseTime(pod.metadata.creationTimestamp),
  };
}

/** Negative when `a` goes first. */
function compare(a: Ranked, b: Ranked, nowMs: number): number {
  if (a.isAssigned !== b.isAssigned) return a.isAssigned ? 1 : -1;
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.isReady !== b.isReady) return a.isReady ? 1 : -1;
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.neighbours !== b.neighbours) return b.neighbours - a.neighbours;
  if (a.isReady && differ(a.readyMs, b.readyMs))
    return compareAge(a, b, a.readyMs, b.readyMs, nowMs);
  if (a.restarts !== b.restarts) return b.restarts - a.restarts;
  if (a.sidecarRestarts !== b.sidecarRestarts) return b.sidecarRestarts - a.sidecarRestarts;
  if (differ(a.createdMs, b.createdMs)) return compareAge(a, b, a.createdMs, b.createdMs, nowMs);
  return 0;
}

function differ(a: number, b: number): boolean {
  return a !== b && !(Number.isNaN(a) && Number.isNaN(b));
}

/** The younger first, or whichever has no time; within one power of two, by uid. */
function compareAge(a: Ranked, b: Ranked, aMs: number, bMs: number, nowMs: number): number {
  if (Number.isNaN(aMs)) return -1;
  if (Number.isNaN(bMs)) return 1;
  const difference = magnitude(nowMs - aMs) - magnitude(nowMs - bMs);
  if (difference !== 0) return difference;
  return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1;
}

/** The power of two of an age in nanoseconds, the unit that upstream compares in. */
function magnitude(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * NS_PER_MS)) : -1;
}

/** A whole 32-bit number without a plus sign or leading zeros; anything else counts as 0. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[DELETION_COST];
  if (text === undefined || !/^(0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost === (cost | 0) ? cost : 0;
}

/** The most restarts of one container, apart for containers and sidecars. */
function restarts({ spec, status }: Pod): { restarts: number; sidecarRestarts: number } {
  let most = 0;
  for (const { restartCount } of status?.containerStatuses ?? [])
    most = Math.max(most, restartCount);
  let sidecarMost = 0;
  for (const { name, restartCount } of status?.initContainerStatuses ?? []) {
    const container = spec?.initContainers?.find((each) => each.name === name);
    if (container?.restartPolicy === 'Always') sidecarMost = Math.max(sidecarMost, restartCount);
  }
  return { restarts: most, sidecarRestarts: sidecarMost };
}
