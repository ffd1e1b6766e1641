import type { AffinityTerm, PodAffinityTerms } from '../affinity-terms.ts';
import type { CarriedTerm } from '../carried-terms.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { DomainTally } from '../domain-tally.ts';
import {
  type ClusterEvent,
  type ClusterPlugin,
  clusterEvents,
  type Rejection,
  type SlotFilter,
  type SlotScorer,
} from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodGroup } from '../pod-counts.ts';
import type { PodShape } from '../pod-shape.ts';

const NAME = 'InterPodAffinity';

const AFFINITY: Rejection = {
  plugin: NAME,
  code: 'UnschedulableAndUnresolvable',
  reasons: ["node(s) didn't match pod affinity rules"],
};
const ANTI_AFFINITY: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ["node(s) didn't match pod anti-affinity rules"],
};
const EXISTING_ANTI_AFFINITY: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
};

export interface InterPodAffinityArgs {
  /** How much a required term of a pod on a node counts for the pods that it selects. */
  readonly hardPodAffinityWeight?: number;
  /** Pods without preferences of their own are then not scored at all. */
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}

/** The pod's own terms, tied to the counts of the pods that they select. */
interface Plan {
  readonly epoch: object;
  /** One tally a required term, each of the pods that all required terms select. */
  readonly required: readonly DomainTally[];
  /** The pod would itself be such a pod: the first of a group needs no other. */
  readonly selectsItself: boolean;
  readonly requiredAnti: readonly DomainTally[];
  readonly preferred: readonly { readonly tally: DomainTally; readonly weight: number }[];
}

/**
 * Places pods by the pods that are there already: near those that its terms ask for, away from those that it, or they, do
 * not want beside them. Counts are kept by what changes, so that a node is judged by a few look-ups.
 */
export function interPodAffinity(args: InterPodAffinityArgs = {}): ClusterPlugin {
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = args;
  const memo = new WeakMap<PodShape, Plan>();
  const planFor = (shape: PodShape, state: ClusterState): Plan | undefined => {
    if (!shape.affinity) return undefined;
    const known = memo.get(shape);
    if (known?.epoch === state.affinity.epoch) return known;
    const made = plan(shape, shape.affinity, state);
    memo.set(shape, made);
    return made;
  };
  return {
    kind: 'cluster',
    name: NAME,
    events:
      clusterEvents.podAssigned |
      clusterEvents.podDeleted |
      clusterEvents.podLabels |
      clusterEvents.nodeAdded |
      clusterEvents.nodeLabels |
      clusterEvents.namespaceLabels |
      clusterEvents.ownUpdate,
    isWorthRetry,
    preFilter(shape, state) {
      if (shape.affinity?.invalid)
        return {
          plugin: NAME,
          code: 'UnschedulableAndUnresolvable',
          reasons: [shape.affinity.invalid],
        };
      return filter(planFor(shape, state), refusing(shape, state));
    },
    preScore(shape, state) {
      const own = planFor(shape, state)?.preferred ?? [];
      if (own.length === 0 && ignorePreferredTermsOfExistingPods) return undefined;
      const theirs = state.carried
        .selecting(shape)
        .filter(({ role, total }) => role !== 'requiredAnti' && total > 0)
        .map((carried) => ({
          carried,
          weight: carried.role === 'required' ? hardPodAffinityWeight : carried.weight,
        }))
        .filter(({ weight }) => weight !== 0);
      const counted = own.filter(({ tally }) => tally.total > 0);
      return counted.length + theirs.length === 0 ? undefined : scorer(counted, theirs);
    },
  };
}

function plan(
  shape: PodShape,
  { required, requiredAnti, preferred }: PodAffinityTerms,
  state: ClusterState,
): Plan {
  const labelsOf = state.namespaceLabels;
  const all: PodGroup = groupOf(required, state);
  return {
    epoch: state.affinity.epoch,
    required: required.map(({ topologyKey }) => tallyOf(all, topologyKey, state)),
    selectsItself: required.every((term) => term.matches(shape, labelsOf)),
    requiredAnti: requiredAnti.map((term) =>
      tallyOf(groupOf([term], state), term.topologyKey, state),
    ),
    preferred: preferred.map(({ term, weight }) => ({
      weight,
      tally: tallyOf(groupOf([term], state), term.topologyKey, state),
    })),
  };
}

/** The pods that all the terms select. */
function groupOf(terms: readonly AffinityTerm[], state: ClusterState): PodGroup {
  const namespaces = new Set(terms.map(({ namespace }) => namespace));
  return {
    key: JSON.stringify(terms.map(({ podsKey }) => podsKey)),
    namespace: namespaces.size === 1 ? [...namespaces][0] : undefined,
    readsNamespaces: terms.some((term) => term.readsNamespaces),
    matches: (shape) => terms.every((term) => term.matches(shape, state.namespaceLabels)),
  };
}

