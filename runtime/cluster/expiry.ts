import type { Component, ComponentFactory } from '../client/index.ts';

const SWEEP_MS = 60_000;

/** Has the server delete what has outlived its kind's time to live (Events), once a minute; work per deleted object. */
export function expirySweeper(expire: (nowMs: number) => void | Promise<void>): ComponentFactory {
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
        await expire(pace.now());
        pace.setTimer('sweep', pace.now() + SWEEP_MS, 'periodic');
        return false;
      },
      inherit: () => true,
    };
  };
}
