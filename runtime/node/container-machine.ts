import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { type ContainerRecord, type Ended, wakeOf } from './container-record.ts';
import { type Effects, elapsedText } from './effects.ts';
import { pullPolicyOf } from './images.ts';
import { restartsAfter } from './restart-policy.ts';
import type { ContainerScript } from './script.ts';
import type { Exit, Moment } from './timeline.ts';

/** A first crash restarts as soon as the kubelet has noticed it; further ones wait 10 s, doubling. */
const NOTICE_MS = 1_000;
const CRASH_BASE_MS = 10_000;
/** A crash this long after the last restart starts the back-off from the beginning. */
const CRASH_FORGET_MS = 600_000;
/** A pod whose sync failed is synced again. */
const RESYNC_MS = 10_000;
const NOT_PULLED: ReadonlySet<string> = new Set(['InvalidImageName', 'ImageInspectError']);
const PULL_BASE_MS = 10_000;
const PULL_MAX_MS = 300_000;
/** Asking the registry whether an image that is present has changed. */
const RECHECK_MS = 200;
const CHECKED = { ms: RECHECK_MS, withWaitingMs: RECHECK_MS };

export const KILLED: Exit = { code: 137, reason: 'Error' };

export interface ContainerContext {
  readonly pod: Pod;
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

/** Begins to stop a running container: SIGTERM now, SIGKILL after `graceMs`. Others are left as they are. */
export function stop(
  record: ContainerRecord,
  context: ContainerContext,
  graceMs: number,
  message: string,
): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running') return record;
  const { script, nowMs, effects, fieldPath } = context;
  effects.normal(fieldPath, 'Killing', message);
  const inTime = script.terminateMs <= graceMs;
  return {
    ...record,
    stage: {
      at: 'stopping',
      sinceMs: stage.sinceMs,
      untilMs: nowMs + Math.min(script.terminateMs, graceMs),
      exit: inTime ? script.terminateExit : KILLED,
      started: stage.started,
      ready: stage.ready,
    },
  };
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
    case 'stopping':
      return end(record, stage.exit, context);
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
  if (stage.at !== 'running') return record;
  const passed = { ...stage, step: stage.step + 1 };
  switch (moment.kind) {
    case 'started':
      return { ...record, stage: { ...passed, started: true } };
    case 'ready':
      return { ...record, stage: { ...passed, ready: moment.ready } };
    case 'unhealthy': {
      const message = `${moment.probe} probe failed: ${moment.message}`;
      context.effects.warning(context.fieldPath, 'Unhealthy', message);
      return { ...record, stage: passed };
    }
    case 'kill': {
      const graceMs = moment.graceMs ?? graceOf(context.pod);
      const again = restartsAfter(context.spec, context.pod, context.sidecar, KILLED.code);
      const message = `Container ${context.spec.name} failed ${moment.probe} probe${again ? ', will be restarted' : ''}`;
      return stop({ ...record, stage: passed }, context, graceMs, message);
    }
    case 'exit':
      return end(record, moment, context);
  }
}

function graceOf(pod: Pod): number {
  return (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
}

function start(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { effects, fieldPath, nowMs, script } = context;
  const missing = context.environmentProblem(context.spec);
  if (missing !== undefined)
    return failStart(record, context, { reason: 'CreateContainerConfigError', message: missing });
  if (record.startFailures < script.startFailures.times)
    return failStart(record, context, script.startFailures);
  effects.normal(fieldPath, 'Created', 'Container created');
  effects.normal(fieldPath, 'Started', 'Container started');
  return {
    ...record,
    pullFailures: 0,
    startFailures: 0,
    stage: {
      at: 'running',
      sinceMs: nowMs,
      run: script.run(record.restarts, nowMs),
      step: 0,
      started: false,
      ready: false,
    },
  };
}

function end(record: ContainerRecord, exit: Exit, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running' && stage.at !== 'stopping') return record;
  const { nowMs, effects, fieldPath, pod, spec } = context;
  const ended: Ended = {
    code: exit.code,
    reason: exit.reason,
    ...(exit.signal === undefined ? {} : { signal: exit.signal }),
    ...(exit.message === undefined ? {} : { message: exit.message }),
    startedMs: stage.sinceMs,
    finishedMs: nowMs,
    run: record.restarts,
  };
  if (stage.at === 'stopping' && stage.again && !context.stopping)
    return { ...record, stage: { at: 'exited', ended, restartMs: nowMs } };
  const isOver = context.stopping || context.isEphemeral;
  if (isOver || !restartsAfter(spec, pod, context.sidecar, exit.code))
    return { ...record, stage: { at: 'exited', ended } };
  if (context.init && !context.sidecar && exit.code === 0)
    return { ...record, stage: { at: 'exited', ended } };
  const { crash } = record;
  if (!crash || nowMs - crash.atMs > CRASH_FORGET_MS)
    return {
      ...record,
      crash: { delayMs: CRASH_BASE_MS, atMs: nowMs + NOTICE_MS },
      stage: { at: 'exited', ended, restartMs: nowMs + NOTICE_MS },
    };
  const restartMs = nowMs + crash.delayMs;
  effects.warning(
    fieldPath,
    'BackOff',
    `Back-off restarting failed container ${spec.name} in pod ${podId(pod)}`,
  );
  return {
    ...record,
    crash: { delayMs: Math.min(crash.delayMs * 2, context.crashMaxMs), atMs: restartMs },
    stage: { at: 'exited', ended, restartMs, backoffMs: crash.delayMs },
  };
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
  { effects, fieldPath, nowMs }: ContainerContext,
  { reason, message }: { readonly reason: string; readonly message: string },
): ContainerRecord {
  effects.warning(fieldPath, 'Failed', `Error: ${message}`);
  return {
    ...record,
    pullFailures: 0,
    startFailures: record.startFailures + 1,
    stage: { at: 'blocked', reason, message, retryMs: nowMs + RESYNC_MS },
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
