import type { Probe } from '../../generated/core/v1/types.ts';
import { type Flip, type ProbeCourse, probeCourse, type Signal } from './probe-timeline.ts';

/** Something that happens to a running container, `atMs` after its start. */
export type Moment =
  | { readonly atMs: number; readonly kind: 'started' }
  | { readonly atMs: number; readonly kind: 'ready'; readonly ready: boolean }
  | {
      readonly atMs: number;
      readonly kind: 'unhealthy';
      readonly probe: 'Startup' | 'Readiness' | 'Liveness';
      readonly message: string;
    }
  | {
      readonly atMs: number;
      readonly kind: 'kill';
      readonly probe: 'startup' | 'liveness';
      /** The probe's own grace period, when it has one. */
      readonly graceMs?: number;
    }
  | ({ readonly atMs: number; readonly kind: 'exit' } & Exit);

export interface Exit {
  readonly code: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
}

/** One run of a container from start to end, known in advance: its moments in order. Ends with its first `kill` or `exit`. */
export interface Run {
  readonly moments: readonly Moment[];
}

export interface ProbedContainer {
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

/** What the program does: how it answers probes, and whether and when it ends by itself. */
export interface Program {
  readonly startup: Signal;
  readonly readiness: Signal;
  readonly liveness: Signal;
  readonly exit?: Exit & { readonly afterMs: number };
}

/**
 * The whole course of a run. A container without probes is started and ready at once; one with a startup probe is probed for
 * readiness and liveness only after that has succeeded.
 */
export function planRun(container: ProbedContainer, program: Program): Run {
  const moments: Moment[] = [];
  const startedMs = planStartup(container.startupProbe, program.startup, moments);
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
  const end = moments.findIndex(({ kind }) => kind === 'kill' || kind === 'exit');
  return { moments: end < 0 ? moments : moments.slice(0, end + 1) };
}

function planStartup(
  probe: Probe | undefined,
  signal: Signal,
  moments: Moment[],
): number | undefined {
  if (!probe) return 0;
  const course = probeCourse(probe, signal);
  const first = course.flips[0];
  pushFailures('Startup', course, first?.atMs, moments);
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
  const course = probeCourse(probe, signal, startedMs);
  pushFailures('Readiness', course, undefined, moments);
  for (const { atMs, ok } of course.flips) moments.push({ atMs, kind: 'ready', ready: ok });
}

function planLiveness(
  probe: Probe | undefined,
  signal: Signal,
  startedMs: number,
  moments: Moment[],
): void {
  if (!probe) return;
  const course = probeCourse(probe, signal, startedMs);
  const fatal = course.flips.find(({ ok }) => !ok);
  pushFailures('Liveness', course, fatal?.atMs, moments);
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

function pushFailures(
  probe: 'Startup' | 'Readiness' | 'Liveness',
  course: ProbeCourse,
  untilMs: number | undefined,
  moments: Moment[],
): void {
  for (const { atMs, message } of course.failures)
    if (untilMs === undefined || atMs <= untilMs)
      moments.push({ atMs, kind: 'unhealthy', probe, message });
}
