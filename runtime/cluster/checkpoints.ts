import { limits } from '../base/index.ts';
import type { State } from './cluster.ts';

/** A moment between two units of work from which the cluster ran on by itself, without anything from outside, until an end. */
export interface Checkpoint {
  readonly atMs: number;
  readonly revision: number;
  /** Handed to a cluster that revives it; whoever does puts a new copy in its place. */
  state: State;
  untilMs: number;
  untilRevision: number;
}

/** Moments and revisions, first and last, between which every one can be gone back to. */
export type Stretch = Readonly<Pick<Checkpoint, 'atMs' | 'revision' | 'untilMs' | 'untilRevision'>>;

/**
 * Where a cluster can be rewound to. What comes from outside comes between two stretches of time, and what happens in a stretch
 * follows from its beginning; so a copy of each beginning gives back every moment. Bounded by `limits.checkpoints`.
 */
export class Checkpoints {
  #held: Checkpoint[] = [];

  begin(atMs: number, revision: number, state: () => State): void {
    const checkpoint = { atMs, revision, state: state(), untilMs: atMs, untilRevision: revision };
    this.#held = [...this.#held, checkpoint].slice(-limits.checkpoints);
  }

  /** The same, in the place of the last one when that has not got beyond its own moment: nobody will want to go there. */
  renew(atMs: number, revision: number, state: () => State): void {
    const last = this.#held.at(-1);
    if (last && last.atMs === atMs && last.untilMs === atMs) this.#held = this.#held.slice(0, -1);
    this.begin(atMs, revision, state);
  }

  /** The stretches that are held, oldest first. */
  stretches(): readonly Stretch[] {
    return this.#held;
  }

  end(untilMs: number, untilRevision: number): void {
    const last = this.#held.at(-1);
    if (!last) return;
    last.untilMs = untilMs;
    last.untilRevision = untilRevision;
  }

  /** The checkpoint whose stretch contains a moment; of two that meet there, the later. */
  before(to: { readonly atMs: number } | { readonly revision: number }): Checkpoint | undefined {
    return this.#held.findLast((each) =>
      'atMs' in to
        ? each.atMs <= to.atMs && to.atMs <= each.untilMs
        : each.revision <= to.revision && to.revision <= each.untilRevision,
    );
  }
}
