/**
 * What goes wrong in a cluster, as data.
 *
 * A fault is a `FaultSpec`, the `spec` of a Fault object: written on a command line (`zone=b@5m+10m`, see `text.ts`), given by a test or a
 * screen (`inject`), or exported from a manifest. Each sort is one file in `kinds/` and one row of `table.ts`: how it is written, and hooks
 * that say what it does. What befalls machines is put into the state of the simulated nodes; what hits requests and watches stands in the
 * `Gate` between components and the server.
 *
 * Invariants: a fault's randomness is a stream of its own, so that one fault more or less changes no other. Its beginning and end are
 * timers of the loop and its state is values: it survives forks and rewinds. Beginning, end and every strike are in the journal,
 * and what they lead to names them as its cause.
 *
 * Left out: what a fault's consequences are. That is up to those whom it hits.
 */
export { Faults, type Surroundings } from './faults.ts';
export { FaultError } from './form.ts';
export type { FaultsState } from './state.ts';
export { FAULT_KINDS } from './table.ts';
export { faultText, parseFault } from './text.ts';
