/**
 * Storms: a small cluster under a random schedule of faults, which has to end where it ends without them.
 *
 * `randomFaults` draws a schedule from a seed, `weather` plays it with every invariant checked after every write, and `shrink` leaves out of
 * a schedule that fails what is not needed for it. A failure is printed as a command that plays it again.
 *
 * Invariant: the same seed and schedule play the same storm, to the byte of the journal.
 *
 * Left out: faults that never end. After those a cluster may rightly be another.
 */
export { randomFaults } from './random-faults.ts';
export { type Reckoning, reckoning } from './reckoning.ts';
export { shrink } from './shrink.ts';
export { commandOf, type Outcome, weather } from './weather.ts';
