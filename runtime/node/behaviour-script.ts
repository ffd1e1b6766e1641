import type {
  BehaviourSpec,
  Exit as ExitSpec,
  ImageProfile,
  ProbeWindow,
} from '../../generated/cluster/v1/types.ts';
import type { Container } from '../../generated/core/v1/types.ts';
import { parseDuration } from '../base/index.ts';
import { wholeUnits } from '../meta/index.ts';
import { type CompiledBehaviour, globPattern } from './behaviour-match.ts';
import { defaultPull, type Pull, pullError } from './images.ts';
import { ALWAYS_OK, type Signal, type SignalPiece } from './probe-timeline.ts';
import {
  COMPLETED,
  type ContainerScript,
  DEFAULT_CREATE_MS,
  DEFAULT_TERMINATE_MS,
  type Failures,
  OOM_KILLED,
} from './script.ts';
import { type Exit, type Program, planRun, type Run } from './timeline.ts';
import { exceedsMemoryAtMs, type UsagePlan, usagePlan } from './usage.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** A program that answers nothing before it serves. */
const NOT_SERVING = 'Get "/": dial tcp: connect: connection refused';

/**
 * The script of a container, part by part from the strongest behaviour that has it; what none has is the default: it starts,
 * answers its probes, and ends soon after SIGTERM.
 */
export function scriptOf(
  container: Container,
  behaviours: readonly CompiledBehaviour[],
  images: readonly ImageProfile[],
): ContainerScript {
  const say = <K extends keyof BehaviourSpec>(part: K): BehaviourSpec[K] | undefined =>
    behaviours.find(({ spec }) => spec[part] !== undefined)?.spec[part];
  const start = say('start');
  const stop = say('terminate');
  const usage = usagePlan(behaviours.find(({ spec }) => spec.usage !== undefined));
  return {
    pull: pullOf(container.image ?? '', say('pull'), images),
    createMs: milliseconds(start?.duration, DEFAULT_CREATE_MS),
    startFailures: start?.error ? startFailures(start.error) : NO_FAILURES,
    ...runsOf(container, say('exit') ?? [], say('ready'), say('probes'), (fromMs) =>
      oomMs(container, usage, fromMs),
    ),
    usage,
    terminateMs: preStopMs(container) + terminateMs(stop),
    terminateExit: stop?.code ? { code: stop.code, reason: 'Error' } : COMPLETED,
  };
}

const NO_FAILURES: Failures = { times: 0, reason: '', message: '' };

function startFailures(error: NonNullable<NonNullable<BehaviourSpec['start']>['error']>): Failures {
  const reason = error.reason ?? 'RunContainerError';
  return { times: error.times ?? FOREVER, reason, message: error.message ?? reason };
}

function terminateMs(stop: BehaviourSpec['terminate']): number {
  if (stop?.ignoresSigterm) return FOREVER;
  return stop ? milliseconds(stop.duration, 0) : DEFAULT_TERMINATE_MS;
}

