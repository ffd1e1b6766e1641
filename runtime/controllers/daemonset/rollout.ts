import type { Pod } from '../../../generated/core/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import { type Allowance, allowanceOf } from './amounts.ts';
import { isUpdated } from './pod.ts';
import { type DaemonSetState, isAvailable, type Place, type Survey } from './survey.ts';

/** What a rolling update does now: nodes that get a new pod beside the old one, and old pods that go. */
export interface Replacement {
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
}

/** A node as an update sees it: at most one old and one new pod. */
interface Pair extends Place {
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
  /** Has more than that, which the upkeep sees to. */
  readonly isCrowded: boolean;
}

/** One step of a rolling update, taken only when every node has what it should have. */
export function replace(state: DaemonSetState, found: Survey): Replacement {
  const { open, settled, starting, outdated } = found;
  const wanted = open.filter(({ verdict }) => verdict.shouldRun).length;
  const desired = wanted + settled + starting + outdated.size;
  const allowance = allowanceOf(state.daemonSet, desired);
  const view = { ...found, pairs: open.map((place) => pairOf(place, state.hash)), desired };
  return allowance.surge === 0
    ? { create: [], remove: makeRoom(state, view, allowance) }
    : surge(state, view, allowance);
}

/** All nodes, as an update sees them. */
interface View extends Survey {
  readonly pairs: readonly Pair[];
  /** Nodes that should have a pod. */
  readonly desired: number;
}

/** The first `count` of the available old pods, `more` and all those where nothing else is amiss, by the names of their nodes. */
function firstOf(count: number, more: readonly OldPod[], { outdated }: Survey): OldPod[] {
  const found = [...more];
  let left = count;
  if (left > 0)
    outdated.scan(undefined, undefined, (node, pod) => {
      found.push({ node, pod });
      return --left > 0;
    });
  return found.sort((a, b) => (a.node < b.node ? -1 : 1)).slice(0, Math.max(0, count));
}

interface OldPod {
  readonly node: string;
  readonly pod: Pod;
}

function pairOf(place: Place, hash: string): Pair {
  const live = place.pods.filter((pod) => !isDeleting(pod));
  const fresh = live.filter((pod) => isUpdated(pod, hash));
  const old = live.filter((pod) => !isUpdated(pod, hash));
  const isCrowded = fresh.length > 1 || old.length > 1;
  return { ...place, fresh: fresh[0], old: old[0], isCrowded };
}

/**
 * Old pods that go so that new ones can come: all that are not available anyway, and as many more as may be unavailable
 * beyond what is.
 */
function makeRoom(
  { daemonSet, nowMs }: DaemonSetState,
  view: View,
  { unavailable: allowed }: Allowance,
): Pod[] {
  const broken: Pod[] = [];
  const candidates: OldPod[] = [];
  let unavailable = view.starting;
  for (const { node, fresh, old, isCrowded } of view.pairs) {
    const only = isCrowded || (fresh && old) ? undefined : (fresh ?? old);
    const works = only !== undefined && isAvailable(daemonSet, only, nowMs);
    if (!works) unavailable++;
    if (only === undefined || only !== old) continue;
    if (works) candidates.push({ node, pod: old });
    else broken.push(old);
  }
  return [...broken, ...firstOf(allowed - unavailable, candidates, view).map(({ pod }) => pod)];
}

/**
 * New pods beside old ones: everywhere where the old one is not available, elsewhere as many as may be. An old pod goes when its
 * new one is available; one on a node that should not run it any more only when others make up for it.
 */
function surge(
  { daemonSet, nowMs }: DaemonSetState,
  view: View,
  { surge: allowed }: Allowance,
): Replacement {
  const works = (pod: Pod | undefined): boolean =>
    pod !== undefined && isAvailable(daemonSet, pod, nowMs);
  const remove: Pod[] = [];
  const misplaced: Pod[] = [];
  const needed: string[] = [];
  const candidates: OldPod[] = [];
  let surging = 0;
  let available = view.settled + view.outdated.size;
  for (const { node, verdict, fresh, old, isCrowded } of view.pairs) {
    if (isCrowded) {
      surging++;
      continue;
    }
    if (works(old ?? fresh)) available++;
    if (!old) continue;
    if (fresh) {
      if (works(fresh)) remove.push(old);
      else surging++;
    } else if (works(old)) {
      if (verdict.shouldRun) candidates.push({ node, pod: old });
      else misplaced.push(old);
    } else if (verdict.shouldRun) needed.push(node);
    else remove.push(old);
  }
  return {
    create: [...needed, ...firstOf(allowed - surging, candidates, view).map(({ node }) => node)],
    remove: [...remove, ...misplaced.slice(0, Math.max(0, available - view.desired))],
  };
}
