import type { Pod } from '../../../generated/core/v1/types.ts';
import { distance, podsToPreempt, type Requirement, remaining } from '../../node/eviction/index.ts';
import type { Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

interface Written {
  readonly resourceName: string;
  readonly quantity: number;
}

const requirements = (written: readonly Written[]): Requirement[] =>
  written.map(({ resourceName: resource, quantity: amount }) => ({ resource, amount }));

const names = (pods: readonly Pod[] | null | undefined): string[] =>
  (pods ?? []).map(({ metadata }) => metadata.generateName ?? '').sort();

/** A pod without a name, kept whole: specs tell rows apart, uids are not needed. */
export async function playPreemption(dir: string, tally: Tally): Promise<void> {
  type Distance = { inputPod: Pod; requirements: Written[]; expectedOutput: number };
  for (const { id, case: row } of await rowsOf<Distance>(
    dir,
    'preemption__TestAdmissionRequirementsDistance',
  ))
    tally.equal(id, row.expectedOutput, distance(requirements(row.requirements), row.inputPod));
  type Subtract = { inputPod: Pod; initial: Written[]; expectedOutput: Written[] };
  for (const { id, case: row } of await rowsOf<Subtract>(
    dir,
    'preemption__TestAdmissionRequirementsSubtract',
  ))
    tally.equal(
      id,
      requirements(row.expectedOutput),
      remaining(requirements(row.initial), [row.inputPod]),
    );
  await playChoice(dir, tally);
}

interface Choice {
  readonly preemptor?: Pod;
  readonly inputPods: readonly Pod[];
  readonly insufficientResources: readonly Written[];
  readonly expectErr: boolean;
  readonly expectedOutput: readonly Pod[] | null;
}

async function playChoice(dir: string, tally: Tally): Promise<void> {
  for (const file of [
    'preemption__TestGetPodsToPreempt',
    'preemption__TestEvictPodsToFreeRequests',
  ])
    for (const { id, case: row } of await rowsOf<Choice>(dir, file)) {
      const preemptor = row.preemptor ?? row.inputPods[0]!;
      const chosen = podsToPreempt(
        preemptor,
        row.inputPods,
        requirements(row.insufficientResources),
      );
      if (row.expectErr) tally.equal(id, 'none', chosen ? names(chosen) : 'none');
      else tally.equal(id, names(row.expectedOutput), chosen ? names(chosen) : 'none');
    }
  // preemption__TestEvictPodsToFreeRequestsWithError is of a runtime that fails to kill: it only says that the choice
  // above is logged and not reported as done. No kill of ours can fail, so there is nothing to play.
}
