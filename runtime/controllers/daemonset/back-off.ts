import { limits, SortedMap } from '../../base/index.ts';

interface Delay {
  readonly delayMs: number;
  readonly sinceMs: number;
}

/** The delays of one DaemonSet at one generation, by node. */
interface Round {
  readonly of: string;
  readonly nodes: SortedMap<Delay>;
}

/**
 * When the failed pod of a DaemonSet on a node may be removed again: at once the first time, then after 1 s, 2 s and so on, so
 * that a kubelet that refuses it is not asked for ever. A new generation of the DaemonSet begins anew. Cannot be derived
 * from the API, so a fork inherits a copy.
 */
export class BackOff {
  readonly #rounds: Map<string, Round>;

  constructor(rounds = new Map<string, Round>()) {
    this.#rounds = rounds;
  }

  clone(): BackOff {
    const rounds = [...this.#rounds].map(
      ([key, { of, nodes }]) => [key, { of, nodes: nodes.clone() }] as const,
    );
    return new BackOff(new Map(rounds));
  }

  /** The moment from which a failed pod of the DaemonSet `key` may be removed from `node`. */
  readyAtMs(key: string, round: string, node: string, nowMs: number): number {
    const delay = this.#delayOf(key, round, node, nowMs);
    return delay ? delay.sinceMs + delay.delayMs : nowMs;
  }

  /** Notes that one is removed now. */
  note(key: string, round: string, node: string, nowMs: number): void {
    const before = this.#delayOf(key, round, node, nowMs);
    const { failedDaemonPodBaseMs: baseMs, failedDaemonPodMaxMs: maxMs } = limits;
    const delayMs = before ? Math.min(before.delayMs * 2, maxMs) : baseMs;
    let current = this.#rounds.get(key);
    if (current?.of !== round) {
      current = { of: round, nodes: new SortedMap() };
      this.#rounds.set(key, current);
    }
    current.nodes.set(node, { delayMs, sinceMs: nowMs });
  }

  /** Forgets a DaemonSet that is gone. */
  forget(key: string): void {
    this.#rounds.delete(key);
  }

  /** What was twice as long ago as the longest delay is forgotten. */
  #delayOf(key: string, round: string, node: string, nowMs: number): Delay | undefined {
    const current = this.#rounds.get(key);
    const delay = current?.of === round ? current.nodes.get(node) : undefined;
    const isOld = delay !== undefined && nowMs - delay.sinceMs > 2 * limits.failedDaemonPodMaxMs;
    return isOld ? undefined : delay;
  }
}
