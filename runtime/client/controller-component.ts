import { limits } from '../base/index.ts';
import {
  isApiError,
  isConflict,
  type KubeObject,
  type ResourceRef,
  resourceId,
  type WatchEvent,
} from '../meta/index.ts';
import { createClient } from './api-client.ts';
import type { Component, ComponentContext, ComponentFactory } from './component.ts';
import type {
  Controller,
  ControllerDeps,
  ReconcileContext,
  ReconcileResult,
  Watch,
} from './controller.ts';
import { EventCorrelator } from './event-correlator.ts';
import { BufferedRecorder } from './event-recorder.ts';
import { faultBehind } from './fault.ts';
import { OwnWrites, type Sight } from './own-writes.ts';
import type { Lister, Subscription } from './transport.ts';
import { WorkQueue } from './work-queue.ts';

interface Inherited {
  readonly queue: WorkQueue;
  readonly correlator: EventCorrelator;
  readonly ownWrites: OwnWrites;
  readonly state: unknown;
}

interface Options<C> {
  readonly config: C;
  /** Name in Events; `<name>-controller` when absent. */
  readonly eventSource?: string;
  /** User in requests; `system:serviceaccount:kube-system:<name>-controller` when absent. */
  readonly user?: string;
}

/**
 * The controller loop: makes a component of a controller. It keeps the queue, reads the watches, runs one reconcile at a
 * time, puts failing keys back with a growing delay, and writes a journal record for each reconcile.
 */
export function controllerComponent<C, S>(
  create: (deps: ControllerDeps<C, S>) => Controller,
  options: Options<C>,
): ComponentFactory {
  return (context) => new ControllerComponent(context, create, options);
}

/** A watch that is being read. */
interface Reading {
  readonly watch: Watch;
  readonly events: Subscription<unknown>;
  marked: boolean;
}

class ControllerComponent<C, S> implements Component {
  readonly name: string;
  readonly #context: ComponentContext;
  readonly #controller: Controller;
  readonly #queue: WorkQueue;
  readonly #correlator: EventCorrelator;
  readonly #ownWrites: OwnWrites;
  readonly #sight: Sight;
  readonly #told = new Map<string, number>();
  readonly #eventSource: string;
  readonly #user: { name: string; groups: string[] };
  readonly #listers = new Map<string, Lister<KubeObject>>();
  readonly #readings = new Map<Watch, Reading>();
  /** What the controller watched when it was last asked. */
  #watched: readonly Watch[] = [];
  /** Watches that have news, in the order in which it came. */
  #marked: Reading[] = [];

