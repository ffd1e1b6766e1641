import { type Finding, outcomes, rehearsedOutcomes } from '../authoring/index.ts';
import { limits } from '../base/index.ts';
import type { Progress, SchedulingExplanation } from '../client/index.ts';
import { explainUnscheduled, rehearse } from '../cluster/index.ts';
import type { Converging } from './applied.ts';
import { sourcesOf } from './session.ts';

type Standing = Pick<Converging, 'cluster' | 'session'>;

export interface Judgement {
  readonly behind: readonly Progress[];
  readonly scheduling: readonly SchedulingExplanation[];
  /** What came out otherwise than the manifests want, at the lines that cause it. */
  readonly findings: readonly Finding[];
}

/** How a folder stands that has been brought into a cluster and converged. */
export function judge(converging: Standing): Judgement {
  const known = standing(converging);
  return { ...known, findings: outcomes(sources(converging), known) };
}

/**
 * Converges a folder's cluster, which is thrown away afterwards, as far as `workMax` goes: what will not come out as the manifests
 * want, as warnings.
 */
export async function foresee(
  converging: Standing,
  workMax: number = limits.rehearsalWork,
): Promise<readonly Finding[]> {
  const { cutShort, virtualMs } = await rehearse(converging.cluster, workMax);
  const known = standing(converging);
  return rehearsedOutcomes(sources(converging), known, cutShort ? virtualMs : undefined);
}

function standing({ cluster }: Standing): Omit<Judgement, 'findings'> {
  const behind = cluster.progress().filter(({ atGoal }) => !atGoal);
  return { behind, scheduling: explainUnscheduled(cluster) };
}

function sources({ cluster, session }: Standing) {
  return sourcesOf(cluster, session.author);
}
