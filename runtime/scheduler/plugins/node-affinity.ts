import type { NodeAffinity } from '../../../generated/core/v1/types.ts';
import { clusterEvents, type LocalPlugin, type Rejection } from '../framework.ts';
import { type WeightedMatcher, weighted } from '../pod-shape.ts';
import { compileNodeSelector, type NodeFields } from '../selectors.ts';

const NAME = 'NodeAffinity';

function refusal(reason: string): Rejection {
  return { plugin: NAME, code: 'UnschedulableAndUnresolvable', reasons: [reason] };
}

const REFUSED = refusal("node(s) didn't match Pod's node affinity/selector");
const REFUSED_BY_PROFILE = refusal("node(s) didn't match scheduler-enforced node affinity");
const CONFLICT = refusal('pod affinity terms conflict');

export interface NodeAffinityArgs {
  /** An affinity that the profile adds to every pod's own. */
  readonly addedAffinity?: NodeAffinity;
}

/** nodeSelector and node affinity: required terms filter, preferred terms score by the sum of their weights. */
export function nodeAffinity({ addedAffinity }: NodeAffinityArgs = {}): LocalPlugin {
  const required = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const added = required && compileNodeSelector(required);
  const addedPreferred = (addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
    weighted,
  );
  return {
    kind: 'local',
    name: NAME,
    events: clusterEvents.nodeAdded | clusterEvents.nodeLabels,
    isWorthRetry: ({ requirements: { nodeMatcher } }, { node }) =>
      !node?.facts || ((added?.(node.facts) ?? true) && (nodeMatcher?.(node.facts) ?? true)),
    preFilter({ nodeNames }) {
      if (!nodeNames) return undefined;
      return nodeNames.length === 0 ? CONFLICT : { names: nodeNames };
    },
    filter({ nodeMatcher }, { facts }) {
      if (added && !added(facts!)) return REFUSED_BY_PROFILE;
      return nodeMatcher && !nodeMatcher(facts!) ? REFUSED : undefined;
    },
    skipScore: ({ preferred }) => preferred.length === 0 && addedPreferred.length === 0,
    score: ({ preferred }, { facts }) =>
      weightOf(addedPreferred, facts!) + weightOf(preferred, facts!),
    normalize: 'proportional',
  };
}

function weightOf(terms: readonly WeightedMatcher[], node: NodeFields): number {
  let sum = 0;
  for (const { weight, matches } of terms) if (weight !== 0 && matches(node)) sum += weight;
  return sum;
}