  constructor(
    context: ComponentContext,
    create: (deps: ControllerDeps<C, S>) => Controller,
    options: Options<C>,
  ) {
    const inherited = context.inherited as Inherited | undefined;
    this.name = context.name;
    this.#context = context;
    this.#queue = inherited?.queue ?? new WorkQueue();
    this.#correlator = inherited?.correlator ?? new EventCorrelator();
    this.#ownWrites = inherited?.ownWrites ?? new OwnWrites();
    this.#eventSource = options.eventSource ?? `${context.name}-controller`;
    this.#user = {
      name: options.user ?? `system:serviceaccount:kube-system:${context.name}-controller`,
      groups: ['system:serviceaccounts', 'system:authenticated'],
    };
    this.#controller = create({
      transport: context.transport,
      config: options.config,
      now: () => context.pace.now(),
      ...(inherited ? { inherited: inherited.state as S } : {}),
    });
    this.#sight = this.#sightOf();
    for (const { resource } of this.#controller.watches) this.#see(resource);
  }

  #see(resource: ResourceRef): void {
    const { transport } = this.#context;
    this.#listers.set(resourceId(resource), transport.lister(resource as ResourceRef<KubeObject>));
  }

  /** What the controller sees of what it watches. */
  #sightOf(): Sight {
    return {
      versionOf: (resource, key) => {
        const lister = this.#listers.get(resource);
        return lister && Number(lister.byKey(key)?.metadata.resourceVersion ?? 0);
      },
      told: (resource) => this.#told.get(resource) ?? 0,
    };
  }

  get depth(): number {
    return this.#queue.depth;
  }

  get retrying(): number {
    return this.#queue.failing().size;
  }

  start(): void {
    this.#follow(this.#context.inherited === undefined);
    this.#context.pace.ready();
  }

  /** Reads what the controller watches now, and nothing else any more. */
  #follow(initial: boolean): void {
    const { watches } = this.#controller;
    const isWatched = new Set(watches);
    for (const [watch, { events }] of this.#readings)
      if (!isWatched.has(watch)) {
        events.close();
        this.#readings.delete(watch);
        this.#marked = this.#marked.filter((each) => each.watch !== watch);
      }
    for (const watch of watches) if (!this.#readings.has(watch)) this.#read(watch, initial);
    this.#watched = watches;
  }

  #read(watch: Watch, initial: boolean): void {
    const { resource } = watch;
    const concerns = watch.concerns && ((event: WatchEvent<never>) => watch.concerns!(event));
    const reading: Reading = {
      watch,
      marked: true,
      events: this.#context.transport.subscribe(resource, {
        initial,
        concerns,
        notify: () => {
          if (!reading.marked) this.#marked.push(reading);
          reading.marked = true;
          this.#context.pace.ready();
        },
      }),
    };
    this.#see(resource);
    this.#readings.set(watch, reading);
    this.#marked.push(reading);
  }

  onTimer(key: string, cause: number): void {
    this.#queue.add(key, -cause);
  }

  inherit(): Inherited {
    return {
      queue: this.#queue.clone(),
      correlator: this.#correlator.clone(),
      ownWrites: this.#ownWrites.clone(),
      state: this.#controller.inherit?.(),
    };
  }

  step(): boolean | Promise<boolean> {
    this.#readWatches();
    const item = this.#queue.take();
    if (!item) return false;
    if (!this.#ownWrites.isSeen(item.key, this.#sight, this.#context.pace.now()))
      return this.#putOff(item.key, item.trigger);
    return this.#reconcile(item.key, item.trigger);
  }

  #readWatches(): void {
    while (this.#marked.length > 0) {
      this.#readMarked();
      if (this.#controller.watches !== this.#watched) this.#follow(true);
    }
  }

  #readMarked(): void {
    const marked = this.#marked;
    this.#marked = [];
    for (const reading of marked) {
      const { watch, events } = reading;
      reading.marked = false;
      let last = 0;
      for (let event = events.next(); event; event = events.next()) {
        last = event.revision;
        for (const key of watch.keys(event as WatchEvent<never>))
          this.#queue.add(key, event.revision);
      }
      if (last > 0) this.#told.set(resourceId(watch.resource), last);
    }
  }

  /** Leaves a key alone whose last reconcile wrote what cannot be seen yet: deciding now would do it twice. */
  #putOff(key: string, trigger: number): boolean {
    const { journal, pace } = this.#context;
    const requeueAfterMs = limits.ownWriteLookMs;
    const message = 'does not see yet what it wrote';
    const base = { component: this.name, key, trigger };
    const record = journal.reconcile({ ...base, outcome: 'requeue', message, requeueAfterMs });
    pace.setTimer(key, pace.now() + requeueAfterMs, 'work', record);
    return this.#queue.depth > 0 || this.#marked.length > 0;
  }

  async #reconcile(key: string, trigger: number): Promise<boolean> {
    const { journal, pace, transport, random } = this.#context;
    const record = journal.reserve();
    const cause = { component: this.name, record };
    const client = createClient(this.#ownWrites.noting(transport), {
      user: this.#user,
      cause,
      fieldManager: 'kube-controller-manager',
    });
    const now = (): number => pace.now();
    const events = new BufferedRecorder({ component: this.#eventSource }, this.#correlator, now);
    const context: ReconcileContext = { client, events, random, now };
    const base = { component: this.name, key, trigger };
    try {
      const result = (await this.#controller.reconcile(key, context)) ?? NOTHING_MORE;
      await events.flush(client);
      this.#queue.forget(key);
      const { requeueAfterMs, decision } = result;
      if (requeueAfterMs === undefined) pace.clearTimer(key);
      else
        pace.setTimer(key, now() + requeueAfterMs, result.periodic ? 'periodic' : 'work', record);
      journal.reconcile(
        {
          ...base,
          outcome: requeueAfterMs === undefined ? 'done' : 'requeue',
          ...(decision === undefined ? {} : { decision }),
          ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
        },
        record,
      );
    } catch (error) {
      await events.flush(client);
      const requeueAfterMs = this.#queue.fail(key);
      pace.setTimer(key, now() + requeueAfterMs, 'work', record);
      const outcome = isConflict(error) ? 'requeue' : 'error';
      const because = faultBehind(error);
      const told = because === undefined ? base : { ...base, because };
      journal.reconcile({ ...told, outcome, message: messageOf(error), requeueAfterMs }, record);
      if (!isApiError(error)) this.#context.report(error);
    }
    this.#ownWrites.settle(key, this.#sight, now());
    return this.#queue.depth > 0 || this.#marked.length > 0;
  }
}

const NOTHING_MORE: ReconcileResult = {};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
