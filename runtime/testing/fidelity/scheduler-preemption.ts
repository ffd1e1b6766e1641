import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { Random } from '../../base/index.ts';
import {
  createView,
  type DisruptionBudgetObject,
  dryRunPreemption,
  type PreemptionCandidate,
  placementOf,
  postFilterReply,
  type RejectionCode,
  type SchedulingView,
  selectCandidate,
  whyNotPreempting,
} from '../../scheduler/index.ts';
import { type Mismatch, sameJson } from './report.ts';

interface Row {
  readonly id: string;
  readonly phase: 'postfilter' | 'select-candidate' | 'preempt' | 'eligible' | 'dry-run';
  readonly pluginArgs?: object;
  readonly pod: Pod | readonly Pod[];
  readonly nodes: readonly Node[];
  readonly existingPods: readonly Pod[];
  readonly objects?: readonly DisruptionBudgetObject[];
  /** What the filters said; nodes that are not there passed none. */
  readonly filteredNodesStatuses?: Readonly<Record<string, { readonly code: RejectionCode }>>;
  readonly expect: {
    readonly postFilter?: { readonly reasons?: readonly string[] };
    readonly candidateOneOf?: readonly string[];
    readonly nominatedNodeName?: string;
    readonly deletedPods?: readonly string[];
    readonly eligible?: boolean;
    readonly victimsPerTestPod?: readonly (readonly Victims[] | null)[];
  };
}

interface Victims {
  readonly name: string;
  readonly victims: { readonly NumPDBViolations: number; readonly Pods: readonly Pod[] };
}

/** What preemption decides in the small clusters of its tables. */
export function comparePreemption(row: Row): Mismatch | undefined {
  const { id, expect } = row;
  const view = viewOf(row);
  const [pod] = podsOf(row) as [Pod];
  const differ = (expected: unknown, actual: unknown): Mismatch | undefined =>
    sameJson(expected, actual) ? undefined : { id, expected, actual };
  switch (row.phase) {
    case 'eligible':
      return differ(expect.eligible, whyNotPreempting(pod, view) === undefined);
    case 'select-candidate': {
      const best = selectCandidate(dryRunPreemption(pod, view));
      const isIn = expect.candidateOneOf!.includes(best?.nodeName ?? '');
      return isIn ? undefined : { id, expected: expect.candidateOneOf, actual: best?.nodeName };
    }
    case 'dry-run':
      return compareDryRun(row, view);
    case 'preempt': {
      const { nominatedNodeName, victims } = place(pod, view);
      const wanted = [expect.nominatedNodeName, [...expect.deletedPods!].sort()];
      return differ(wanted, [nominatedNodeName, [...(victims ?? [])].sort()]);
    }
    case 'postfilter': {
      const codes = Object.entries(row.filteredNodesStatuses ?? {});
      const refused = Object.fromEntries(codes.map(([node, { code }]) => [node, code]));
      return differ(expect.postFilter?.reasons, [postFilterReply(pod, view, refused)]);
    }
  }
}

/** Where upstream begins among the nodes is random: one beginning of all must give what was recorded. */
function compareDryRun(row: Row, view: SchedulingView): Mismatch | undefined {
  const { victimsPerTestPod = [] } = row.expect;
  for (const [at, pod] of podsOf(row).entries()) {
    const expected = (victimsPerTestPod[at] ?? []).map(({ name, victims }) => [
      name,
      victims.NumPDBViolations,
      victims.Pods.map(({ metadata }) => metadata.name).sort(),
    ]);
    const found = row.nodes.map((_, offset) =>
      listed(dryRunPreemption(pod, view, { offset, args: row.pluginArgs ?? {} })),
    );
    const wanted = JSON.stringify(expected.sort());
    if (!found.some((each) => JSON.stringify(each.sort()) === wanted))
      return { id: row.id, expected, actual: found[0] };
  }
  return undefined;
}

function listed(candidates: readonly PreemptionCandidate[]): unknown[] {
  return candidates.map(({ nodeName, violations, victims }) => [
    nodeName,
    violations,
    victims.map(({ pod }) => pod.metadata?.name).sort(),
  ]);
}

function place(pod: Pod, view: SchedulingView) {
  return placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) });
}

function podsOf({ pod }: Row): readonly Pod[] {
  return Array.isArray(pod) ? (pod as readonly Pod[]) : [pod as Pod];
}

function viewOf({ nodes, existingPods, objects, pluginArgs }: Row): SchedulingView {
  const named = nodes.map((node) => ({ status: { allocatable: { pods: '32' } }, ...node }));
  return createView(
    { nodes: named as Node[], pods: existingPods, budgets: objects ?? [] },
    {
      kubernetesVersion: '1.28',
      profiles: [{ pluginConfig: [{ name: 'DefaultPreemption', args: pluginArgs ?? {} }] }],
    },
  );
}
