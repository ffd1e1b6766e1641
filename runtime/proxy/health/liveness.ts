import type { Clock } from '../../base/index.ts';
import type { IPFamily } from '../model/index.ts';

/** An answer over HTTP. */
export interface Answer {
  readonly code: 200 | 503;
  readonly text: string;
}

/**
 * Whether a proxy keeps up: a change that it was told of must not wait longer than `timeoutMs` until the rules follow. Each
 * family counts for itself, from its first update on: a proxy that is only starting is well.
 */
export class Liveness {
  timeoutMs: number;
  readonly #clock: Clock;
  readonly #updatedMs = new Map<IPFamily, number>();
  /** Since when the oldest change waits. */
  readonly #waitingMs = new Map<IPFamily, number>();

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.timeoutMs = timeoutMs;
  }

  /** A change has come that rules are to follow. */
  queued(family: IPFamily): void {
    if (!this.#waitingMs.has(family)) this.#waitingMs.set(family, this.#clock.now());
  }

  /** The rules are as they should be. */
  updated(family: IPFamily): void {
    this.#waitingMs.delete(family);
    this.#updatedMs.set(family, this.#clock.now());
  }

  get healthy(): boolean {
    return [...this.#updatedMs.keys()].every((family) => !this.#isLate(family));
  }

  /** `/healthz`: asked by load balancers, so it says no too when the node is going away. */
  healthz(nodeEligible: boolean): Answer {
    return this.#answer(nodeEligible, { nodeEligible });
  }

  /** `/livez`: asked by who would start the proxy anew. */
  livez(): Answer {
    return this.#answer(true, {});
  }

  /** The body is that of kube-proxy since 1.35; before, it had no more than the first three fields. */
  #answer(eligible: boolean, more: { readonly nodeEligible?: boolean }): Answer {
    const { healthy } = this;
    const well = healthy && eligible;
    const families = [...this.#updatedMs].sort(([a], [b]) => (a < b ? -1 : 1));
    const status = families.map(([family, updatedMs]) => [
      family,
      { lastUpdated: timeText(updatedMs), healthy: !this.#isLate(family) },
    ]);
    const now = timeText(this.#clock.now());
    const freshestMs = families.length > 0 ? Math.max(...this.#updatedMs.values()) : undefined;
    const body = {
      // What is well is as fresh as can be, whenever its last change was.
      lastUpdated: well ? now : timeText(freshestMs),
      currentTime: now,
      ...more,
      healthy,
      ...(status.length > 0 ? { status: Object.fromEntries(status) } : {}),
    };
    return { code: well ? 200 : 503, text: JSON.stringify(body) };
  }

  /** Whether changes have waited too long. */
  #isLate(family: IPFamily): boolean {
    const sinceMs = this.#waitingMs.get(family);
    return sinceMs !== undefined && this.#clock.now() - sinceMs >= this.timeoutMs;
  }
}

/** A time as Go writes it into JSON; its first moment where there is none. */
function timeText(timeMs: number | undefined): string {
  if (timeMs === undefined) return '0001-01-01T00:00:00Z';
  return new Date(timeMs).toISOString().replace(/\.?0*Z$/, 'Z');
}
