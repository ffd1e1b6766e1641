import { clusters } from '../../generated/cluster/v1/resources.ts';
import type { Component, ComponentFactory, Subscription } from '../client/index.ts';

const SWEEP_MS = 60_000;

/**
 * Has the server sweep once a minute: delete what has outlived its kind's time to live (Events), and create the namespaces of the
 * system and its own service again where somebody deleted them. It does so at once when the Cluster changes, since the service's
 * address follows that. Work per object that is concerned.
 */
export function expirySweeper(sweep: (nowMs: number) => void | Promise<void>): ComponentFactory {
  return ({ name, pace, inherited, transport }): Component => {
    let due = false;
    let news: Subscription<unknown> | undefined;
    return {
      name,
      depth: 0,
      start() {
        news = transport.subscribe(clusters, { initial: !inherited, notify: () => pace.ready() });
        if (!inherited) pace.setTimer('sweep', pace.now() + SWEEP_MS, 'periodic');
      },
      onTimer() {
        due = true;
      },
      async step() {
        while (news?.next()) due = true;
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
