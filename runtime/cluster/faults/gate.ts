import {
  type IndexFunction,
  type Lister,
  type SubscribeOptions,
  type Subscription,
  strikeCause,
  type Transport,
  type WatchState,
} from '../../client/index.ts';
import {
  type ApiRequest,
  type ApiResponse,
  type KubeObject,
  type ResourceRef,
  resourceId,
} from '../../meta/index.ts';
import type { Refusal } from './kind.ts';
import { LateReader } from './reader.ts';
import { type Verdict, type View, View as Viewing, type ViewState, viewLister } from './view.ts';

type AnyRef = ResourceRef<KubeObject>;

/** What a component reads of a resource. */
interface Reading {
  readonly component: string;
  readonly ref: AnyRef;
  readonly readers: Set<LateReader>;
  view?: Viewing | undefined;
  /** Its component was restarted, and has not listed again. */
  isForgotten: boolean;
  relists: number;
}

/** What is done about a request before and in the place of an answer. */
export type Interception = (
  request: ApiRequest,
  pass: () => ApiResponse | Promise<ApiResponse>,
) => ApiResponse | Promise<ApiResponse>;

/**
 * Stands between everybody and the server. While there is no fault of requests or watches it hands everything on. Requests are known by
 * the component that they name as their cause; what a component reads goes through a transport of its own.
 */
export class Gate {
  readonly #base: Transport;
  readonly #readings = new Map<string, Reading>();
  readonly #indexes = new Map<string, IndexFunction<KubeObject>>();
  #viewCount = 0;
  /** Set while requests may be hit. */
  intercept: Interception | undefined;

  constructor(base: Transport) {
    this.#base = base;
  }

  /** For those whom no fault of watches hits. */
  readonly transport: Transport = {
    request: (request) => this.#request(request),
    lister: (resource) => this.#base.lister(resource),
    addIndex: (resource, name, index) => this.#addIndex(resource, name, index),
    subscribe: (resource, options) => this.#base.subscribe(resource, options),
  };

  /** A component's own. `untold` gives the views that a fork inherits, by component and resource. */
  transportFor(component: string, untold: ReadonlyMap<string, ViewState>): Transport {
    return {
      ...this.transport,
      lister: <T>(resource: ResourceRef<T>) => {
        const reading = this.#reading(component, resource as unknown as AnyRef);
        const base = this.#base.lister(resource) as unknown as Lister<KubeObject>;
        const index = (name: string) => this.#indexes.get(`${idOf(reading.ref)}\0${name}`);
        return viewLister(base, () => reading.view, index) as unknown as Lister<T>;
      },
      subscribe: <T>(resource: ResourceRef<T>, options: SubscribeOptions<T>) => {
        const reading = this.#reading(component, resource as unknown as AnyRef);
        if (options.initial) {
          reading.view?.relist();
          if (reading.isForgotten) reading.relists++;
          reading.isForgotten = false;
        }
        const held = options.initial ? [] : (untold.get(keyOfReading(reading))?.log ?? []);
        const reader = new LateReader(
          this.#base.subscribe(resource, options) as unknown as Subscription<KubeObject>,
          options as unknown as SubscribeOptions<KubeObject>,
          () => reading.view,
          held.map(({ event }) => event),
        );
        reading.readers.add(reader);
        reading.view?.readers.add(reader);
        return reader as unknown as Subscription<T>;
      },
    };
  }

  /** What a component subscribed to is not read any more: it starts anew. */
  forget(component: string): void {
    for (const reading of this.#readings.values()) {
      if (reading.component !== component) continue;
      for (const reader of reading.readers) reader.close();
      reading.isForgotten ||= reading.readers.size > 0;
      reading.readers.clear();
    }
  }

  /** All that components read: `visit` says by a verdict's maker whether, and how, it is late. */
  refocus(
    focus: (component: string, resource: string) => ((view: View) => Verdict) | undefined,
    notify: () => void,
    inherited?: ReadonlyMap<string, ViewState>,
  ): void {
    for (const reading of this.#readings.values()) {
      const wanted = focus(reading.component, reading.ref.resource);
      if (wanted && !reading.view) this.#open(reading, wanted, notify, inherited);
    }
  }

