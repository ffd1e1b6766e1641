import type { Actor, Random, TimerKind } from '../base/index.ts';
import type { Journal } from '../trace/index.ts';
import type { Transport } from './transport.ts';

/** The part of the loop that one component sees: its own readiness and timers, and the time. */
export interface Pacemaker {
  now(): number;
  /** Asks for `step` to be called. */
  ready(): void;
  /** Sets or moves the timer `key`; `onTimer(key, cause)` is called at `atMs` and then `step`. `cause` is a journal record. */
  setTimer(key: string, atMs: number, kind?: TimerKind, cause?: number): void;
  clearTimer(key: string): void;
}

/** All that a component gets. It must reach nothing else: no store, no other component, no wall clock. */
export interface ComponentContext {
  readonly name: string;
  readonly pace: Pacemaker;
  readonly transport: Transport;
  readonly journal: Journal;
  /** A stream of its own, derived from the cluster's seed and the component's name. */
  readonly random: Random;
  /** What `inherit` of the same component gave in the cluster that this one was forked from; absent on a first start. */
  readonly inherited?: unknown;
  /** A programmer's error inside the component: kept for the cluster's owner, who may stop on it. Never for API errors. */
  report(error: unknown): void;
}

/**
 * An actor of the control plane or a node. What it knows beyond the API is either derived from the API again at start or
 * handed on by `inherit` as a copy-on-write value; timers are the loop's and are copied with it.
 */
export interface Component extends Actor {
  /** Subscribes and sets first timers. On a fork it must not repeat what the inherited state says is done. */
  start(): void;
  /** A copy-on-write copy of the state, taken between two steps, when nothing is in flight. Cheap: no O(cluster) work. */
  inherit(): unknown;
  /** Work items waiting, for the screen. */
  readonly depth: number;
  /** Work items that failed and wait for another try; they count as queued work. */
  readonly retrying?: number;
  /** How many items wait in each part of a queue that has parts, for the screen. */
  readonly parts?: Readonly<Record<string, number>>;
}

export type ComponentFactory = (context: ComponentContext) => Component;
