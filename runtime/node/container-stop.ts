import type { ContainerContext } from './container-machine.ts';
import type { ContainerRecord, Stage, Waiting } from './container-record.ts';
import { notServing } from './probe-answers.ts';
import type { Exit, Moment } from './timeline.ts';
import { planStop } from './timeline.ts';

type Stopping = Stage & { readonly at: 'stopping' };

/** However little is left of its grace period, a container has this long between the signal and being killed. */
const SHUTDOWN_MIN_MS = 2_000;

export const KILLED: Exit = { code: 137, reason: 'Error' };

/** How a container is stopped. */
export interface StopOrder {
  /** Time for the preStop hook and the program together. Without any, the hook is left out. */
  readonly graceMs: number;
  /** What the event `Killing` says. */
  readonly message: string;
  /** A probe wants it: it starts again whatever its exit code will be. */
  readonly restarts?: true;
  /** What its state says once it has ended. */
  readonly waiting?: Waiting;
  /** It gets its signal when `signal` is called, or at the end of its grace period. */
  readonly waits?: true;
}

/** Ends a container with its pod by `deadlineMs`: one that runs is stopped, one that would start does not. */
export function halt(
  record: ContainerRecord,
  context: ContainerContext,
  deadlineMs: number,
  waits: boolean,
): ContainerRecord {
  const { stage } = record;
  switch (stage.at) {
    case 'running':
      return stop(record, context, {
        graceMs: Math.max(0, deadlineMs - context.nowMs),
        message: `Stopping container ${context.spec.name}`,
        ...(waits ? { waits } : {}),
      });
    case 'stopping': {
      const hurried = hurry(record, context.nowMs, deadlineMs);
      return waits ? hurried : signal(hurried, context);
    }
    case 'exited':
      return stage.restartMs === undefined
        ? record
        : { ...record, stage: { at: 'exited', ended: stage.ended } };
    case 'idle':
      return record;
    default:
      return { ...record, stage: { at: 'idle' } };
  }
}

/** Begins to stop a running container: its preStop hook now, then SIGTERM, then SIGKILL. Others are left as they are. */
export function stop(
  record: ContainerRecord,
  context: ContainerContext,
  order: StopOrder,
): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running') return record;
  const { nowMs, effects, fieldPath } = context;
  const { graceMs, message } = order;
  effects.normal(fieldPath, 'Killing', message);
  const hook = graceMs > 0 ? hookOf(record.restarts, stage.sinceMs, context) : undefined;
  const hookMs = Math.min(hook?.takesMs ?? 0, graceMs);
  const { at: _, run: __, step: ___, reporting: ____, ...rest } = stage;
  const stopping: Stopping = {
    ...rest,
    at: 'stopping',
    untilMs: Number.POSITIVE_INFINITY,
    exit: KILLED,
    run: { moments: [] },
    step: 0,
    hookEndMs: nowMs + hookMs,
    leftMs: graceMs - wholeSeconds(hookMs),
    graceEndMs: nowMs + graceMs,
    ...(order.restarts ? { restarts: true } : {}),
    ...(order.waiting ? { waiting: order.waiting } : {}),
  };
  const failed: Moment[] =
    hook?.failure !== undefined && hook.takesMs <= graceMs
      ? [{ atMs: nowMs + hookMs - stage.sinceMs, kind: 'preStop' }]
      : [];
  const next = order.waits
    ? { ...stopping, waits: true as const, run: { moments: momentsOf(record, stopping, context) } }
    : signalled(record, stopping, context);
  const moments = [...failed, ...next.run.moments].sort((a, b) => a.atMs - b.atMs);
  return { ...record, stage: { ...next, run: { moments } } };
}

function hookOf(nth: number, sinceMs: number, { script, nowMs }: ContainerContext) {
  return script.preStop
    ? script.preStop(nth, sinceMs, nowMs)
    : script.program(nth, sinceMs).preStop;
}

/** Sends SIGTERM to a container that waits for its turn, once its preStop hook is over. */
export function signal(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'stopping' || !stage.waits) return record;
  const { waits: _, ...turn } = stage;
  const pending = stage.run.moments.slice(stage.step).filter(({ kind }) => kind === 'preStop');
  const next = signalled(record, turn, context);
  const moments = [...pending, ...next.run.moments].sort((a, b) => a.atMs - b.atMs);
  return { ...record, stage: { ...next, run: { moments } } };
}

/** A container that is stopping is given less time than it had. */
function hurry(record: ContainerRecord, nowMs: number, deadlineMs: number): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'stopping' || stage.graceEndMs <= deadlineMs) return record;
  const graceEndMs = deadlineMs;
  if (stage.waits)
    return {
      ...record,
      stage: {
        ...stage,
        graceEndMs,
        hookEndMs: Math.min(stage.hookEndMs, Math.max(nowMs, deadlineMs)),
        leftMs: Math.min(stage.leftMs, deadlineMs - stage.hookEndMs),
      },
    };
  const killMs = Math.max(deadlineMs, nowMs + SHUTDOWN_MIN_MS);
  if (stage.untilMs <= killMs) return { ...record, stage: { ...stage, graceEndMs } };
  return { ...record, stage: { ...stage, graceEndMs, untilMs: killMs, exit: KILLED } };
}

/** With the program's end after SIGTERM. */
function signalled(record: ContainerRecord, stage: Stopping, context: ContainerContext): Stopping {
  const { nowMs, script } = context;
  const signalMs = Math.max(nowMs, stage.hookEndMs);
  const waitedMs = signalMs - stage.hookEndMs;
  const leftMs = Math.max(SHUTDOWN_MIN_MS, stage.leftMs - wholeSeconds(waitedMs));
  const own = script.stopped?.(record.restarts, stage.sinceMs, signalMs);
  const { afterMs, exit } = own ?? { afterMs: script.terminateMs, exit: script.terminateExit };
  return {
    ...stage,
    untilMs: signalMs + Math.min(afterMs, leftMs),
    exit: afterMs <= leftMs ? exit : KILLED,
    run: { moments: momentsOf(record, stage, context, signalMs) },
    step: 0,
  };
}

function momentsOf(
  { restarts }: ContainerRecord,
  { sinceMs, started }: Stopping,
  { script, spec, nowMs }: ContainerContext,
  signalMs?: number,
): readonly Moment[] {
  const probe = spec.readinessProbe;
  const silent = !script.servesToTheEnd && probe && signalMs !== undefined;
  const program = script.program(restarts, sinceMs);
  const begun = script.run(restarts, sinceMs).moments.find(({ kind }) => kind === 'started');
  return planStop(spec, program, {
    startedMs: started ? begun?.atMs : undefined,
    stopMs: nowMs - sinceMs,
    signalMs: (signalMs ?? nowMs) - sinceMs,
    unserved: silent ? notServing(probe, spec) : undefined,
  });
}

/** The kubelet reckons a grace period in seconds. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