  /** Shows what is due, and takes away the views that are wanted no longer. Returns when there is more to show. */
  release(
    nowMs: number,
    isWanted: (component: string, resource: string) => boolean,
  ): number | undefined {
    let nextMs: number | undefined;
    for (const reading of this.#readings.values()) {
      const { view } = reading;
      if (!view) continue;
      const wanted = isWanted(reading.component, reading.ref.resource);
      view.release(wanted ? nowMs : Number.POSITIVE_INFINITY);
      if (!wanted) {
        view.close();
        reading.view = undefined;
        this.#viewCount--;
      } else if (view.nextDueMs !== undefined)
        nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, view.nextDueMs);
    }
    return nextMs;
  }

  /** Changes that somebody does not see yet. */
  get heldCount(): number {
    if (this.#viewCount === 0) return 0;
    let count = 0;
    for (const { view } of this.#readings.values()) count += view?.heldCount ?? 0;
    return count;
  }

  /** What components read, and what is kept from them. */
  watches(): readonly WatchState[] {
    return [...this.#readings.values()].map(({ component, ref, readers, view, relists }) => {
      const all = [...readers];
      const nextDueMs = view?.nextDueMs;
      return {
        component,
        resource: resourceId(ref),
        streams: all.length,
        told: all.reduce((sum, { told }) => sum + told, 0),
        revision: all.reduce((most, { revision }) => Math.max(most, revision), 0),
        bookmarks: 0,
        relists,
        unseen: view?.heldCount ?? 0,
        ...(nextDueMs === undefined ? {} : { nextDueMs }),
      };
    });
  }

  /** For a fork. */
  views(): ReadonlyMap<string, ViewState> {
    const states = new Map<string, ViewState>();
    if (this.#viewCount === 0) return states;
    for (const reading of this.#readings.values())
      if (reading.view) states.set(keyOfReading(reading), reading.view.state);
    return states;
  }

  #open(
    reading: Reading,
    judge: (view: View) => Verdict,
    notify: () => void,
    inherited: ReadonlyMap<string, ViewState> | undefined,
  ): void {
    const events = this.#base.subscribe(reading.ref, { notify, initial: false });
    const view = new Viewing(events, judge, inherited?.get(keyOfReading(reading)));
    for (const reader of reading.readers) view.readers.add(reader);
    reading.view = view;
    this.#viewCount++;
  }

  #reading(component: string, ref: AnyRef): Reading {
    const reading: Reading = {
      ...{ component, ref, readers: new Set<LateReader>() },
      ...{ isForgotten: false, relists: 0 },
    };
    const key = keyOfReading(reading);
    const known = this.#readings.get(key);
    if (known) return known;
    this.#readings.set(key, reading);
    return reading;
  }

  #request(request: ApiRequest): ApiResponse | Promise<ApiResponse> {
    if (this.intercept === undefined) return this.#base.request(request);
    return this.intercept(request, () => this.#base.request(request));
  }

  #addIndex<T>(resource: ResourceRef<T>, name: string, index: IndexFunction<T>): void {
    this.#indexes.set(`${idOf(resource)}\0${name}`, index as unknown as IndexFunction<KubeObject>);
    this.#base.addIndex(resource, name, index);
  }
}

function idOf({ group, resource }: { readonly group: string; readonly resource: string }): string {
  return `${resource}.${group}`;
}

function keyOfReading({ component, ref }: Pick<Reading, 'component' | 'ref'>): string {
  return `${component}\0${idOf(ref)}`;
}

/** A refusal as the server words it, with the strike that it is. */
export function refusalOf({ code, reason, message }: Refusal, strike: number): ApiResponse {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason,
    message,
    details: { causes: [strikeCause(strike)] },
    code,
  };
  return { code, object: status as unknown as KubeObject };
}
