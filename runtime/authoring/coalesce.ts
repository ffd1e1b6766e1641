/** What a file system watcher says of one path. */
export type FileEvent = 'add' | 'change' | 'unlink';

/** Quiet that ends a burst of events: an editor writes a file in several steps. */
const QUIET_MS = 15;
/** Quiet after a file went: editors that save by renaming have it gone for a moment. */
const GONE_MS = 120;
/** A stream of events that never pauses is looked at all the same this often. */
const LONGEST_MS = 500;

/**
 * Decides when a burst of file events is over. Pure: the caller brings the time. A file that went and has not come back
 * lengthens the wait, so that a save by renaming is not taken for a deletion.
 */
export class Coalescer {
  readonly #gone = new Set<string>();
  #firstMs: number | undefined;
  #dueMs = 0;

  note(event: FileEvent, path: string, nowMs: number): void {
    if (event === 'unlink') this.#gone.add(path);
    else this.#gone.delete(path);
    this.#firstMs ??= nowMs;
    const quiet = this.#gone.size > 0 ? GONE_MS : QUIET_MS;
    this.#dueMs = Math.min(nowMs + quiet, this.#firstMs + LONGEST_MS);
  }

  /** When the burst is over if nothing more comes; undefined when there is none. */
  get dueMs(): number | undefined {
    return this.#firstMs === undefined ? undefined : this.#dueMs;
  }

  /** Ends the burst. */
  take(): void {
    this.#firstMs = undefined;
    this.#gone.clear();
  }
}
