import type {
  BehaviourSpec,
  Exit as ExitSpec,
  ImageProfile,
  ProbeWindow,
} from '../../generated/cluster/v1/types.ts';
import type { Container } from '../../generated/core/v1/types.ts';
import { wholeUnits } from '../meta/index.ts';
import { type CompiledBehaviour, globPattern } from './behaviour-match.ts';
import { FOREVER, milliseconds } from './durations.ts';
import { hookCourse } from './hooks.ts';
import { defaultPull, type Pull, pullError } from './images.ts';
import { exitsOfCommand } from './known-commands.ts';
import { logs } from './logs.ts';
import { signalOf } from './probe-answers.ts';
import type { Signal } from './probe-timeline.ts';
import { type Plays, playsOf } from './program-plays.ts';
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
    ...runsOf(
      container,
      {
        exits: say('exit') ?? exitsOfCommand(container) ?? [],
        servesMs: milliseconds(say('ready')?.after, 0),
        probes: say('probes') ?? {},
        hooks: say('hooks') ?? {},
      },
      (fromMs) => oomMs(container, usage, fromMs),
    ),
    usage,
    ...playing(playsOf(container, (part) => say(part) !== undefined)),
    terminateMs: terminateMs(stop),
    terminateExit: stop?.code ? { code: stop.code, reason: 'Error' } : COMPLETED,
    servesToTheEnd: stop?.serves ?? true,
    log: (startedMs, nowMs) => logs({ logs: say('logs') ?? [] }, startedMs, nowMs),
  };
}

function playing(plays: Plays | undefined): { readonly plays?: Plays } {
  return plays ? { plays } : {};
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

interface Said {
  readonly exits: readonly ExitSpec[];
  readonly servesMs: number;
  readonly probes: NonNullable<BehaviourSpec['probes']>;
  readonly hooks: NonNullable<BehaviourSpec['hooks']>;
}

/** The course of each run, made when it is first asked for. */
function runsOf(
  container: Container,
  said: Said,
  oomMsFrom: (fromMs: number) => number,
): Pick<ContainerScript, 'program' | 'run' | 'runLimitedFrom'> {
  const made = new Map<string, { readonly program: Program; readonly run: Run }>();
  const byNumber = new Map<number, { readonly program: Program; readonly run: Run }>();
  const make = (
    nth: number,
    limitedFromMs = 0,
  ): { readonly program: Program; readonly run: Run } => {
    const program = programOf(container, said, nth, oomMsFrom(limitedFromMs));
    const key = JSON.stringify(program);
    const known = made.get(key) ?? { program, run: planRun(container, program) };
    made.set(key, known);
    return known;
  };
  const find = (nth: number): { readonly program: Program; readonly run: Run } => {
    const known = byNumber.get(nth) ?? make(nth);
    if (nth < NUMBERED_MAX) byNumber.set(nth, known);
    return known;
  };
  return {
    program: (nth) => find(nth).program,
    run: (nth) => find(nth).run,
    runLimitedFrom: (nth, limitedFromMs) => make(nth, limitedFromMs).run,
  };
}

function programOf(
  container: Container,
  { exits, servesMs, probes, hooks }: Said,
  nth: number,
  oomAfterMs: number,
): Program {
  const signal = (name: 'startup' | 'readiness' | 'liveness', fromMs: number): Signal =>
    signalOf(
      container[`${name}Probe`],
      container,
      [...(probes.any ?? NO_WINDOWS), ...(probes[name] ?? NO_WINDOWS)].filter(
        ({ times }) => nth < (times ?? FOREVER),
      ),
      fromMs,
    );
  const { postStart, preStop } = container.lifecycle ?? {};
  const started = hookCourse(postStart, container, hooks.postStart ?? [], nth, servesMs === 0);
  const stopped = hookCourse(preStop, container, hooks.preStop ?? [], nth, true);
  return {
    startup: signal('startup', servesMs),
    readiness: signal('readiness', servesMs),
    liveness: signal('liveness', container.livenessProbe?.exec ? 0 : servesMs),
    ...(started ? { postStart: started } : {}),
    ...(stopped ? { preStop: stopped } : {}),
    ...endOfRun(exitOfRun(exits, nth), oomAfterMs),
  };
}

const NO_WINDOWS: readonly ProbeWindow[] = [];

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
