import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import { availableAtMs, hasPodEnded, readyCondition } from '../pods.ts';
import { targetNode, type Verdict, verdictOn } from './placement.ts';

/** What a DaemonSet is decided from. */
export interface DaemonSetState {
  readonly daemonSet: DaemonSet;
  /** All of the cluster. */
  readonly nodes: readonly Node[];
  /** All that it controls. */
  readonly pods: readonly Pod[];
  /** Of the present revision. */
  readonly hash: string;
  readonly nowMs: number;
}

/** A node with the DaemonSet's pods on it or meant for it. */
export interface Place {
  readonly node: string;
  readonly verdict: Verdict;
  /** The one that counts first: bound, then oldest. Without what has ended and is on its way out. */
  readonly pods: readonly Pod[];
}

export interface Survey {
  /** In the order of the nodes' names. */
  readonly places: readonly Place[];
  /** Pods that wait for a node that is not there any more; nobody else would remove them. */
  readonly lost: readonly Pod[];
}

const NONE: readonly Pod[] = [];

export function survey({ daemonSet, nodes, pods }: DaemonSetState): Survey {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetNode(pod);
    if (node === undefined || (isDeleting(pod) && hasPodEnded(pod))) continue;
    const there = byNode.get(node);
    if (there) there.push(pod);
    else byNode.set(node, [pod]);
  }
  const places = nodes.map((node): Place => {
    const name = node.metadata.name ?? '';
    const there = byNode.get(name);
    byNode.delete(name);
    if (there && there.length > 1) there.sort(byBindingThenAge);
    return { node: name, verdict: verdictOn(daemonSet, node), pods: there ?? NONE };
  });
  const lost = [...byNode.values()].flat().filter(({ spec }) => !spec?.nodeName);
  return { places, lost };
}

function byBindingThenAge(a: Pod, b: Pod): number {
  const [left, right] = [a, b].map(({ spec }) => (spec?.nodeName ? 0 : 1));
  return (
    left! - right! ||
    compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compare(a.metadata.name, b.metadata.name)
  );
}

/** When the pod has been ready for long enough; undefined when it is not ready. */
export function readyForMs({ spec }: DaemonSet, pod: Pod): number | undefined {
  const ready = readyCondition(pod);
  return ready && availableAtMs(ready, spec?.minReadySeconds ?? 0);
}

export function isAvailable(daemonSet: DaemonSet, pod: Pod, nowMs: number): boolean {
  const atMs = readyForMs(daemonSet, pod);
  return atMs !== undefined && atMs <= nowMs;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
