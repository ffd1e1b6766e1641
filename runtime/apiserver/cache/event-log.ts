import type { WatchEvent } from '../../meta/index.ts';

/** A reader of the changes of one resource. */
export interface LogReader {
  next(): WatchEvent | undefined;
  readonly pending: boolean;
  close(): void;
}

export interface ReadOptions {
  /** Called with every event that is put before the reader. */
  readonly notify: () => void;
  /** Events for which it says no are not put before the reader. Pure and quick: it is asked in the commit. */
  readonly concerns?: ((event: WatchEvent) => boolean) | undefined;
}

interface Place extends ReadOptions {
  /** What has not been read, in order, from `head` on. */
  events: WatchEvent[];
  head: number;
}

/** Hands the changes of one resource, in order, to every reader that they concern; each reads when it likes. */
export class EventLog {
  #places: readonly Place[] = [];

  push(event: WatchEvent): void {
    for (const place of this.#places) {
      if (place.concerns && !place.concerns(event)) continue;
      place.events.push(event);
      place.notify();
    }
  }

  /** A reader that begins with `initial`, then follows. */
  read(options: ReadOptions, initial: WatchEvent[]): LogReader {
    const place: Place = { ...options, events: initial, head: 0 };
    this.#places = [...this.#places, place];
    return {
      next: () => nextOf(place),
      get pending() {
        return place.events.length > 0;
      },
      close: () => {
        this.#places = this.#places.filter((each) => each !== place);
      },
    };
  }
}

function nextOf(place: Place): WatchEvent | undefined {
  const event = place.events[place.head++];
  if (place.head < place.events.length) return event;
  place.head = 0;
  if (place.events.length > 0) place.events = [];
  return event;
}
