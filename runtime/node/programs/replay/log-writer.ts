import type { LogLine } from '../../logs.ts';
import { type Bytes, textOf } from '../process.ts';

const LINES_MAX = 10_000;

/** Makes lines of what processes write. */
export class LogWriter {
  readonly #lines: LogLine[] = [];
  #open: { readonly atMs: number; bytes: Bytes } | undefined;

  write(bytes: Bytes, nowMs: number): void {
    const parts = bytes.split('\n');
    for (const [at, part] of parts.entries()) {
      const isLast = at === parts.length - 1;
      if (isLast && part === '') break;
      if (this.#open) this.#open.bytes += part;
      else this.#open = { atMs: nowMs, bytes: part };
      if (!isLast) this.#close();
    }
  }

  #close(): void {
    if (!this.#open) return;
    this.#lines.push({ atMs: this.#open.atMs, text: textOf(this.#open.bytes) });
    this.#open = undefined;
    if (this.#lines.length > 2 * LINES_MAX) this.#lines.splice(0, LINES_MAX);
  }

  /** Oldest first; the newest lines when there are too many. */
  get lines(): readonly LogLine[] {
    const open = this.#open;
    const all: readonly LogLine[] = open
      ? [...this.#lines, { atMs: open.atMs, text: textOf(open.bytes), isOpen: true }]
      : this.#lines;
    return all.slice(-LINES_MAX);
  }
}
