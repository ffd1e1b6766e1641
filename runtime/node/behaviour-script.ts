import type { Container } from '../../generated/core/v1/types.ts';
import { parseDuration } from '../base/index.ts';
import { type CompiledBehaviour, globPattern } from './behaviour-match.ts';
import type { AnswerSpec, BehaviourSpec, ExitSpec, ImageSpec, PullSpec } from './behaviour-spec.ts';
import { defaultPull, type Pull, pullError } from './images.ts';
import { ALWAYS_OK, type Signal, type SignalPiece } from './probe-timeline.ts';
import { parseAmount } from './quantities.ts';
import {
  COMPLETED,
  type ContainerScript,
  DEFAULT_CREATE_MS,
  DEFAULT_TERMINATE_MS,
} from './script.ts';
import { type Exit, type Program, planRun, type Run } from './timeline.ts';

/**
 * The script of a container, field by field from the strongest behaviour that says something of it; what none says is the
 * default: it starts, answers its probes, and ends soon after SIGTERM.
 */
export function scriptOf(
  container: Container,
  behaviours: readonly CompiledBehaviour[],
  images: readonly ImageSpec[],
): ContainerScript {
  const say = <K extends keyof BehaviourSpec>(field: K): BehaviourSpec[K] | undefined =>
    behaviours.find(({ spec }) => spec[field] !== undefined)?.spec[field];
  const exit = say('exit');
  const stop = say('terminate');
  const program: Program = {
    startup: signalOf(say('startup')),
    readiness: signalOf(say('readiness')),
    liveness: signalOf(say('liveness')),
  };
  const endless = planRun(container, program);
  const ending: Run = exit
    ? planRun(container, { ...program, exit: { afterMs: ms(exit.after, 0), ...exitOf(exit) } })
    : endless;
  const runs = exit?.runs ?? Number.POSITIVE_INFINITY;
  return {
    pull: pullOf(container.image ?? '', say('pull'), images),
    createMs: ms(say('start')?.duration, DEFAULT_CREATE_MS),
    run: (nth) => (nth < runs ? ending : endless),
    terminateMs: ms(stop?.duration, DEFAULT_TERMINATE_MS),
    terminateExit: stop?.exitCode === undefined ? COMPLETED : exitOf(stop),
  };
}

function ms(duration: string | undefined, otherwise: number): number {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}

function exitOf({ exitCode = 0, reason, message }: ExitSpec): Exit {
  return {
    code: exitCode,
    reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
    ...(message === undefined ? {} : { message }),
  };
}

/** Answers of a program as pieces of time: failing before `after` and within `failures`. */
export function signalOf(answer: AnswerSpec | undefined): Signal {
  if (!answer) return ALWAYS_OK;
  const spans = (answer.failures ?? []).map(({ from, until, message }) => ({
    fromMs: ms(from, 0),
    untilMs: ms(until, Number.POSITIVE_INFINITY),
    message,
  }));
  const after = ms(answer.after, 0);
  if (after > 0) spans.unshift({ fromMs: 0, untilMs: after, message: undefined });
  const edges = new Set([0]);
  for (const { fromMs, untilMs } of spans) {
    edges.add(fromMs);
    if (Number.isFinite(untilMs)) edges.add(untilMs);
  }
  const moments = [...edges].sort((a, b) => a - b);
  return moments.map((fromMs): SignalPiece => {
    const failing = spans.find((each) => each.fromMs <= fromMs && fromMs < each.untilMs);
    if (!failing) return { fromMs, ok: true };
    const { message } = failing;
    return message === undefined ? { fromMs, ok: false } : { fromMs, ok: false, message };
  });
}

/** The behaviour's word first, then the cluster's registry, then the default by the image's name. */
function pullOf(image: string, own: PullSpec | undefined, images: readonly ImageSpec[]): Pull {
  const listed = images.find((each) => globPattern(each.image).test(image));
  const said: PullSpec = { ...listed?.pull, ...own };
  const otherwise = defaultPull(image);
  const { failures = said.error === undefined ? 0 : -1 } = said;
  return {
    durationMs: ms(said.duration, otherwise.durationMs),
    sizeBytes: said.size === undefined ? otherwise.sizeBytes : parseAmount('size', said.size),
    failures: failures < 0 ? Number.POSITIVE_INFINITY : failures,
    error: said.error ?? pullError(image),
  };
}
