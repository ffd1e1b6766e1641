import type { TopologySpreadConstraint } from '../../../generated/core/v1/types.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { DomainTally, Membership } from '../domain-tally.ts';
import type { PodGroup } from '../pod-counts.ts';
import type { PodShape } from '../pod-shape.ts';
import {
  compileLabelSelector,
  type Labels,
  labelsToRequirements,
  type PodSelector,
  selectorOf,
} from '../selectors.ts';
import { firstUntolerated } from '../tolerations.ts';

export const HOSTNAME = 'kubernetes.io/hostname';

/** A constraint ready to be asked: its counts are kept by the state. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** 1 when the pod itself matches the selector, else 0. */
  readonly self: 0 | 1;
  readonly selector: PodSelector;
  readonly tally: DomainTally;
}

/** A pod's constraints of one kind, hard or soft. */
export interface SpreadPlan {
  readonly constraints: readonly SpreadConstraint[];
  /** Nodes must have the labels of all constraints to count and to be scored. */
  readonly requireAll: boolean;
}

/** Compiles constraints of one `whenUnsatisfiable` and ties them to the counts in `state`. */
export function spreadPlan(
  shape: PodShape,
  constraints: readonly TopologySpreadConstraint[],
  state: ClusterState,
  options: { readonly requireAll: boolean; readonly selector?: PodSelector },
): SpreadPlan {
  const keys = constraints.map(({ topologyKey }) => topologyKey ?? '');
  return {
    requireAll: options.requireAll,
    constraints: constraints.map((constraint) => {
      const selector = options.selector ?? selectorFor(constraint, shape.labels);
      return {
        topologyKey: constraint.topologyKey ?? '',
        maxSkew: constraint.maxSkew ?? 1,
        minDomains: constraint.minDomains ?? 1,
        self: selector.matches(shape.labels) ? 1 : 0,
        selector,
        tally: tallyFor(shape, constraint, selector, options.requireAll ? keys : [], state),
      };
    }),
  };
}

/** The constraint's selector; `matchLabelKeys` narrow it to the pod's own values of those labels. */
function selectorFor(constraint: TopologySpreadConstraint, labels: Labels): PodSelector {
  const own: Record<string, string> = {};
  for (const key of (constraint.matchLabelKeys ?? []) as readonly string[])
    if (key in labels) own[key] = labels[key]!;
  const base = compileLabelSelector(constraint.labelSelector);
  if (Object.keys(own).length === 0 || !constraint.labelSelector) return base;
  const narrower = selectorOf(labelsToRequirements(own));
  return {
    matches: (candidate) => base.matches(candidate) && narrower.matches(candidate),
    empty: false,
    key: `${base.key}&${narrower.key}`,
    pair: base.pair ?? narrower.pair,
  };
}

function tallyFor(
  { namespace, requirements }: PodShape,
  constraint: TopologySpreadConstraint,
  selector: PodSelector,
  requiredKeys: readonly string[],
  state: ClusterState,
): DomainTally {
  const topologyKey = constraint.topologyKey ?? '';
  const matcher = constraint.nodeAffinityPolicy === 'Ignore' ? undefined : requirements.nodeMatcher;
  const honorsTaints = constraint.nodeTaintsPolicy === 'Honor';
  const judgedBy = matcher || honorsTaints ? requirements.key : '';
  const key = JSON.stringify([topologyKey, requiredKeys, Boolean(matcher), honorsTaints, judgedBy]);
  return state.spread.tally(groupOf(namespace, selector), key, (slot): Membership | undefined => {
    const facts = state.at(slot)?.facts;
    if (!facts) return undefined;
    return {
      value: facts.labels[topologyKey],
      eligible:
        requiredKeys.every((required) => required in facts.labels) &&
        (!matcher || matcher(facts)) &&
        (!honorsTaints || !firstUntolerated(facts.hardTaints, requirements.tolerations)),
    };
  });
}

/** A selector that states nothing groups no pods: spreading counts none by it. */
function groupOf(namespace: string, selector: PodSelector): PodGroup {
  return {
    key: `${namespace}\0${selector.key}`,
    namespace,
    pair: selector.pair,
    matches: ({ labels }) => !selector.empty && selector.matches(labels),
  };
}
