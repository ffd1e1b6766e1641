import type { ContainerContext } from './container-machine.ts';
import { podId } from './container-machine.ts';
import type { ContainerRecord, Ended, Stage, Waiting } from './container-record.ts';
import { type Spell, spellFrom, telling, timesUntil } from './spell.ts';

/** A first crash restarts as soon as the kubelet has noticed it; further ones wait 10 s, doubling. */
export const NOTICE_MS = 1_000;
const CRASH_BASE_MS = 10_000;
/** A pod that waits for the end of a back-off is synced after so long at the latest. */
const SYNC_MS = 60_000;
/** A crash this long after the last restart starts the back-off from the beginning. */
const CRASH_FORGET_MS = 600_000;

/** A container that has ended by itself and starts again: at once the first time, then after a back-off. */
export function afterCrash(
  record: ContainerRecord,
  ended: Ended,
  context: ContainerContext,
  waiting?: Waiting,
): ContainerRecord {
  const { nowMs, crashMaxMs } = context;
  const { crash } = record;
  const shown = waiting ? { waiting } : {};
  if (!crash || isForgotten(crash, nowMs)) {
    const restartMs = nowMs + NOTICE_MS;
    return {
      ...record,
      crash: { delayMs: Math.min(CRASH_BASE_MS, crashMaxMs), atMs: restartMs },
      stage: { at: 'exited', ended, restartMs, ...shown },
    };
  }
  return backOff(record, ended, crash, context);
}

/**
 * A container that its kubelet stopped because of a probe starts again as soon as it is made anew, unless its run before ended so short a time ago
 * that the back-off of that is not over: the kubelet looks for the last container that it has seen end.
 */
export function afterKill(
  record: ContainerRecord,
  ended: Ended,
  context: ContainerContext,
): ContainerRecord {
  const { nowMs, crashMaxMs, script } = context;
  const { crash, last } = record;
  const known = last && crash && !isForgotten(crash, last.finishedMs) ? crash : undefined;
  if (last && known && nowMs - last.finishedMs < known.delayMs)
    return backOff(record, ended, known, context);
  const delayMs = Math.min(known ? known.delayMs * 2 : CRASH_BASE_MS, crashMaxMs);
  return {
    ...record,
    ...(last ? { crash: { delayMs, atMs: nowMs } } : {}),
    stage: { at: 'exited', ended, restartMs: nowMs + script.createMs },
  };
}

function backOff(
  record: ContainerRecord,
  ended: Ended,
  crash: NonNullable<ContainerRecord['crash']>,
  context: ContainerContext,
): ContainerRecord {
  const { nowMs, crashMaxMs } = context;
  const restartMs = nowMs + crash.delayMs;
  sayBackOff(context, 1);
  const waits = { at: 'exited', ended, restartMs, backoffMs: crash.delayMs } as const;
  return {
    ...record,
    crash: { delayMs: Math.min(crash.delayMs * 2, crashMaxMs), atMs: restartMs },
    stage: toldAgain(waits, spellFrom(nowMs, SYNC_MS, restartMs), context),
  };
}

function sayBackOff({ effects, fieldPath, spec, pod }: ContainerContext, times: number): void {
  const message = `Back-off restarting failed container ${spec.name} in pod ${podId(pod)}`;
  effects.warning(fieldPath, 'BackOff', message, times);
}

type Exited = Stage & { readonly at: 'exited' };

/** A container that waits for its restart says so with every sync of its pod. */
function toldAgain(stage: Exited, spell: Spell, context: ContainerContext): Exited {
  const next = telling(spell, context.nowMs, context.quietUntil('Warning'));
  const { telling: _, ...rest } = stage;
  return next ? { ...rest, telling: next } : rest;
}

/** Says again that a container waits for its restart. */
export function tellBackOff(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'exited' || !stage.telling) return record;
  const { spell, told } = stage.telling;
  sayBackOff(context, timesUntil(spell, context.nowMs) - told);
  return { ...record, stage: toldAgain(stage, spell, context) };
}

function isForgotten({ atMs }: { readonly atMs: number }, nowMs: number): boolean {
  return nowMs - atMs > CRASH_FORGET_MS;
}
