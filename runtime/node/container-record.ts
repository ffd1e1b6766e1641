import type { Telling } from './spell.ts';
import type { Exit, Moment, Run } from './timeline.ts';

/** How one run of a container ended. */
export interface Ended extends Exit {
  readonly startedMs: number;
  readonly finishedMs: number;
  /** Which run it was, counted from 0: part of the container's id. */
  readonly run: number;
}

/** What a probe finds again and again. */
export interface Reporting extends Telling {
  readonly report: Moment & { readonly kind: 'report' };
}

/** Where a container stands. Every stage that waits for time says until when. */
export type Stage =
  | { readonly at: 'idle' }
  | {
      readonly at: 'pulling';
      readonly sinceMs: number;
      /** When its turn comes: later than `sinceMs` where the node pulls one image at a time. */
      readonly fromMs: number;
      readonly untilMs: number;
      readonly fails: boolean;
    }
  // It cannot be made yet: its image, or itself. */
  | {
      readonly at: 'blocked';
      readonly reason: string;
      readonly message: string;
      /** When it shows that it waits; absent when it does already, or never does. */
      readonly backOffMs?: number;
      /** When it tries again. Infinity for an image that must not be pulled. */
      readonly retryMs: number;
      /** That it waits is told again. */
      readonly telling?: Telling;
    }
  | { readonly at: 'creating'; readonly untilMs: number }
  | {
      readonly at: 'running';
      readonly sinceMs: number;
      readonly run: Run;
      /** Moments of `run` that have happened. */
      readonly step: number;
      readonly started: boolean;
      readonly ready: boolean;
      /** How long it had run when it got the memory limit that it has. Absent: from the start. */
      readonly limitedFromMs?: number;
      /** Its postStart hook is not over: the kubelet has not said yet that it runs. */
      readonly hidden?: true;
      /** What probes go on finding. */
      readonly reporting?: readonly Reporting[];
    }
  | {
      readonly at: 'stopping';
      readonly sinceMs: number;
      /** When it ends. Infinity while it waits for its turn. */
      readonly untilMs: number;
      readonly exit: Exit;
      /** It was stopped only to start again. */
      readonly again?: true;
      readonly started: boolean;
      readonly ready: boolean;
      readonly hidden?: true;
      readonly reporting?: readonly Reporting[];
      /** What still happens to it until it ends, as a course of its own. */
      readonly run: Run;
      readonly step: number;
      /** What is left of the grace period when its preStop hook is over. */
      readonly hookEndMs: number;
      readonly leftMs: number;
      /** When its grace period ends. */
      readonly graceEndMs: number;
      /** It is to be told to stop only after others have ended. */
      readonly waits?: true;
      /** A probe ended it: it starts again whatever its exit code is. */
      readonly restarts?: true;
      /** What it shows once it has ended. */
      readonly waiting?: Waiting;
    }
  | {
      readonly at: 'exited';
      readonly ended: Ended;
      /** When it starts again; absent when it does not. */
      readonly restartMs?: number;
      /** Length of the crash-loop back-off that it waits in; absent when it does not. */
      readonly backoffMs?: number;
      readonly telling?: Telling;
      /** Why it cannot be started; shown in the place of its end. */
      readonly waiting?: Waiting;
    };

/** What the state `waiting` of a container says. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

/** What a kubelet knows of one container. Immutable. */
export interface ContainerRecord {
  readonly stage: Stage;
  /** Runs before the current one: the status's restartCount. */
  readonly restarts: number;
  /** The run before the current one. */
  readonly last?: Ended;
  /** Delay that the next crash has to wait, and when it was set. */
  readonly crash?: { readonly delayMs: number; readonly atMs: number };
  readonly pullFailures: number;
  readonly startFailures: number;
}

export const NEW_CONTAINER: ContainerRecord = {
  stage: { at: 'idle' },
  restarts: 0,
  pullFailures: 0,
  startFailures: 0,
};

/** When there is something to do about the container; Infinity if never. */
export function wakeOf(record: ContainerRecord): number {
  return Math.min(changeOf(record), tellOf(record));
}

/** When something that goes on is to be told again; Infinity if nothing. */
export function tellOf({ stage }: ContainerRecord): number {
  let atMs = Number.POSITIVE_INFINITY;
  if (stage.at === 'blocked' || stage.at === 'exited') return stage.telling?.tellMs ?? atMs;
  if (stage.at === 'running' || stage.at === 'stopping')
    for (const { tellMs } of stage.reporting ?? NONE) atMs = Math.min(atMs, tellMs);
  return atMs;
}

const NONE: readonly never[] = [];

/** When the container next changes by itself; Infinity if it does not. */
export function changeOf({ stage }: ContainerRecord): number {
  switch (stage.at) {
    case 'idle':
      return Number.POSITIVE_INFINITY;
    case 'blocked':
      return stage.backOffMs ?? stage.retryMs;
    case 'pulling':
    case 'creating':
      return stage.untilMs;
    case 'stopping': {
      const endMs = stage.waits ? stage.hookEndMs + Math.max(0, stage.leftMs) : stage.untilMs;
      return Math.min(endMs, nextMomentMs(stage));
    }
    case 'running':
      return nextMomentMs(stage);
    case 'exited':
      return stage.restartMs ?? Number.POSITIVE_INFINITY;
  }
}

function nextMomentMs(stage: Stage & { readonly at: 'running' | 'stopping' }): number {
  const moment = stage.run.moments[stage.step];
  return moment ? stage.sinceMs + moment.atMs : Number.POSITIVE_INFINITY;
}

/** Whether its status says that it runs. */
export function showsRunning({ stage }: ContainerRecord): boolean {
  return (stage.at === 'running' || stage.at === 'stopping') && !stage.hidden;
}

/** Whether its status says, or has ever said, that it runs. */
export function hasBegun(record: ContainerRecord): boolean {
  return showsRunning(record) || record.stage.at === 'exited' || record.last !== undefined;
}

export function isRunning({ stage }: ContainerRecord): boolean {
  return stage.at === 'running' || stage.at === 'stopping';
}

/** Ended and will not start again. */
export function isFinished({ stage }: ContainerRecord): boolean {
  return stage.at === 'exited' && stage.restartMs === undefined;
}

export function hasSucceeded({ stage }: ContainerRecord): boolean {
  return stage.at === 'exited' && stage.restartMs === undefined && stage.ended.code === 0;
}

/** Its startup probe, if any, has succeeded. */
export function isStarted({ stage }: ContainerRecord): boolean {
  return (stage.at === 'running' || stage.at === 'stopping') && stage.started;
}

export function isReady({ stage }: ContainerRecord): boolean {
  return (stage.at === 'running' || stage.at === 'stopping') && stage.ready;
}
