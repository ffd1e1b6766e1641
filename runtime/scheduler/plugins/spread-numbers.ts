import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape } from '../pod-shape.ts';
import { spreadPlan } from './spread-plan.ts';

/** Which of the pod's own hard constraints the node breaks, with the counts; undefined when none. */
export function spreadNumbers(
  shape: PodShape,
  node: NodeInfo,
  state: ClusterState,
): string | undefined {
  const hard = shape.spreadConstraints.filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  for (const constraint of spreadPlan(shape, hard, state, { requireAll: true }).constraints) {
    const { tally, topologyKey, maxSkew, minDomains, self } = constraint;
    if (!tally.hasLabel(node.slot)) return `has no label ${topologyKey}`;
    const least = tally.domains < minDomains ? 0 : tally.least;
    const pods = tally.countIn(tally.domainOf(node.slot)) + self;
    if (pods - least <= maxSkew) continue;
    const value = node.facts!.labels[topologyKey];
    return `${topologyKey}=${value} would have ${pods} matching pods, the least has ${least}, max skew ${maxSkew}`;
  }
  return undefined;
}
