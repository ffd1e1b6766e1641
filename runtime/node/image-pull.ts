import type { ContainerContext } from './container-machine.ts';
import type { ContainerRecord, Stage } from './container-record.ts';
import { NOTICE_MS } from './crash-loop.ts';
import { elapsedText } from './effects.ts';
import { pullPolicyOf } from './images.ts';
import { spellFrom, telling, timesUntil } from './spell.ts';

/** A pod whose sync failed is synced again. */
export const RESYNC_MS = 10_000;
const NOT_PULLED: ReadonlySet<string> = new Set(['InvalidImageName', 'ImageInspectError']);
const PULL_BASE_MS = 10_000;
const PULL_MAX_MS = 300_000;
/** Asking the registry whether an image that is present has changed. */
const RECHECK_MS = 200;
export const CHECKED = { ms: RECHECK_MS, withWaitingMs: RECHECK_MS };

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

export function notePulled(
  record: ContainerRecord,
  { sinceMs, fromMs }: { readonly sinceMs: number; readonly fromMs: number },
  { spec, effects, fieldPath, nowMs, script }: ContainerContext,
): ContainerRecord {
  const elapsed = { ms: nowMs - fromMs, withWaitingMs: nowMs - sinceMs };
  const message = pulledMessage(spec.image ?? '', elapsed, script.pull.sizeBytes);
  effects.normal(fieldPath, 'Pulled', message);
  return record;
}

export function failPull(record: ContainerRecord, context: ContainerContext): ContainerRecord {
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

export function backOffPull(
  record: ContainerRecord,
  retryMs: number,
  context: ContainerContext,
): ContainerRecord {
  const { spec, script, nowMs } = context;
  sayBackOff(context, 1);
  const { failures } = script.pull;
  const message = `${backOffMessage(spec.image)}: ${failures.reason}: ${failures.message}`;
  const waits = { at: 'blocked', reason: PULL_BACK_OFF, message, retryMs } as const;
  return { ...record, stage: toldAgain(waits, nowMs, context) };
}

const PULL_BACK_OFF = 'ImagePullBackOff';

function sayBackOff({ spec, effects, fieldPath }: ContainerContext, times: number): void {
  effects.normal(fieldPath, 'BackOff', backOffMessage(spec.image), times);
  effects.warning(fieldPath, 'Failed', `Error: ${PULL_BACK_OFF}`, times);
}

function backOffMessage(image: string | undefined): string {
  return `Back-off pulling image "${image}"`;
}

type Blocked = Stage & { readonly at: 'blocked' };

/** A container that waits says so with every sync of its pod until it tries again. */
function toldAgain(stage: Blocked, sinceMs: number, context: ContainerContext): Blocked {
  const quietMs = Math.max(context.quietUntil('Normal'), context.quietUntil('Warning'));
  const spell = stage.telling?.spell ?? spellFrom(sinceMs, RESYNC_MS, stage.retryMs);
  const next = telling(spell, context.nowMs, quietMs);
  const { telling: _, ...rest } = stage;
  return next ? { ...rest, telling: next } : rest;
}

/** Says again why a container waits. */
export function tellBlocked(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'blocked' || !stage.telling) return record;
  const { spell, told } = stage.telling;
  const times = timesUntil(spell, context.nowMs) - told;
  if (stage.reason === PULL_BACK_OFF) sayBackOff(context, times);
  else sayNeverPulled(context, stage.message, times);
  return { ...record, stage: toldAgain(stage, spell.firstMs, context) };
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

function refuseToPull(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { spec, nowMs } = context;
  const message = `Container image "${spec.image}" is not present with pull policy of Never`;
  sayNeverPulled(context, message, 1);
  const retryMs = Number.POSITIVE_INFINITY;
  const waits = { at: 'blocked', reason: 'ErrImageNeverPull', message, retryMs } as const;
  return { ...record, stage: toldAgain(waits, nowMs, context) };
}

function sayNeverPulled(
  { effects, fieldPath }: ContainerContext,
  message: string,
  times: number,
): void {
  effects.warning(fieldPath, 'ErrImageNeverPull', message, times);
  effects.warning(fieldPath, 'Failed', 'Error: ErrImageNeverPull', times);
}

export function presentMessage(image: string): string {
  return `Container image "${image}" already present on machine and can be accessed by the pod`;
}

export function pulledMessage(
  image: string,
  { ms, withWaitingMs }: typeof CHECKED,
  sizeBytes: number,
): string {
  const took = `${elapsedText(ms)} (${elapsedText(withWaitingMs)} including waiting)`;
  return `Successfully pulled image "${image}" in ${took}. Image size: ${sizeBytes} bytes.`;
}
