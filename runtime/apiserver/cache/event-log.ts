import type { WatchEvent } from '../../meta/index.ts';

/** A reader's place in the log. */
export interface LogReader {
  next(): WatchEvent | undefined;
  readonly pending: boolean;
  close(): void;
}

interface Place {
  /** What existed at the start and has not been handed out yet, newest last taken first. */
  initial: WatchEvent[];
  position: number;
  readonly notify: () => void;
}

/** Events between two looks for readers that are done with them. */
const TRIM_EVERY = 512;

/** The changes of one resource, in order, for as long as a reader has not read them. */
export class EventLog {
  #events: WatchEvent[] = [];
  /** Position of the first event held. */
  #base = 0;
  readonly #places = new Set<Place>();

  get #end(): number {
    return this.#base + this.#events.length;
  }

  push(event: WatchEvent): void {
    if (this.#places.size === 0) return;
    this.#events.push(event);
    if (this.#events.length >= TRIM_EVERY) this.#trim();
    for (const { notify } of this.#places) notify();
  }

  /** A reader that begins with `initial`, then follows. */
  read(notify: () => void, initial: WatchEvent[]): LogReader {
    const place: Place = { initial: initial.reverse(), position: this.#end, notify };
    this.#places.add(place);
    const pending = (): boolean => place.initial.length > 0 || place.position < this.#end;
    return {
      next: () => {
        const first = place.initial.pop();
        if (first) return first;
        return place.position < this.#end ? this.#events[place.position++ - this.#base] : undefined;
      },
      get pending() {
        return pending();
      },
      close: () => {
        this.#places.delete(place);
      },
    };
  }

  #trim(): void {
    let oldest = this.#end;
    for (const { position } of this.#places) oldest = Math.min(oldest, position);
    const done = oldest - this.#base;
    if (done < TRIM_EVERY / 2) return;
    this.#events = this.#events.slice(done);
    this.#base = oldest;
  }
}
