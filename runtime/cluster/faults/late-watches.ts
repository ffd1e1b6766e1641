import type { ComponentContext } from '../../client/index.ts';
import type { Entries } from './entries.ts';
import type { Gate } from './gate.ts';
import type { Entry, FaultsState } from './state.ts';
import type { Verdict, View } from './view.ts';

/** For how long nothing arrives after a watch broke. */
const RELIST_MS = 5_000;

interface Surroundings {
  readonly entries: Entries;
  readonly gate: Gate;
  now(): number;
  /** Of the component that is to show what is due. */
  readonly pace: ComponentContext['pace'];
  strike(entry: Entry, what: string, detail: object): void;
}

/** Watches that are late or break, as long as a fault is active that makes them so. */
export class LateWatches {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** After faults began or a component was made: what it reads may have to be late. */
  refocus(inherited?: FaultsState['views']): void {
    const { entries, gate, pace } = this.#around;
    const active = entries.active().filter(({ kind }) => kind.delay);
    if (active.length === 0) return;
    gate.refocus(
      (component, resource) =>
        active.some(({ kind, value }) => kind.delay!(value, component, resource))
          ? (view) => this.#judge(component, resource, view)
          : undefined,
      () => pace.ready(),
      inherited,
    );
  }

  /** When a change will be seen by a component whose watch is late or breaks. */
  #judge(component: string, resource: string, view: View): Verdict {
    const { entries, now, strike } = this.#around;
    const nowMs = now();
    let lagMs = 0;
    for (const entry of entries.active()) {
      const delay = entry.kind.delay?.(entry.value, component, resource);
      if (!delay) continue;
      lagMs = Math.max(lagMs, delay.lagMs);
      if (delay.loss > 0 && view.brokenUntilMs <= nowMs && entry.random.float() < delay.loss) {
        view.brokenUntilMs = nowMs + RELIST_MS;
        strike(entry, 'broken watch', { component, resource });
        entries.count(entry.id);
      }
    }
    const broken = view.brokenUntilMs > nowMs;
    return { dueMs: Math.max(nowMs + lagMs, broken ? view.brokenUntilMs : 0), merged: broken };
  }

  /** Shows what is due, and comes back for what is not. */
  release(): void {
    const { entries, gate, now, pace } = this.#around;
    const late = entries.active().filter(({ kind }) => kind.delay);
    const nextMs = gate.release(now(), (component, resource) =>
      late.some(({ kind, value }) => kind.delay!(value, component, resource)),
    );
    if (nextMs !== undefined) pace.setTimer('show', nextMs, 'work');
  }

  /** How late, at most, what a component saw until now may have been. */
  lateness(component: string): number {
    let latest = 0;
    for (const { kind, value, phase } of this.#around.entries.all()) {
      const delay = phase === 'waiting' ? undefined : kind.delay?.(value, component, '*');
      if (delay) latest = Math.max(latest, delay.lagMs + (delay.loss > 0 ? RELIST_MS : 0));
    }
    return latest;
  }
}
