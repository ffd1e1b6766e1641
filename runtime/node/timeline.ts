import type { Probe } from '../../generated/core/v1/types.ts';
import type { HookCourse } from './hooks.ts';
import {
  type Flip,
  overlaid,
  probeCourse,
  type Report,
  type Signal,
  type SignalPiece,
} from './probe-timeline.ts';
import { clipped, restOf, type Spell } from './spell.ts';

/** Something that happens to a running container, `atMs` after its start. */
export type Moment =
  | { readonly atMs: number; readonly kind: 'started' }
  | { readonly atMs: number; readonly kind: 'ready'; readonly ready: boolean }
  | {
      readonly atMs: number;
      readonly kind: 'report';
      readonly probe: ProbeName;
      readonly result: Report['result'];
      /** With `HOST` in the place of the pod's address. */
      readonly message: string;
      /** All its times since the start; the first is `atMs`. */
      readonly spell: Spell;
    }
  | {
      readonly atMs: number;
      readonly kind: 'kill';
      readonly probe: 'startup' | 'liveness';
      /** The probe's own grace period, when it has one. */
      readonly graceMs?: number;
    }
  // The postStart hook is over.
  | { readonly atMs: number; readonly kind: 'postStart'; readonly failure?: string }
  // The preStop hook has failed.
  | { readonly atMs: number; readonly kind: 'preStop' }
  | ({ readonly atMs: number; readonly kind: 'exit' } & Exit);

export type ProbeName = 'Startup' | 'Readiness' | 'Liveness';

export interface Exit {
  readonly code: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
}

/** One run of a container from start to end, known in advance: its moments in order. Ends with its first `kill` or `exit`, or with a hook that fails. */
export interface Run {
  readonly moments: readonly Moment[];
}

