import { afterWall, yieldToEventLoop } from '../../base/index.ts';
import type { ServedEvent, ServedWatch } from '../watch.ts';
import type { Outgoing } from './answer.ts';

export interface StreamOptions {
  /** An event as a whole frame, in the form that the client wants. */
  frame(event: ServedEvent): string | Buffer;
  readonly contentType: string;
  readonly timeoutMs: number;
  readonly sendsBookmarks: boolean;
}

const BOOKMARK_EVERY_MS = 60_000;

/**
 * Writes a watch to a response until the client goes, the time is over or the watch ends. A reader that is slow is waited for; one
 * that is too slow finds its place in the history gone, is told so and ended.
 */
export class WatchStream {
  readonly #response: Outgoing;
  readonly #options: StreamOptions;
  readonly #watch: ServedWatch;
  readonly #timers: (() => void)[] = [];
  #isPumping = false;
  #isOver = false;

  constructor(
    response: Outgoing,
    options: StreamOptions,
    open: (notify: () => void) => ServedWatch,
  ) {
    this.#response = response;
    this.#options = options;
    this.#watch = open(() => void this.#pump());
    response.writeHead(200, {
      'content-type': options.contentType,
      'cache-control': 'no-cache, private',
    });
    // A client waits for the head before it goes on, and the first event may be of its own making.
    response.flushHeaders();
    response.on('close', () => this.end());
    response.on('error', () => this.end());
    this.#timers.push(afterWall(options.timeoutMs, () => this.end(true), true));
    if (options.sendsBookmarks) this.#scheduleBookmark();
    void this.#pump();
  }

  /** `politely`: with a last bookmark, where the client wants bookmarks. */
  end(politely = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    if (politely && this.#options.sendsBookmarks) this.#write(this.#watch.bookmark());
    this.#watch.close();
    this.#response.end();
  }

  #scheduleBookmark(): void {
    this.#timers.push(
      afterWall(
        BOOKMARK_EVERY_MS,
        () => {
          if (this.#isOver) return;
          this.#write(this.#watch.bookmark());
          this.#scheduleBookmark();
        },
        true,
      ),
    );
  }

  /** Not in the commit that has news, but in a turn of its own. News do not count while the reader is behind. */
  async #pump(): Promise<void> {
    if (this.#isPumping || this.#isOver) return;
    this.#isPumping = true;
    await yieldToEventLoop();
    while (!this.#isOver && !this.#response.writableNeedDrain) {
      const event = this.#watch.next();
      if (!event) {
        this.#isPumping = false;
        return;
      }
      this.#write(event);
      if (event.type === 'ERROR') this.end();
    }
    if (!this.#isOver) this.#response.once('drain', this.#goOn);
  }

  readonly #goOn = (): void => {
    this.#isPumping = false;
    void this.#pump();
  };

  #write(event: ServedEvent): void {
    if (this.#response.destroyed) return;
    this.#response.write(this.#options.frame(event));
  }
}
