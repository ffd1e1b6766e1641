import type { Random } from '../base/index.ts';
import type { ResourceRef, WatchEvent } from '../meta/index.ts';
import type { Client } from './client.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { Lister, Transport } from './transport.ts';

/** What a reconcile asks for; nothing = done until the next event. */
export interface ReconcileResult {
  /** Look at the same key again after this much time. `periodic` when it comes back for ever and is no part of converging. */
  readonly requeueAfterMs?: number;
  readonly periodic?: boolean;
  /** What was decided, for the journal: typed data. */
  readonly decision?: unknown;
}

/** One watched resource: which keys of the controller an event touches. Pure and quick: indexes, no scans. */
export interface Watch<T = never> {
  readonly resource: ResourceRef<T>;
  keys(event: WatchEvent<T>): Iterable<string>;
  /** Whether `keys` may have any for the event; absent: it may. For watches that most changes do not concern. */
  concerns?(event: WatchEvent<T>): boolean;
}

/** Ties the event type of a watch to its resource. */
export function watch<T>(
  resource: ResourceRef<T>,
  keys: (event: WatchEvent<T>) => Iterable<string>,
  concerns?: (event: WatchEvent<T>) => boolean,
): Watch {
  return { resource, keys, ...(concerns ? { concerns } : {}) } as unknown as Watch;
}

export interface ReconcileContext {
  /** Bound to this reconcile: its writes name it as their cause. */
  readonly client: Client;
  readonly events: EventRecorder;
  readonly random: Random;
  now(): number;
}

/**
 * A level-based controller: a key in, reads from listers, writes through the client. Returning means done; throwing means
 * again after a back-off (5 ms doubling, as Kubernetes' default rate limiter); a conflict or a vanished object is no error of the
 * journal but retried the same way. Never told what happened, only that something did.
 */
export interface Controller {
  readonly name: string;
  /** Another list when what is watched changes; a watch that stays is the same one. */
  readonly watches: readonly Watch[];
  reconcile(
    key: string,
    context: ReconcileContext,
  ): Promise<ReconcileResult | undefined> | ReconcileResult | undefined;
  /** Copy-on-write copy of state that cannot be derived from the API; most controllers have none. */
  inherit?(): unknown;
}

/** What a controller is built from. `S` is its inherited state, `C` its configuration. */
export interface ControllerDeps<C = unknown, S = unknown> {
  readonly transport: Pick<Transport, 'lister' | 'addIndex'>;
  readonly config: C;
  readonly inherited?: S;
  now(): number;
}

/** Shorthand for the usual first line of a controller. */
export function listerOf<T>(deps: ControllerDeps, resource: ResourceRef<T>): Lister<T> {
  return deps.transport.lister(resource);
}
