import type { Progress } from '../client/index.ts';
import { columns } from './columns.ts';
import { durationText } from './duration-text.ts';

/** How a run ended. */
export interface Outcome {
  readonly converged: boolean;
  readonly journalHash: string;
  readonly seed: number;
  readonly virtualMs: number;
  readonly wallMs: number;
}

/** A row for each object that has a goal: what it wants, what it has, and what it waits for. */
export function progressTable(progress: readonly Progress[]): string {
  const rows = progress.map(({ kind, namespace, name, want, have, atGoal, waitingFor }) => [
    kind,
    namespace ?? '',
    name,
    want === undefined ? '' : String(want),
    have === undefined ? '' : String(have),
    atGoal ? 'ok' : `waiting: ${waitingFor ?? 'not at its goal'}`,
  ]);
  return columns(['KIND', 'NAMESPACE', 'NAME', 'WANT', 'HAVE', 'STATE'], rows);
}

export function outcomeText(outcome: Outcome, objects: number, behind: number): string {
  const { converged, virtualMs, wallMs, seed, journalHash } = outcome;
  const verdict = converged
    ? 'converged'
    : `not converged: ${behind} objects are not at their goal`;
  const took = `${durationText(virtualMs)} of virtual time in ${durationText(wallMs)}`;
  return `${verdict} after ${took}, ${objects} objects\njournal ${journalHash}   seed ${seed}\n`;
}

/** `Pod/shop/web-6c5-x`, the object as JSON output names it. */
export function objectName({ kind, namespace, name }: Progress): string {
  return [kind, namespace, name].filter(Boolean).join('/');
}
