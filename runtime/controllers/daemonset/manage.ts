import type { Pod } from '../../../generated/core/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import { allowsSurge } from './amounts.ts';
import { isUpdated } from './pod.ts';
import { type DaemonSetState, isAvailable, type Place, type Survey } from './survey.ts';

/** A pod that has ended on a node where one should run. */
export interface Ended {
  readonly pod: Pod;
  readonly node: string;
}

/** What brings each node to the one pod that it should have, whatever the revision. */
export interface Upkeep {
  /** Nodes that need a pod. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  /** Those of `remove` that have ended: people are told. */
  readonly ended: readonly Ended[];
  /** When a failed pod that has to wait may be removed. */
  readonly retryAtMs?: number;
}

/** `removableAtMs` says when the failed pod of a node may go. */
export function upkeep(
  state: DaemonSetState,
  { open, lost }: Survey,
  removableAtMs: (node: string) => number,
): Upkeep {
  const create: string[] = [];
  const remove: Pod[] = [];
  const ended: Ended[] = [];
  let retryAtMs = Number.POSITIVE_INFINITY;
  for (const place of open) {
    const { node, verdict, pods } = place;
    if (verdict.shouldRun && pods.length === 0) create.push(node);
    if (pods.length === 0) continue;
    const live = pods.filter((pod) => !isDeleting(pod));
    if (!verdict.shouldContinue) {
      remove.push(...live);
      continue;
    }
    for (const pod of live.filter(hasEnded)) {
      const atMs = pod.status?.phase === 'Failed' ? removableAtMs(node) : state.nowMs;
      if (atMs > state.nowMs) {
        retryAtMs = Math.min(retryAtMs, atMs);
        continue;
      }
      ended.push({ pod, node });
      remove.push(pod);
    }
    const running = live.filter((pod) => !hasEnded(pod));
    if (running.length === 0 && verdict.shouldRun && allowsSurge(state.daemonSet))
      create.push(node);
    remove.push(...excess(state, running));
  }
  remove.push(...lost.filter((pod) => !isDeleting(pod)));
  const waits = retryAtMs < Number.POSITIVE_INFINITY;
  return { create, remove, ended, ...(waits ? { retryAtMs } : {}) };
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded';
}

/**
 * Pods of a node that are one too many, the first of `running` being the one to keep. With surge an old and a new one stand side
 * by side as long as the old one is ready and the new one not available.
 */
function excess({ daemonSet, hash, nowMs }: DaemonSetState, running: Place['pods']): Pod[] {
  if (running.length <= 1) return [];
  if (!allowsSurge(daemonSet)) return running.slice(1);
  const fresh = running.find((pod) => isUpdated(pod, hash));
  const old = running.find((pod) => !isUpdated(pod, hash));
  const others = running.filter((pod) => pod !== fresh && pod !== old);
  if (!fresh || !old) return others;
  const isReplaced = !isPodReady(old) || isAvailable(daemonSet, fresh, nowMs);
  return isReplaced ? [...others, old] : others;
}
