import type { Component, ComponentFactory } from '../client/index.ts';

const SWEEP_MS = 60_000;

/**
 * Has the server sweep once a minute: delete what has outlived its kind's time to live (Events), and create the namespaces of the
 * system and its own service again where somebody deleted them. Work per object that is concerned.
 */
export function expirySweeper(sweep: (nowMs: number) => void | Promise<void>): ComponentFactory {
  return ({ name, pace, inherited }): Component => {
    let due = false;
    return {
      name,
      depth: 0,
      start() {
        if (!inherited) pace.setTimer('sweep', pace.now() + SWEEP_MS, 'periodic');
      },
      onTimer() {
        due = true;
      },
      async step() {
        if (!due) return false;
        due = false;
        await sweep(pace.now());
        pace.setTimer('sweep', pace.now() + SWEEP_MS, 'periodic');
        return false;
      },
      inherit: () => true,
    };
  };
}
