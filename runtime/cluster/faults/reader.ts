import type { SubscribeOptions, Subscription } from '../../client/index.ts';
import { type KubeObject, keyOf, type WatchEvent } from '../../meta/index.ts';
import { mergedEvent, type View, type ViewReader } from './view.ts';

/** A subscription that tells a change when its component's view shows it. Without a view it is the one below. */
export class LateReader implements Subscription<KubeObject>, ViewReader {
  readonly #below: Subscription<KubeObject>;
  readonly #options: SubscribeOptions<KubeObject>;
  readonly #view: () => View | undefined;
  #queue: WatchEvent[];
  /** Changes that it told of, and the revision of the last. */
  told = 0;
  revision = 0;

  /** `untold` is what its view holds back in the cluster from which this one was forked. */
  constructor(
    below: Subscription<KubeObject>,
    options: SubscribeOptions<KubeObject>,
    view: () => View | undefined,
    untold: readonly WatchEvent[],
  ) {
    this.#below = below;
    this.#options = options;
    this.#view = view;
    this.#queue = untold.filter((event) => options.concerns?.(event) ?? true);
  }

  next(): WatchEvent | undefined {
    const event = this.#next();
    if (event === undefined) return undefined;
    this.told++;
    this.revision = event.revision;
    return event;
  }

  #next(): WatchEvent | undefined {
    const view = this.#view();
    if (view === undefined && this.#queue.length === 0) return this.#below.next();
    this.#take();
    const [first] = this.#queue;
    if (first === undefined || view?.sees(first.revision) === false) return undefined;
    return this.#queue.shift();
  }

  get pending(): boolean {
    const view = this.#view();
    if (view === undefined) return this.#queue.length > 0 || this.#below.pending;
    this.#take();
    const [first] = this.#queue;
    return first !== undefined && view.sees(first.revision);
  }

  close(): void {
    this.#view()?.readers.delete(this);
    this.#below.close();
  }

  merge(from: number, to: number): void {
    this.#take();
    const firsts = new Map<string, WatchEvent>();
    const lasts = new Map<string, WatchEvent>();
    for (const event of this.#queue) {
      if (event.revision < from || event.revision > to) continue;
      const key = keyOf(event.object);
      if (!firsts.has(key)) firsts.set(key, event);
      lasts.set(key, event);
    }
    this.#queue = this.#queue.flatMap((event) => {
      const key = keyOf(event.object);
      if (event.revision < from || event.revision > to) return [event];
      if (lasts.get(key) !== event) return [];
      return mergedEvent(firsts.get(key)!, event) ?? [];
    });
  }

  notify(): void {
    this.#options.notify();
  }

  #take(): void {
    for (let event = this.#below.next(); event; event = this.#below.next()) this.#queue.push(event);
  }
}