function tallyOf(group: PodGroup, topologyKey: string, state: ClusterState): DomainTally {
  return state.affinity.tally(group, topologyKey, (slot) => {
    const facts = state.at(slot)?.facts;
    return facts && { value: facts.labels[topologyKey], eligible: topologyKey in facts.labels };
  });
}

/** Anti-affinity against this pod. A term that no pod carries now may come with a nominated one. */
function refusing(shape: PodShape, state: ClusterState): readonly CarriedTerm[] {
  return state.carried.selecting(shape).filter(({ role }) => role === 'requiredAnti');
}

function filter(own: Plan | undefined, theirs: readonly CarriedTerm[]): SlotFilter | undefined {
  const needs = own !== undefined && own.required.length > 0;
  const avoids = own !== undefined && own.requiredAnti.length > 0;
  if (!needs && !avoids && theirs.every(({ total }) => total === 0)) return undefined;
  return (slot) => {
    if (needs && !isNear(own, slot)) return AFFINITY;
    if (avoids && own.requiredAnti.some((tally) => countAt(tally, slot) > 0)) return ANTI_AFFINITY;
    for (const each of theirs) if (each.countAt(slot) > 0) return EXISTING_ANTI_AFFINITY;
    return undefined;
  };
}

function isNear({ required, selectsItself }: Plan, slot: number): boolean {
  let found = true;
  for (const tally of required) {
    if (!tally.hasLabel(slot)) return false;
    if (tally.countIn(tally.domainOf(slot)) <= 0) found = false;
  }
  return found || (selectsItself && required.every(({ total }) => total === 0));
}

function countAt(tally: DomainTally, slot: number): number {
  return tally.hasLabel(slot) ? tally.countIn(tally.domainOf(slot)) : 0;
}

/** A pod in the node's domains that this one keeps away from, or that keeps it away; undefined when there is none. */
export function affinityCulprit(
  shape: PodShape,
  node: NodeInfo,
  state: ClusterState,
): string | undefined {
  const labels = node.facts?.labels ?? {};
  const labelsOf = state.namespaceLabels;
  for (const slot of [node.slot, ...state.order()]) {
    const other = state.at(slot)!;
    const isShared = ({ topologyKey }: AffinityTerm): boolean =>
      topologyKey in labels && other.facts!.labels[topologyKey] === labels[topologyKey];
    const found = other.pods.find(
      (record) =>
        shape.affinity?.requiredAnti.some(
          (term) => isShared(term) && term.matches(record.shape, labelsOf),
        ) ||
        record.shape.affinity?.requiredAnti.some(
          (term) => isShared(term) && term.matches(shape, labelsOf),
        ),
    );
    if (found) return found.key;
  }
  return undefined;
}

/** The sum of weights over the pods in the node's domains, stretched so that the least is 0 and the most 100. */
function scorer(
  own: Plan['preferred'],
  theirs: readonly { readonly carried: CarriedTerm; readonly weight: number }[],
): SlotScorer {
  return (feasible, count, scores) => {
    let least = Number.MAX_SAFE_INTEGER;
    let most = -Number.MAX_SAFE_INTEGER;
    for (let i = 0; i < count; i++) {
      const slot = feasible[i]!;
      let score = 0;
      for (const { tally, weight } of own) score += weight * countAt(tally, slot);
      for (const { carried, weight } of theirs) score += weight * carried.countAt(slot);
      if (score < least) least = score;
      if (score > most) most = score;
      scores[i] = score;
    }
    const range = most - least;
    for (let i = 0; i < count; i++)
      scores[i] = range > 0 ? Math.trunc((100 * (scores[i]! - least)) / range) : 0;
  };
}

/** Whether a pod that came, went or changed, or a node, concerns the pod's terms or has terms about it. */
function isWorthRetry(
  shape: PodShape,
  { kinds, node, pod, previousPod, namespaceLabels }: ClusterEvent,
): boolean {
  const terms = shape.affinity;
  const labelsOf = namespaceLabels ?? (() => ({}));
  if (node) {
    if (!terms) return true;
    const labels = node.facts?.labels ?? {};
    return terms.required.every(({ topologyKey }) => topologyKey in labels);
  }
  if (!pod) return true;
  const selects = (term: AffinityTerm): boolean =>
    term.matches(pod, labelsOf) || Boolean(previousPod && term.matches(previousPod, labelsOf));
  const comes = (kinds & (clusterEvents.podAssigned | clusterEvents.podLabels)) !== 0;
  const goes = (kinds & (clusterEvents.podDeleted | clusterEvents.podLabels)) !== 0;
  if (comes && terms?.required.some(selects)) return true;
  if (!goes) return false;
  if (terms?.requiredAnti.some(selects)) return true;
  const theirs = [pod, previousPod].flatMap((each) => each?.affinity?.requiredAnti ?? []);
  return theirs.some((term) => term.matches(shape, labelsOf));
}
