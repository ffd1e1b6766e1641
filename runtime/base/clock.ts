/** A source of time in milliseconds since the Unix epoch. Everything in the runtime asks one of these. */
export interface Clock {
  now(): number;
}

/** Where virtual time starts: fixed, so that two runs of the same cluster agree to the byte. */
export const VIRTUAL_EPOCH_MS = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  #nowMs: number;

  constructor(startMs: number = VIRTUAL_EPOCH_MS) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Moves forward to `atMs`; a time in the past leaves the clock where it is. */
  moveTo(atMs: number): void {
    if (atMs > this.#nowMs) this.#nowMs = atMs;
  }
}

/** The machine's own time. Used to follow the wall and to measure; never to decide. */
export const wallClock: Clock = { now: () => Date.now() };

/** Milliseconds with fractions since some fixed moment, for measuring durations of real work. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

/** Runs `callback` after real time has passed; returns the way to call it off. The process may exit before if `unref` is set. */
export function afterWall(delayMs: number, callback: () => void, unref = false): () => void {
  const handle = setTimeout(callback, delayMs);
  if (unref) handle.unref();
  return () => clearTimeout(handle);
}

/** Resolves once the machine's event loop has served whatever was waiting (input, sockets, timers). */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
