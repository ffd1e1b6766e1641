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
    return this.#late() === undefined;
  }

  /** `/healthz`: asked by load balancers, so it says no too when the node is going away. */
  healthz(nodeEligible: boolean): Answer {
    return this.#answer(nodeEligible, `, "nodeEligible": ${nodeEligible}`);
  }

  /** `/livez`: asked by who would start the proxy anew. */
  livez(): Answer {
    return this.#answer(true, '');
  }

  #answer(eligible: boolean, more: string): Answer {
    const nowMs = this.#clock.now();
    const late = this.#late();
    const well = late === undefined && eligible;
    // What is well is as fresh as can be, whenever its last change was.
    const updatedMs = well ? nowMs : this.#updatedMs.get(late ?? this.#freshest());
    return {
      code: well ? 200 : 503,
      text: `{"lastUpdated": "${timeText(updatedMs)}","currentTime": "${timeText(nowMs)}"${more}}`,
    };
  }

  /** A family whose changes have waited too long. */
  #late(): IPFamily | undefined {
    const nowMs = this.#clock.now();
    return [...this.#updatedMs.keys()].find(
      (family) => nowMs - (this.#waitingMs.get(family) ?? nowMs) >= this.timeoutMs,
    );
  }

  #freshest(): IPFamily {
    const [v4 = 0, v6 = 0] = [this.#updatedMs.get('IPv4'), this.#updatedMs.get('IPv6')];
    return v6 > v4 ? 'IPv6' : 'IPv4';
  }
}

/** A time as Go prints it; its first moment where there is none. */
function timeText(timeMs: number | undefined): string {
  if (timeMs === undefined) return '0001-01-01 00:00:00 +0000 UTC';
  const text = new Date(timeMs).toISOString();
  const fraction = text.slice(19, 23).replace(/\.?0+$/, '');
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction} +0000 UTC`;
}
