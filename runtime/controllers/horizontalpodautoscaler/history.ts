import { KeyedMap } from '../../base/index.ts';

/** How many pods the metrics asked for at a moment, before anything held that back. */
export interface Recommendation {
  readonly atMs: number;
  readonly replicas: number;
}

/** Pods that were added or taken away at a moment. */
export interface ScaleEvent {
  readonly atMs: number;
  readonly change: number;
}

/** What the controller knows of one autoscaler and the API does not say. Immutable. */
export interface History {
  /** When it is looked at next. */
  readonly dueMs: number;
  /** Which pods it was last seen to scale. */
  readonly selector?: string;
  /** Since when no number of pods could be computed. */
  readonly failingMs?: number;
  readonly recommendations: readonly Recommendation[];
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

/** A new autoscaler, first looked at when a period has passed. */
export function newHistory(dueMs: number): History {
  return { dueMs, recommendations: [], ups: [], downs: [] };
}

/** The histories of all autoscalers by key. Copy-on-write. */
export class Histories {
  readonly #byKey: KeyedMap<History>;

  constructor(from?: Histories) {
    this.#byKey = from ? from.#byKey.clone() : new KeyedMap();
  }

  clone(): Histories {
    return new Histories(this);
  }

  get(key: string): History | undefined {
    return this.#byKey.get(key);
  }

  set(key: string, history: History): void {
    this.#byKey.set(key, history);
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}
