import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { failPostStart, killFor, reportProbe } from './container-moments.ts';
import { type ContainerRecord, type Ended, type Waiting, wakeOf } from './container-record.ts';
import { signal } from './container-stop.ts';
import { afterCrash, afterKill, NOTICE_MS } from './crash-loop.ts';
import { type Effects, elapsedText } from './effects.ts';
import { pullPolicyOf } from './images.ts';
import { lastWords } from './last-words.ts';
import { restartsAll } from './restart-all.ts';
import { restartsAfter } from './restart-policy.ts';
import type { ContainerScript } from './script.ts';
import type { Exit, Moment } from './timeline.ts';

/** A pod whose sync failed is synced again. */
const RESYNC_MS = 10_000;
const NOT_PULLED: ReadonlySet<string> = new Set(['InvalidImageName', 'ImageInspectError']);
const PULL_BASE_MS = 10_000;
const PULL_MAX_MS = 300_000;
/** Asking the registry whether an image that is present has changed. */
const RECHECK_MS = 200;
const CHECKED = { ms: RECHECK_MS, withWaitingMs: RECHECK_MS };

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
  readonly effects: Effects;
}

/** Sets off a container that may start now. */
export function begin(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { spec, script, nowMs, effects, fieldPath } = context;
  const image = spec.image ?? '';
  const presentMs = context.imageAtMs(image);
  const policy = pullPolicyOf(spec);
  if (presentMs === undefined && policy === 'Never') return refuseToPull(record, context);
  if (presentMs !== undefined && presentMs <= nowMs && policy !== 'Always') {
    effects.normal(fieldPath, 'Pulled', presentMessage(image));
    return { ...record, stage: { at: 'creating', untilMs: nowMs + script.createMs } };
  }
  const { failures } = script.pull;
  const fails = record.pullFailures < failures.times;
  if (fails && NOT_PULLED.has(failures.reason)) return failInspection(record, context);
  effects.normal(fieldPath, 'Pulling', `Pulling image "${image}"`);
  const fromMs = Math.max(nowMs, context.pullsUntilMs);
  const untilMs = pullEnd(presentMs, fromMs, context);
  effects.pullsUntilMs = untilMs;
  if (!fails && presentMs === undefined) effects.pulled(image, untilMs);
  return { ...record, stage: { at: 'pulling', sinceMs: nowMs, fromMs, untilMs, fails } };
}

/** All that happens to the container up to now, one change at a time. */
export function advance(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  let current = record;
  while (wakeOf(current) <= context.nowMs) current = next(current, context);
  return current;
}

function next(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
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
      reportProbe(moment, context);
      return { ...record, stage: passed };
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

/** A pull of what is on its way ends with it, or when its turn comes; of what is there, with the registry's answer. */
function pullEnd(
  presentMs: number | undefined,
  fromMs: number,
  { nowMs, script: { pull } }: ContainerContext,
): number {
  if (presentMs === undefined) return fromMs + pull.durationMs;
  if (presentMs > nowMs) return Math.max(presentMs, fromMs);
  return fromMs + Math.min(pull.durationMs, RECHECK_MS);
}

function notePulled(
  record: ContainerRecord,
  { sinceMs, fromMs }: { readonly sinceMs: number; readonly fromMs: number },
  { spec, effects, fieldPath, nowMs, script }: ContainerContext,
): ContainerRecord {
  const elapsed = { ms: nowMs - fromMs, withWaitingMs: nowMs - sinceMs };
  const message = pulledMessage(spec.image ?? '', elapsed, script.pull.sizeBytes);
  effects.normal(fieldPath, 'Pulled', message);
  return record;
}

function failPull(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { spec, effects, fieldPath, nowMs, script } = context;
  const { reason, message } = script.pull.failures;
  effects.warning(fieldPath, 'Failed', `Failed to pull image "${spec.image}": ${message}`);
  effects.warning(fieldPath, 'Failed', `Error: ${reason}`);
  const delayMs = Math.min(PULL_BASE_MS * 2 ** Math.min(record.pullFailures, 10), PULL_MAX_MS);
  return {
    ...record,
    pullFailures: record.pullFailures + 1,
    stage: {
      at: 'blocked',
      reason,
      message,
      backOffMs: nowMs + NOTICE_MS,
      retryMs: nowMs + delayMs,
    },
  };
}

function backOffPull(
  record: ContainerRecord,
  retryMs: number,
  { spec, effects, fieldPath, script }: ContainerContext,
): ContainerRecord {
  const backOff = `Back-off pulling image "${spec.image}"`;
  effects.normal(fieldPath, 'BackOff', backOff);
  effects.warning(fieldPath, 'Failed', 'Error: ImagePullBackOff');
  const { failures } = script.pull;
  const message = `${backOff}: ${failures.reason}: ${failures.message}`;
  return {
    ...record,
    stage: { at: 'blocked', reason: 'ImagePullBackOff', message, retryMs },
  };
}

/** The image's name or the runtime's answer about it is wrong: nothing is fetched. */
function failInspection(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { spec, effects, fieldPath, nowMs, script } = context;
  const { reason, message } = script.pull.failures;
  const what = reason === 'InvalidImageName' ? 'apply default image tag' : 'inspect image';
  effects.warning(fieldPath, 'InspectFailed', `Failed to ${what} "${spec.image}": ${message}`);
  effects.warning(fieldPath, 'Failed', `Error: ${reason}`);
  return {
    ...record,
    pullFailures: record.pullFailures + 1,
    stage: { at: 'blocked', reason, message, retryMs: nowMs + RESYNC_MS },
  };
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

function refuseToPull(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { spec, effects, fieldPath } = context;
  const message = `Container image "${spec.image}" is not present with pull policy of Never`;
  effects.warning(fieldPath, 'ErrImageNeverPull', message);
  effects.warning(fieldPath, 'Failed', 'Error: ErrImageNeverPull');
  const retryMs = Number.POSITIVE_INFINITY;
  return { ...record, stage: { at: 'blocked', reason: 'ErrImageNeverPull', message, retryMs } };
}

/** `web-abc_default(uid)`, as the kubelet names a pod in messages. */
export function podId({ metadata }: Pod): string {
  return `${metadata?.name}_${metadata?.namespace}(${metadata?.uid})`;
}

function presentMessage(image: string): string {
  return `Container image "${image}" already present on machine and can be accessed by the pod`;
}

function pulledMessage(
  image: string,
  { ms, withWaitingMs }: typeof CHECKED,
  sizeBytes: number,
): string {
  const took = `${elapsedText(ms)} (${elapsedText(withWaitingMs)} including waiting)`;
  return `Successfully pulled image "${image}" in ${took}. Image size: ${sizeBytes} bytes.`;
}
