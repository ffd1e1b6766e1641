import type { Random } from '../../base/index.ts';
import type { Cycle } from '../cycle.ts';
import type { Diagnosis } from '../framework.ts';
import type { DisruptionBudget } from './budgets.ts';
import { evaluatePreemption } from './evaluate.ts';
import type { Candidate } from './victims.ts';

const NO_CLAIMS = 'no new claims to deallocate';

export interface PostFilterResult {
  /** Where room will be made; undefined when nowhere. */
  readonly candidate?: Candidate;
  /** What the PostFilter plugins say when none of them helped; undefined when one did, or there are none. */
  readonly reply?: string;
  /** The pod gives up the node that it was nominated for. */
  readonly clearsNomination: boolean;
}

/** Runs PostFilter for a pod that no node takes: first the part about resource claims, then preemption. */
export function postFilter(
  { cycle, diagnosis }: { readonly cycle: Cycle; readonly diagnosis: Diagnosis },
  options: { readonly budgets: readonly DisruptionBudget[]; readonly random: Random },
): PostFilterResult {
  const { preemption, mentionsClaims } = cycle.profile;
  const replies = mentionsClaims ? [NO_CLAIMS] : [];
  if (!preemption)
    return { clearsNomination: false, ...(mentionsClaims ? { reply: NO_CLAIMS } : {}) };
  const outcome = evaluatePreemption(cycle, diagnosis, { ...options, args: preemption });
  if ('candidate' in outcome) return { candidate: outcome.candidate, clearsNomination: false };
  replies.push(`preemption: ${outcome.message}`);
  return { reply: replies.join(', '), clearsNomination: !outcome.keepsNomination };
}
