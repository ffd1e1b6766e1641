/** The moments at which a controller that works periodically looks: `startMs` and every period after it. */
export interface Grid {
  readonly startMs: number;
  readonly periodMs: number;
}

/** The first moment at or after `atMs`. */
export function gridAt({ startMs, periodMs }: Grid, atMs: number): number {
  return startMs + Math.ceil((atMs - startMs) / periodMs) * periodMs;
}

/** The first moment after `atMs`. */
export function gridAfter({ startMs, periodMs }: Grid, atMs: number): number {
  return startMs + (Math.floor((atMs - startMs) / periodMs) + 1) * periodMs;
}
