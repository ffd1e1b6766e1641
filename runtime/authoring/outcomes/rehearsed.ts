import { humanDuration } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import type { OutcomeSources } from './origin.ts';
import { type Known, outcomes } from './outcomes.ts';

/**
 * Outcomes of a rehearsal, as warnings, since nothing of it has happened. `cutShortMs` is the virtual time after which it was ended
 * with work left: that is said first, and nothing of objects that just are on their way.
 */
export function rehearsedOutcomes(
  sources: OutcomeSources,
  known: Known,
  cutShortMs?: number,
): Finding[] {
  const all = outcomes(sources, known).map((each): Finding => ({ ...each, severity: 'warning' }));
  if (cutShortMs === undefined) return all;
  const message = `the rehearsal was cut short after ${humanDuration(cutShortMs)} of virtual time, as the folder is large; what is told is how it stood then`;
  const said = finding('E_OUTCOME_CUT_SHORT', message, { severity: 'warning' });
  return [said, ...all.filter(({ code }) => code !== 'E_OUTCOME_WAITING')];
}
