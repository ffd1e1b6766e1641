/**
 * DefaultPreemption: makes room for a pod that no node takes by removing pods of lower priority.
 *
 * `evaluatePreemption` decides, by trying nodes in a `WhatIf`, and changes nothing; `postFilter` puts its answer into the
 * words of the pod's condition; `preemptVictims` does what was decided, through the client.
 *
 * Left out: waiting pods (nothing here waits at Permit) and extenders.
 */
export {
  type DisruptionBudget,
  type DisruptionBudgetObject,
  disruptionBudget,
} from './budgets.ts';
export {
  candidatesWanted,
  type DefaultPreemptionArgs,
  dryRun,
  evaluatePreemption,
  whyIneligible,
} from './evaluate.ts';
export { preemptVictims } from './perform.ts';
export { postFilter } from './post-filter.ts';
export { selectCandidate } from './select.ts';
export type { Candidate } from './victims.ts';
