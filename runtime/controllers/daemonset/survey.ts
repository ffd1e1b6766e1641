import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { SortedMap } from '../../base/index.ts';
import { isDeleting } from '../../meta/index.ts';
import { availableAtMs, hasPodEnded, readyCondition } from '../pods.ts';
import { targetNode, type Verdict, verdictOn } from './placement.ts';
import { isUpdated } from './pod.ts';

/** What a DaemonSet is decided from, beside the nodes and its pods on them. */
export interface DaemonSetState {
  readonly daemonSet: DaemonSet;
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

/**
 * The nodes that mean something to a DaemonSet, told apart by how much there is to decide. Where a node has the one pod
 * that it should have there is nothing, however many such nodes there are, and nothing comes of waiting either.
 */
export interface Survey {
  /** All others, in the order of their names: they lack a pod, have more than that one, or time changes them. */
  readonly open: readonly Place[];
  /** Nodes whose pod is of the present revision and available. */
  readonly settled: number;
  /** Nodes whose pod is of the present revision and not ready. */
  readonly starting: number;
  /** The pods of nodes whose pod is of an old revision and available, by node. */
  readonly outdated: SortedMap<Pod>;
  /** Pods that wait for a node that is not there any more; nobody else would remove them. */
  readonly lost: readonly Pod[];
}

/** The survey of all nodes and of all pods that the DaemonSet controls. */
export function survey(
  state: DaemonSetState,
  nodes: readonly Node[],
  pods: readonly Pod[],
): Survey {
  return surveyed(state, nodes, pods).result();
}

export function surveyed(
  state: DaemonSetState,
  nodes: readonly Node[],
  pods: readonly Pod[],
): Surveyor {
  const surveyor = new Surveyor();
  const byNode = Map.groupBy(pods, (pod) => targetNode(pod) ?? NOWHERE);
  byNode.delete(NOWHERE);
  for (const node of nodes) {
    const { name = '' } = node.metadata;
    surveyor.look(state, name, node, byNode.get(name) ?? NONE);
    byNode.delete(name);
  }
  for (const [name, there] of byNode) surveyor.look(state, name, undefined, there);
  return surveyor;
}

const NOWHERE = '';
const NONE: readonly Pod[] = [];

/** A survey that is kept by looking again at nodes where something changed. */
export class Surveyor {
  readonly #open = new SortedMap<Place>();
  readonly #outdated = new SortedMap<Pod>();
  readonly #lost = new SortedMap<readonly Pod[]>();
  readonly #settled = new Set<string>();
  readonly #starting = new Set<string>();

  /** Names of nodes at which to look again although nothing of them changed. */
  get due(): string[] {
    return [...this.#open.keys(), ...this.#lost.keys()];
  }

  /** `node` is undefined where there is none of that name. */
  look(state: DaemonSetState, name: string, node: Node | undefined, pods: readonly Pod[]): void {
    this.#forget(name);
    const there = pods.filter((pod) => !isDeleting(pod) || !hasPodEnded(pod));
    if (!node) {
      const lost = there.filter(({ spec }) => !spec?.nodeName);
      if (lost.length > 0) this.#lost.set(name, lost);
      return;
    }
    const verdict = verdictOn(state.daemonSet, node);
    if (there.length === 0 && !verdict.shouldRun) return;
    const place = { node: name, verdict, pods: there.sort(byBindingThenAge) };
    const standing = standingOf(place, state);
    if (standing === 'settled') this.#settled.add(name);
    else if (standing === 'starting') this.#starting.add(name);
    else if (standing === 'outdated') this.#outdated.set(name, there[0]!);
    else this.#open.set(name, place);
  }

  result(): Survey {
    return {
      open: [...this.#open.values()],
      settled: this.#settled.size,
      starting: this.#starting.size,
      outdated: this.#outdated,
      lost: [...this.#lost.values()].flat(),
    };
  }

  #forget(name: string): void {
    this.#settled.delete(name);
    this.#starting.delete(name);
    for (const map of [this.#open, this.#outdated, this.#lost]) map.delete(name);
  }
}

type Standing = 'settled' | 'starting' | 'outdated' | 'open';

function standingOf(
  { verdict, pods: [pod, ...others] }: Place,
  { daemonSet, hash, nowMs }: DaemonSetState,
): Standing {
  if (!verdict.shouldRun || !pod || others.length > 0) return 'open';
  if (isDeleting(pod) || hasPodEnded(pod)) return 'open';
  const atMs = readyForMs(daemonSet, pod);
  if (!isUpdated(pod, hash)) return atMs !== undefined && atMs <= nowMs ? 'outdated' : 'open';
  if (atMs === undefined) return 'starting';
  return atMs <= nowMs ? 'settled' : 'open';
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
