import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { beginReport, failPostStart, goOnReporting, killFor } from './container-moments.ts';
import {
  type ContainerRecord,
  changeOf,
  type Ended,
  tellOf,
  type Waiting,
  wakeOf,
} from './container-record.ts';
import { signal } from './container-stop.ts';
import { afterCrash, afterKill, tellBackOff } from './crash-loop.ts';
import type { Effects } from './effects.ts';
import {
  backOffPull,
  begin,
  CHECKED,
  failPull,
  notePulled,
  presentMessage,
  pulledMessage,
  RESYNC_MS,
  tellBlocked,
} from './image-pull.ts';
import { pullPolicyOf } from './images.ts';
import { lastWords } from './last-words.ts';
import { restartsAll } from './restart-all.ts';
import { restartsAfter } from './restart-policy.ts';
import type { ContainerScript } from './script.ts';
import type { Exit, Moment } from './timeline.ts';

export interface ContainerContext {
  readonly pod: Pod;
  /** The pod's address, which its probes ask. */
  readonly podIp: string;
  readonly spec: Container;
  readonly script: ContainerScript;
  /** `spec.containers{web}`, as events name it. */
  readonly fieldPath: string;
  /** An init container that stays: it restarts whatever the pod's policy says. */
  readonly sidecar: boolean;
  readonly init: boolean;
  /** It runs once, however that ends. */
  readonly isEphemeral: boolean;
  /** The pod is being terminated: nothing starts again. */
  readonly stopping: boolean;
  readonly nowMs: number;
  /** Longest crash-loop back-off. */
  readonly crashMaxMs: number;
  /** When the node has pulled what was asked for before; in the past where pulls do not wait for each other. */
  readonly pullsUntilMs: number;
  /** When the image is, or will be, complete on the node; undefined if nobody has asked for it. */
  imageAtMs(image: string): number | undefined;
  /** Why the container's environment cannot be made. */
  environmentProblem(spec: Container): string | undefined;
  /** What it waits for that a volume shows. */
  imageVolumeProblem(spec: Container): Waiting | undefined;
  /** From when on an event of a type about the pod is let through. */
  quietUntil(type: 'Normal' | 'Warning'): number;
  readonly effects: Effects;
}

/** All that happens to the container up to now, one change at a time. */
export function advance(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  let current = record;
  while (wakeOf(current) <= context.nowMs) current = next(current, context);
  return current;
}

function next(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (tellOf(record) <= Math.min(context.nowMs, changeOf(record))) return tell(record, context);
  switch (stage.at) {
    case 'idle':
      return record;
    case 'pulling':
      return stage.fails
        ? failPull(record, context)
        : start(notePulled(record, stage, context), context);
    case 'blocked':
      return stage.backOffMs === undefined
        ? begin(record, context)
        : backOffPull(record, stage.retryMs, context);
    case 'creating':
      return start(record, context);
    case 'running':
      return happen(record, stage.run.moments[stage.step]!, context);
    case 'stopping': {
      const moment = stage.run.moments[stage.step];
      if (moment && stage.sinceMs + moment.atMs <= Math.min(context.nowMs, stage.untilMs))
        return happen(record, moment, context);
      return stage.waits ? signal(record, context) : end(record, stage.exit, context);
    }
    case 'exited':
      return restart(record, context);
  }
}

/** Says again what goes on. */
function tell(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  switch (record.stage.at) {
    case 'blocked':
      return tellBlocked(record, context);
    case 'exited':
      return tellBackOff(record, context);
    default:
      return goOnReporting(record, context);
  }
}

function happen(
  record: ContainerRecord,
  moment: Moment,
  context: ContainerContext,
): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running' && stage.at !== 'stopping') return record;
  const { effects, fieldPath } = context;
  const passed = { ...stage, step: stage.step + 1 };
  switch (moment.kind) {
    case 'started':
      return { ...record, stage: { ...passed, started: true } };
    case 'ready':
      return { ...record, stage: { ...passed, ready: moment.ready } };
    case 'report':
      return { ...record, stage: beginReport(passed, moment, context) };
    case 'kill':
      return killFor(moment, { ...record, stage: passed }, context);
    case 'postStart': {
      if (moment.failure !== undefined)
        return failPostStart(moment.failure, { ...record, stage: passed }, context);
      const { hidden: _, ...shown } = passed;
      return { ...record, stage: shown };
    }
    case 'preStop':
      effects.warning(fieldPath, 'FailedPreStopHook', 'PreStopHook failed');
      return { ...record, stage: passed };
    case 'exit':
      return end(record, moment, context);
  }
}

