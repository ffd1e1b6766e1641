/**
 * What must hold after every write, whatever goes wrong.
 *
 * Each rule is one file in `rules/`. An `InvariantChecker` shows them every change in the moment of its commit, before anybody acts on it;
 * a rule that is broken says which object, and the journal says with which record and under which fault.
 *
 * Invariant: a check costs what the change costs, not what the cluster does; and it changes nothing: a run with the checker has the journal
 * of one without.
 *
 * On for tests and storms of faults that ask for it (`invariants: true`). Left out: what holds only in the end, such as that everything
 * converges.
 */
export { InvariantChecker, type Violation } from './checker.ts';
export { RULES } from './table.ts';
