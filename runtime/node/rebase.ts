import { jsonEqual } from '../meta/index.ts';
import type { ContainerRecord, Reporting } from './container-record.ts';
import { shifted, telling } from './spell.ts';
import type { Moment, Run } from './timeline.ts';

/**
 * A running container continued by another course, because its behaviour was edited: what that course says of the past
 * counts, quietly, up to an end that it puts there, which then happens now.
 */
export function rebase(record: ContainerRecord, run: Run, nowMs: number): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running' || stage.run === run) return record;
  if (jsonEqual(stage.run.moments, run.moments)) return record;
  let step = 0;
  let { started } = stage;
  let ready = false;
  let hidden = stage.hidden ?? false;
  for (const moment of run.moments) {
    if (stage.sinceMs + moment.atMs > nowMs) break;
    if (moment.kind === 'exit' || moment.kind === 'kill') break;
    if (moment.kind === 'postStart') {
      if (moment.failure !== undefined) break;
      hidden = false;
    }
    if (moment.kind === 'started') started = true;
    if (moment.kind === 'ready') ready = moment.ready;
    step++;
  }
  const { hidden: _, reporting: __, ...shown } = stage;
  const going = reportingOf(run.moments.slice(0, step), stage.sinceMs, nowMs);
  const reporting = going.length > 0 ? { reporting: going } : {};
  const next = { ...shown, run, step, started, ready, ...reporting };
  return { ...record, stage: hidden ? { ...next, hidden: true } : next };
}

/** What probes have found before and go on finding. */
function reportingOf(past: readonly Moment[], sinceMs: number, nowMs: number): Reporting[] {
  return past.flatMap((report): readonly Reporting[] => {
    if (report.kind !== 'report') return [];
    const next = telling(shifted(report.spell, sinceMs), nowMs, nowMs);
    return next ? [{ ...next, report }] : [];
  });
}
