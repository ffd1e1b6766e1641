/**
 * What the programs of a pod do: a pure function of the pod and of its history.
 *
 * `World` holds processes and files at a moment, `Replay` takes it from the beginning of the pod through all that the history says, and
 * on into the future until nothing changes any more by itself, or until enough has been followed. Processes are coroutines that live no
 * longer than a replay: what is kept between two looks is the history alone, which is data and can be forked.
 *
 * Invariant: the same pod and history have the same outcome, and a history with more at its end has the same past. A program that
 * does too much at once is taken to be busy for ever. Left out: processor time of programs, which is none.
 */
export { runKey } from './callers.ts';
export type { Finding } from './probing.ts';
export {
  type CommandOutcome,
  type OpenCall,
  type Outcome,
  type ProbeKind,
  Replay,
  type RunOutcome,
  type ServedCall,
} from './replay.ts';
