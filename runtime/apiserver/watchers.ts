import { type ApiRequest, resourceId } from '../meta/index.ts';
import type { ServedEvent, ServedWatch } from './watch.ts';

/** What one client follows of one resource, over all its watches of it. */
export interface Watcher {
  /** The user, and the program where that says its name. */
  readonly who: string;
  /** `deployments.apps` */
  readonly resource: string;
  /** Watches that are open. */
  readonly streams: number;
  /** Changes that it was told of, what there was at the beginning included, and the revision of the last thing it was told. */
  readonly told: number;
  readonly revision: number;
  /** Commits that it has not read yet: it is slow, or a turn of the event loop behind. */
  readonly unread: number;
  readonly bookmarks: number;
  /** How often it was told that its place in the history is gone, and so had to list anew. */
  readonly relists: number;
}

type Entry = { -readonly [K in keyof Watcher]: Watcher[K] };

/** Clients beyond are forgotten, those without an open watch first. */
const WATCHERS_MAX = 500;

/** Keeps count of who follows what through the API server. Nothing decides by it. */
export class Watchers {
  readonly #entries = new Map<string, Entry>();

  list(): readonly Watcher[] {
    return [...this.#entries.values()].map((each) => ({ ...each }));
  }

  /** The watch that `open` opens for a request, counted. */
  follow(
    { user, options, resource, namespace }: ApiRequest,
    open: (notify: () => void) => ServedWatch,
    notify: () => void,
  ): ServedWatch {
    const program = options?.fieldManager;
    const who = program ? `${user.name} (${program})` : user.name;
    const entry = this.#entry(who, resourceId(resource) + (namespace ? ` in ${namespace}` : ''));
    let unread = 0;
    const news = (by: number): void => {
      unread += by;
      entry.unread += by;
    };
    const watch = open(() => {
      news(1);
      notify();
    });
    entry.streams++;
    let isOpen = true;
    return {
      next() {
        const event = watch.next();
        if (event) count(entry, event);
        else news(-unread);
        return event;
      },
      bookmark() {
        const event = watch.bookmark();
        count(entry, event);
        return event;
      },
      close() {
        watch.close();
        news(-unread);
        if (isOpen) entry.streams--;
        isOpen = false;
      },
    };
  }

  #entry(who: string, resource: string): Entry {
    const key = `${who}\0${resource}`;
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= WATCHERS_MAX) this.#forgetOne();
    const none = { streams: 0, told: 0, revision: 0, unread: 0, bookmarks: 0, relists: 0 };
    const entry: Entry = { who, resource, ...none };
    this.#entries.set(key, entry);
    return entry;
  }

  #forgetOne(): void {
    const all = [...this.#entries];
    const [key] = all.find(([, { streams }]) => streams === 0) ?? all[0]!;
    this.#entries.delete(key);
  }
}

function count(entry: Entry, { type, object }: ServedEvent): void {
  if (type === 'ERROR') {
    entry.relists++;
    return;
  }
  if (type === 'BOOKMARK') entry.bookmarks++;
  else entry.told++;
  entry.revision = Math.max(entry.revision, Number(object.metadata.resourceVersion ?? 0));
}