function start(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { effects, fieldPath, nowMs, script, spec } = context;
  const unshown = context.imageVolumeProblem(spec);
  if (unshown) return failStart(record, context, unshown);
  const missing = context.environmentProblem(spec);
  if (missing !== undefined)
    return failStart(record, context, { reason: 'CreateContainerConfigError', message: missing });
  const { startFailures } = record;
  if (startFailures < script.startFailures.times)
    return failStart(
      { ...record, startFailures: startFailures + 1 },
      context,
      script.startFailures,
    );
  effects.normal(fieldPath, 'Created', 'Container created');
  effects.normal(fieldPath, 'Started', 'Container started');
  const run = script.run(record.restarts, nowMs);
  const hides = spec.lifecycle?.postStart && run.moments.some(({ kind }) => kind === 'postStart');
  return {
    ...record,
    pullFailures: 0,
    startFailures: 0,
    stage: {
      at: 'running',
      sinceMs: nowMs,
      run,
      step: 0,
      started: false,
      ready: false,
      ...(hides ? { hidden: true } : {}),
    },
  };
}

function end(record: ContainerRecord, exit: Exit, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running' && stage.at !== 'stopping') return record;
  const { nowMs, pod, spec, script } = context;
  const message = lastWords(exit, spec, pod, () => script.log(stage.sinceMs, nowMs));
  script.ended?.(record.restarts, nowMs);
  const ended: Ended = {
    code: exit.code,
    reason: exit.reason,
    ...(exit.signal === undefined ? {} : { signal: exit.signal }),
    ...(message === undefined ? {} : { message }),
    startedMs: stage.sinceMs,
    finishedMs: nowMs,
    run: record.restarts,
  };
  const stopped = stage.at === 'stopping' ? stage : undefined;
  if (stopped?.again && !context.stopping)
    return { ...record, stage: { at: 'exited', ended, restartMs: nowMs } };
  if (stopped?.restarts && !context.stopping) return afterKill(record, ended, context);
  return afterEnd(record, ended, context, stopped?.waiting);
}

/** A run that is over: the container starts again, or it does not. */
function afterEnd(
  record: ContainerRecord,
  ended: Ended,
  context: ContainerContext,
  waiting?: Waiting,
): ContainerRecord {
  const { spec, pod, init, sidecar, stopping, isEphemeral } = context;
  const done = init && !sidecar && ended.code === 0;
  if (stopping || isEphemeral || done || restartsAll(spec, ended.code))
    return { ...record, stage: { at: 'exited', ended } };
  if (!restartsAfter(spec, pod, sidecar, ended.code))
    return { ...record, stage: { at: 'exited', ended } };
  return afterCrash(record, ended, context, waiting);
}

function restart(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'exited') return record;
  const { spec, effects, fieldPath, script } = context;
  const image = spec.image ?? '';
  if (pullPolicyOf(spec) === 'Always') {
    effects.normal(fieldPath, 'Pulling', `Pulling image "${image}"`);
    effects.normal(fieldPath, 'Pulled', pulledMessage(image, CHECKED, script.pull.sizeBytes));
  } else effects.normal(fieldPath, 'Pulled', presentMessage(image));
  return start({ ...record, restarts: record.restarts + 1, last: stage.ended }, context);
}

/** The image is there, but no container comes of it; tried again with the pod's next sync. */
function failStart(
  record: ContainerRecord,
  context: ContainerContext,
  { reason, message }: Waiting,
): ContainerRecord {
  const { effects, fieldPath, nowMs } = context;
  const failed = { ...record, pullFailures: 0 };
  if (reason === 'RunContainerError') {
    effects.normal(fieldPath, 'Created', 'Container created');
    effects.warning(fieldPath, 'Failed', `Error: ${message}`);
    return afterEnd(failed, neverRan(record, message, nowMs), context, { reason, message });
  }
  effects.warning(fieldPath, 'Failed', `Error: ${message}`);
  return { ...failed, stage: { at: 'blocked', reason, message, retryMs: nowMs + RESYNC_MS } };
}

/** A container whose process could not be started counts as a run that is over; it never began. */
function neverRan({ restarts }: ContainerRecord, message: string, nowMs: number): Ended {
  return {
    code: 128,
    reason: 'StartError',
    message,
    startedMs: 0,
    finishedMs: nowMs,
    run: restarts,
  };
}

/** `web-abc_default(uid)`, as the kubelet names a pod in messages. */
export function podId({ metadata }: Pod): string {
  return `${metadata?.name}_${metadata?.namespace}(${metadata?.uid})`;
}