export interface ProbedContainer {
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

/** What the program does: how it answers probes, how its hooks go, and whether and when it ends by itself. */
export interface Program {
  readonly startup: Signal;
  readonly readiness: Signal;
  readonly liveness: Signal;
  /** Its lifecycle hooks, where it has any. */
  readonly postStart?: HookCourse;
  readonly preStop?: HookCourse;
  readonly exit?: Exit & { readonly afterMs: number };
}

/**
 * The whole course of a run. A container without probes is started and ready at once; one with a startup probe is probed for
 * readiness and liveness only after that has succeeded, for readiness at once. Nothing is probed before the postStart hook is
 * over.
 */
export function planRun(container: ProbedContainer, program: Program): Run {
  const shownMs = program.postStart?.takesMs ?? 0;
  const moments: Moment[] = [];
  planPostStart(program.postStart, moments);
  const startedMs = planStartup(container.startupProbe, program.startup, shownMs, moments);
  if (startedMs !== undefined) {
    moments.push({ atMs: startedMs, kind: 'started' });
    planReadiness(container.readinessProbe, program.readiness, startedMs, moments);
    planLiveness(container.livenessProbe, program.liveness, startedMs, moments);
  }
  if (program.exit) {
    const { afterMs, ...exit } = program.exit;
    moments.push({ atMs: afterMs, kind: 'exit', ...exit });
  }
  moments.sort((a, b) => a.atMs - b.atMs);
  const end = moments.findIndex(isLast);
  return { moments: end < 0 ? moments : moments.slice(0, end + 1) };
}

function isLast(moment: Moment): boolean {
  const { kind } = moment;
  return kind === 'kill' || kind === 'exit' || (kind === 'postStart' && 'failure' in moment);
}

function planPostStart(hook: HookCourse | undefined, moments: Moment[]): void {
  if (!hook || (hook.takesMs === 0 && hook.failure === undefined)) return;
  const { takesMs: atMs, failure } = hook;
  moments.push({ atMs, kind: 'postStart', ...(failure === undefined ? {} : { failure }) });
}

/**
 * What still happens to a container that is told to stop at `stopMs`, in ms since its start: readiness goes on being probed,
 * and the program may end by itself. It is told so by its signal at `signalMs`, or not at all when that is Infinity.
 */
export function planStop(
  container: ProbedContainer,
  program: Program,
  { startedMs, stopMs, signalMs, unserved }: StopTimes,
): Moment[] {
  const moments: Moment[] = [];
  const probe = container.readinessProbe;
  const { readiness } = program;
  if (
    probe &&
    startedMs !== undefined &&
    (unserved || readiness.length > 1 || readiness[0]?.result !== 'success')
  ) {
    const spans = [{ fromMs: signalMs + 1, untilMs: Number.POSITIVE_INFINITY }];
    const signal = unserved ? overlaid(readiness, spans, unserved) : readiness;
    planReadiness(probe, signal, startedMs, moments);
  }
  if (program.exit) {
    const { afterMs, ...exit } = program.exit;
    moments.push({ atMs: afterMs, kind: 'exit', ...exit });
  }
  return moments.flatMap((moment): Moment[] => {
    if (moment.atMs > stopMs) return [moment];
    const spell = moment.kind === 'report' && restOf(moment.spell, stopMs);
    return spell ? [{ ...moment, atMs: spell.firstMs, spell }] : [];
  });
}

export interface StopTimes {
  /** When its startup was over; absent where it is not. */
  readonly startedMs: number | undefined;
  readonly stopMs: number;
  readonly signalMs: number;
  /** What tries find from the signal on; absent where the program answers as before. */
  readonly unserved: Omit<SignalPiece, 'fromMs'> | undefined;
}

function planStartup(
  probe: Probe | undefined,
  signal: Signal,
  shownMs: number,
  moments: Moment[],
): number | undefined {
  if (!probe) return shownMs;
  const { flips, reports } = probeCourse(probe, signal, { notBeforeMs: shownMs, atOnce: false });
  const first = flips[0];
  pushReports('Startup', reports, first?.atMs, moments);
  if (first?.ok) return first.atMs;
  if (first) moments.push(killAt(first, 'startup', probe));
  return undefined;
}

function planReadiness(
  probe: Probe | undefined,
  signal: Signal,
  startedMs: number,
  moments: Moment[],
): void {
  if (!probe) {
    moments.push({ atMs: startedMs, kind: 'ready', ready: true });
    return;
  }
  const { flips, reports } = probeCourse(probe, signal, { notBeforeMs: startedMs, atOnce: true });
  pushReports('Readiness', reports, undefined, moments);
  for (const { atMs, ok } of flips) moments.push({ atMs, kind: 'ready', ready: ok });
}

function planLiveness(
  probe: Probe | undefined,
  signal: Signal,
  startedMs: number,
  moments: Moment[],
): void {
  if (!probe) return;
  const { flips, reports } = probeCourse(probe, signal, { notBeforeMs: startedMs, atOnce: false });
  const fatal = flips.find(({ ok }) => !ok);
  pushReports('Liveness', reports, fatal?.atMs, moments);
  if (fatal) moments.push(killAt(fatal, 'liveness', probe));
}

function killAt(flip: Flip, kind: 'startup' | 'liveness', probe: Probe): Moment {
  const seconds = probe.terminationGracePeriodSeconds;
  return {
    atMs: flip.atMs,
    kind: 'kill',
    probe: kind,
    ...(seconds === undefined ? {} : { graceMs: seconds * 1000 }),
  };
}

function pushReports(
  probe: ProbeName,
  reports: readonly Report[],
  untilMs: number | undefined,
  moments: Moment[],
): void {
  for (const { spell, result, message } of reports) {
    const { firstMs: atMs } = spell;
    if (untilMs !== undefined && atMs > untilMs) continue;
    const told = untilMs === undefined ? spell : clipped(spell, untilMs);
    moments.push({ atMs, kind: 'report', probe, result, message, spell: told });
  }
}
