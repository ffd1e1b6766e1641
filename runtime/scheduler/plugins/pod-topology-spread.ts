import type { TopologySpreadConstraint } from '../../../generated/core/v1/types.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { DefaultSelectors } from '../default-selector.ts';
import {
  type ClusterEvent,
  type ClusterPlugin,
  clusterEvents,
  type Rejection,
  type SlotScorer,
} from '../framework.ts';
import type { PodShape } from '../pod-shape.ts';
import { compileLabelSelector, type PodSelector } from '../selectors.ts';
import { HOSTNAME, type SpreadConstraint, type SpreadPlan, spreadPlan } from './spread-plan.ts';

const NAME = 'PodTopologySpread';

export interface PodTopologySpreadArgs {
  readonly defaultingType?: 'System' | 'List';
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
}

const SYSTEM_DEFAULTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: HOSTNAME, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

const SKEWED: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ["node(s) didn't match pod topology spread constraints"],
};
const UNLABELLED: Rejection = {
  plugin: NAME,
  code: 'UnschedulableAndUnresolvable',
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
};

interface Plans {
  readonly epoch: object;
  readonly selector: PodSelector | undefined;
  readonly hard: SpreadPlan | undefined;
  readonly soft: SpreadPlan | undefined;
}

/**
 * Spreads matching pods over the values of a node label. Hard constraints refuse nodes whose value would get more than
 * maxSkew pods above the least; soft ones score. Pods without constraints get the defaults of the cluster.
 */
export function podTopologySpread(
  args: PodTopologySpreadArgs,
  selectors: DefaultSelectors,
): ClusterPlugin {
  const system = args.defaultingType !== 'List';
  const defaults = system ? SYSTEM_DEFAULTS : (args.defaultConstraints ?? []);
  const memo = new WeakMap<PodShape, Plans>();

  const plansFor = (shape: PodShape, state: ClusterState): Plans => {
    const own = shape.spreadConstraints.length > 0;
    const selector = own || defaults.length === 0 ? undefined : selectors.get(shape);
    const known = memo.get(shape);
    if (known && known.epoch === state.spread.epoch && known.selector === selector) return known;
    const constraints = own ? shape.spreadConstraints : selector ? defaults : [];
    const plan = (when: string, requireAll: boolean): SpreadPlan | undefined => {
      const chosen = constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
      if (chosen.length === 0) return undefined;
      return spreadPlan(shape, chosen, state, { requireAll, ...(selector ? { selector } : {}) });
    };
    const hard = plan('DoNotSchedule', true);
    const soft = plan('ScheduleAnyway', own || !system);
    const plans = { epoch: state.spread.epoch, selector, hard, soft };
    memo.set(shape, plans);
    return plans;
  };

  return {
    kind: 'cluster',
    name: NAME,
    events:
      clusterEvents.podAssigned |
      clusterEvents.podDeleted |
      clusterEvents.podLabels |
      clusterEvents.nodeAdded |
      clusterEvents.nodeDeleted |
      clusterEvents.nodeLabels |
      clusterEvents.nodeTaints |
      clusterEvents.ownUpdate,
    isWorthRetry: (shape, event) => concerns(shape, event, defaults),
    preFilter(shape, state) {
      const { hard } = plansFor(shape, state);
      return hard && ((slot) => check(hard.constraints, slot));
    },
    preScore(shape, state, feasible, count) {
      const { soft } = plansFor(shape, state);
      return soft && scorer(soft, feasible, count);
    },
  };
}

function check(constraints: readonly SpreadConstraint[], slot: number): Rejection | undefined {
  for (const { tally, maxSkew, minDomains, self } of constraints) {
    if (!tally.hasLabel(slot)) return UNLABELLED;
    const least = tally.domains < minDomains ? 0 : tally.least;
    if (tally.countIn(tally.domainOf(slot)) + self - least > maxSkew) return SKEWED;
  }
  return undefined;
}

/** Domains weigh by the logarithm of their number, so that few big ones do not drown many small ones. */
function scorer(plan: SpreadPlan, feasible: Int32Array, count: number): SlotScorer {
  const { constraints } = plan;
  const ignored = new Uint8Array(count);
  let scored = count;
  if (plan.requireAll) {
    for (let i = 0; i < count; i++) {
      if (constraints.every(({ tally }) => tally.hasLabel(feasible[i]!))) continue;
      ignored[i] = 1;
      scored--;
    }
  }
  const weights = constraints.map((constraint) => {
    const size =
      constraint.topologyKey === HOSTNAME
        ? scored
        : domainsAmong(constraint, feasible, count, ignored);
    return Math.log(size + 2);
  });
  return (slots, length, scores) => {
    for (let i = 0; i < length; i++)
      scores[i] = ignored[i] ? -1 : rawScore(constraints, weights, slots[i]!);
    normalize(scores, length);
  };
}

function domainsAmong(
  { tally }: SpreadConstraint,
  feasible: Int32Array,
  count: number,
  ignored: Uint8Array,
): number {
  const seen = new Uint8Array(tally.topology.domainCount);
  let domains = 0;
  for (let i = 0; i < count; i++) {
    if (ignored[i]) continue;
    const domain = tally.domainOf(feasible[i]!);
    if (seen[domain]) continue;
    seen[domain] = 1;
    domains++;
  }
  return domains;
}

function rawScore(
  constraints: readonly SpreadConstraint[],
  weights: readonly number[],
  slot: number,
): number {
  let score = 0;
  for (let c = 0; c < constraints.length; c++) {
    const { tally, topologyKey, maxSkew } = constraints[c]!;
    if (!tally.hasLabel(slot)) continue;
    const pods =
      topologyKey === HOSTNAME ? tally.counter.at(slot) : tally.countIn(tally.domainOf(slot));
    score += pods * weights[c]! + (maxSkew - 1);
  }
  return Math.round(score);
}

/** Fewest pods score highest; -1 marks nodes that are not scored. */
function normalize(scores: Float64Array, count: number): void {
  let least = Number.MAX_SAFE_INTEGER;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const score = scores[i]!;
    if (score < 0) continue;
    if (score < least) least = score;
    if (score > most) most = score;
  }
  for (let i = 0; i < count; i++) {
    const score = scores[i]!;
    if (score < 0) scores[i] = 0;
    else scores[i] = most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most);
  }
}

function concerns(
  shape: PodShape,
  { node, pod, previousPod }: ClusterEvent,
  defaults: readonly TopologySpreadConstraint[],
): boolean {
  const own = shape.spreadConstraints;
  if (node) {
    const labels = node.facts?.labels ?? {};
    return (own.length > 0 ? own : defaults).every(
      ({ topologyKey }) => (topologyKey ?? '') in labels,
    );
  }
  if (!pod) return true;
  if (pod.namespace !== shape.namespace) return false;
  if (own.length === 0) return true;
  return own.some(({ labelSelector }) => {
    const selector = compileLabelSelector(labelSelector);
    return (
      selector.matches(pod.labels) || Boolean(previousPod && selector.matches(previousPod.labels))
    );
  });
}