/** A preStop hook that sleeps holds SIGTERM back. Other hooks take no time. */
function preStopMs(container: Container): number {
  return (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000;
}

/** The course of each run, made when it is first asked for. */
function runsOf(
  container: Container,
  exits: readonly ExitSpec[],
  ready: BehaviourSpec['ready'],
  probes: BehaviourSpec['probes'],
  oomMsFrom: (fromMs: number) => number,
): Pick<ContainerScript, 'run' | 'runAs' | 'runLimitedFrom'> {
  const made = new Map<string, Run>();
  const byNumber = new Map<number, Run>();
  const afterMs = milliseconds(ready?.after, 0);
  const programOf = (nth: number, limitedFromMs = 0): Program => {
    const exit = exitOfRun(exits, nth);
    const signal = (windows: readonly ProbeWindow[] | undefined, servesMs: number): Signal =>
      signalOf(
        (windows ?? []).filter(({ times }) => nth < (times ?? FOREVER)),
        servesMs,
      );
    return {
      startup: signal(probes?.startup, afterMs),
      readiness: signal(probes?.readiness, afterMs),
      liveness: signal(probes?.liveness, 0),
      ...endOfRun(exit, oomMsFrom(limitedFromMs)),
    };
  };
  const make = (nth: number, limitedFromMs?: number): Run => {
    const program = programOf(nth, limitedFromMs);
    const key = JSON.stringify(program);
    const run = made.get(key) ?? planRun(container, program);
    made.set(key, run);
    return run;
  };
  return {
    run(nth) {
      const known = byNumber.get(nth);
      if (known) return known;
      const run = make(nth);
      if (nth < NUMBERED_MAX) byNumber.set(nth, run);
      return run;
    },
    runLimitedFrom: make,
    runAs: (nth, change) => planRun(container, change(programOf(nth))),
  };
}

/** The run ends by itself, or before that because it comes to use more memory than its limit. */
function endOfRun(exit: ExitSpec | undefined, oomAfterMs: number): Pick<Program, 'exit'> {
  const afterMs = exit ? milliseconds(exit.after, 0) : FOREVER;
  if (oomAfterMs < afterMs) return { exit: { afterMs: oomAfterMs, ...OOM_KILLED } };
  return exit ? { exit: { afterMs, ...endOf(exit) } } : {};
}

function oomMs({ resources }: Container, usage: UsagePlan, fromMs: number): number {
  const limit = resources?.limits?.memory;
  if (limit === undefined) return FOREVER;
  return exceedsMemoryAtMs(usage, wholeUnits(limit), fromMs) ?? FOREVER;
}

/** Runs found by their number alone; later ones by their course. */
const NUMBERED_MAX = 64;

/** Each run follows the first entry whose times are not used up. */
function exitOfRun(exits: readonly ExitSpec[], nth: number): ExitSpec | undefined {
  let before = 0;
  return exits.find(({ times }) => {
    before += times ?? FOREVER;
    return nth < before;
  });
}

function endOf({ code, signal, reason, message }: ExitSpec): Exit {
  const exitCode = code ?? (signal === undefined ? 0 : 128 + signal);
  return {
    code: exitCode,
    ...(signal === undefined ? {} : { signal }),
    reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
    ...(message === undefined ? {} : { message }),
  };
}

/** A probe's answers over a run: failing until the program serves, then by the windows, of which the last counts. */
export function signalOf(windows: readonly ProbeWindow[], servesMs: number): Signal {
  if (windows.length === 0 && servesMs === 0) return ALWAYS_OK;
  const spans = windows.map(({ from, until, result, message }) => ({
    fromMs: milliseconds(from, 0),
    untilMs: milliseconds(until, FOREVER),
    ok: result === 'Success',
    message,
  }));
  const edges = new Set([0, servesMs]);
  for (const { fromMs, untilMs } of spans) {
    edges.add(fromMs);
    if (untilMs !== FOREVER) edges.add(untilMs);
  }
  return [...edges]
    .sort((a, b) => a - b)
    .map((fromMs): SignalPiece => {
      const span = spans.findLast((each) => each.fromMs <= fromMs && fromMs < each.untilMs);
      const ok = span ? span.ok : fromMs >= servesMs;
      const message = span ? span.message : NOT_SERVING;
      return ok || message === undefined ? { fromMs, ok } : { fromMs, ok, message };
    });
}

/** The behaviour's word first, then the cluster's registry, then the default by the image's name. */
export function pullOf(
  image: string,
  own: BehaviourSpec['pull'],
  images: readonly ImageProfile[],
): Pull {
  const listed = images.find(({ name }) => globPattern(name).test(image));
  const otherwise = defaultPull(image);
  const times = own?.error ? (own.error.times ?? FOREVER) : listed?.missing ? FOREVER : 0;
  return {
    durationMs: milliseconds(own?.duration ?? listed?.pull, otherwise.durationMs),
    sizeBytes: listed?.sizeBytes ?? otherwise.sizeBytes,
    failures: {
      times,
      reason: own?.error?.reason ?? 'ErrImagePull',
      message: own?.error?.message ?? pullError(image),
    },
  };
}

export function milliseconds(duration: string | undefined, otherwise: number): number {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}
