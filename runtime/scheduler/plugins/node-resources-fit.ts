import type { ClusterState } from '../cluster-state.ts';
import { clusterEvents, type LocalPlugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape, Requirements } from '../pod-shape.ts';
import { isExtendedResource, type ResourceAmounts } from '../requests.ts';
import { type ScoringStrategy, strategyScorer } from './resource-scorers.ts';

const NAME = 'NodeResourcesFit';

export interface NodeResourcesFitArgs {
  readonly ignoredResources?: readonly string[];
  /** Groups (the part before the slash) of extended resources that are not checked. */
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: ScoringStrategy;
}

export interface FitOptions extends NodeResourcesFitArgs {
  /** Since 1.32 a request beyond all of a node's allocatable is unresolvable. */
  readonly beyondNodeIsUnresolvable: boolean;
}

/** A resource of which a node has too little. */
export interface Shortage {
  readonly resource: string;
  readonly asks: number;
  readonly used: number;
  readonly allocatable: number;
}

/** Whether the node has what the pod requests; scores by a strategy, LeastAllocated unless told. */
export function nodeResourcesFit(options: FitOptions): LocalPlugin {
  const score = strategyScorer(options.scoringStrategy ?? {});
  const ignores = ignoring(options);
  return {
    kind: 'local',
    name: NAME,
    events:
      clusterEvents.podDeleted |
      clusterEvents.nodeAdded |
      clusterEvents.nodeAllocatable |
      clusterEvents.ownUpdate,
    isWorthRetry: (pod, { node, pod: gone }) =>
      node ? couldHold(node, pod) : !gone || frees(gone, pod),
    filter(pod, node) {
      if (fits(pod, node, ignores)) return undefined;
      const found = shortages(pod, node, ignores);
      const unresolvable =
        options.beyondNodeIsUnresolvable &&
        found.some(({ resource, asks, allocatable }) => resource !== 'pods' && asks > allocatable);
      return {
        plugin: NAME,
        code: unresolvable ? 'UnschedulableAndUnresolvable' : 'Unschedulable',
        reasons: found.map(({ resource }) =>
          resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`,
        ),
      };
    },
    mayPass: ({ requests: { scalars } }, state) => scalars && scarcest(scalars, state, ignores),
    score,
  };
}

/** Slots of the nodes that have some of what is asked for and fewest have. */
function scarcest(
  scalars: ReadonlyMap<string, number>,
  state: ClusterState,
  ignores: Ignores,
): readonly number[] | undefined {
  let fewest: readonly number[] | undefined;
  for (const [name, amount] of scalars) {
    if (amount === 0 || ignores(name)) continue;
    const slots = state.slotsWith(name);
    if (!fewest || slots.length < fewest.length) fewest = slots;
  }
  return fewest;
}

type Ignores = (resource: string) => boolean;

function ignoring({
  ignoredResources = [],
  ignoredResourceGroups = [],
}: NodeResourcesFitArgs): Ignores {
  if (ignoredResources.length === 0 && ignoredResourceGroups.length === 0) return () => false;
  return (name) =>
    isExtendedResource(name) &&
    (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.split('/')[0]!));
}

/** The quick answer for the usual case; `shortages` gives the numbers. */
function fits({ requests }: Requirements, node: NodeInfo, ignores: Ignores): boolean {
  const { allocatable, podsMax } = node.facts!;
  if (node.pods.length + 1 > podsMax) return false;
  const { milliCpu, memory, ephemeralStorage, scalars } = requests;
  if (milliCpu > 0 && milliCpu > allocatable.milliCpu - node.milliCpu) return false;
  if (memory > 0 && memory > allocatable.memory - node.memory) return false;
  if (
    ephemeralStorage > 0 &&
    ephemeralStorage > allocatable.ephemeralStorage - node.ephemeralStorage
  )
    return false;
  if (!scalars) return true;
  for (const [name, amount] of scalars) {
    if (amount === 0 || ignores(name)) continue;
    const free = (allocatable.scalars?.get(name) ?? 0) - (node.scalars?.get(name) ?? 0);
    if (amount > free) return false;
  }
  return true;
}

/** All resources of which the node has too little for the pod, with the numbers. */
export function shortages(
  { requests }: Requirements,
  node: NodeInfo,
  ignores: Ignores = () => false,
): Shortage[] {
  const { allocatable, podsMax } = node.facts!;
  const found: Shortage[] = [];
  const check = (resource: string, asks: number, used: number, all: number): void => {
    if (asks > 0 && asks > all - used) found.push({ resource, asks, used, allocatable: all });
  };
  check('pods', 1, node.pods.length, podsMax);
  check('cpu', requests.milliCpu, node.milliCpu, allocatable.milliCpu);
  check('memory', requests.memory, node.memory, allocatable.memory);
  check(
    'ephemeral-storage',
    requests.ephemeralStorage,
    node.ephemeralStorage,
    allocatable.ephemeralStorage,
  );
  for (const [name, asks] of requests.scalars ?? [])
    if (!ignores(name))
      check(name, asks, node.scalars?.get(name) ?? 0, allocatable.scalars?.get(name) ?? 0);
  return found;
}

/** Whether the node, as full as it is, could take the pod. */
function couldHold(node: NodeInfo, { requirements }: PodShape): boolean {
  return node.facts === undefined || shortages(requirements, node).length === 0;
}

/** Whether the pod that went held anything that this one asks for: its place counts too. */
function frees(gone: PodShape, pod: PodShape): boolean {
  const freed = gone.requirements.requests;
  const asked = pod.requirements.requests;
  return overlaps(freed, asked) || isNothing(asked);
}

function overlaps(freed: ResourceAmounts, asked: ResourceAmounts): boolean {
  if (freed.milliCpu > 0 && asked.milliCpu > 0) return true;
  if (freed.memory > 0 && asked.memory > 0) return true;
  if (freed.ephemeralStorage > 0 && asked.ephemeralStorage > 0) return true;
  for (const name of asked.scalars?.keys() ?? []) if (freed.scalars?.has(name)) return true;
  return false;
}

function isNothing({ milliCpu, memory, ephemeralStorage, scalars }: ResourceAmounts): boolean {
  return milliCpu === 0 && memory === 0 && ephemeralStorage === 0 && !scalars;
}
