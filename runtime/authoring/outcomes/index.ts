/**
 * What became of what manifests say: pods that no node takes, that a quota or another rule of the server refuses, or whose
 * containers do not run; budgets that let nobody evict; and whatever else is not at its goal. Each is a finding at the line and
 * column of the value that caused it.
 *
 * Invariant: read-only and worked out when asked; a finding without a manifest behind it has no place, but is told all the
 * same. A running object leads back to its manifest over its controllers, and a field of its pods to the template that the
 * manifest gives.
 *
 * Who may call: the composition root of commands and screen. Left out: refusals of a save, which are findings of the save.
 */
export { findingForEviction } from './budgets.ts';
export type { OutcomeSources } from './origin.ts';
export { type Known, outcomes } from './outcomes.ts';
export { rehearsedOutcomes } from './rehearsed.ts';
