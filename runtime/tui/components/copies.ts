import { humanDuration } from '../../meta/index.ts';
import type { Trial } from '../model/message.ts';
import type { Copy, World } from '../model/world.ts';
import { act } from './act.ts';

/** Virtual time that what was tried gets to come to an end. */
const TRIAL_MAX_MS = 30 * 60_000;
/** What was tried takes effect before anybody asks whether all is well. */
const FIRST_MS = 1000;

/** A copy as a world that knows what it is compared with. */
export function worldOf({ world, other }: Copy): World {
  return {
    control: world.control,
    get kinds() {
      return world.kinds;
    },
    lister: (resource) => world.lister(resource),
    get client() {
      return world.client;
    },
    copy: (of) => world.copy(of),
    request: (detail) => world.request(detail),
    access: () => world.access(),
    pods: () => world.pods(),
    other,
  };
}

/** Does something to a copy and lets it run until all is well again, or no more will come of it. Returns what there is to say. */
export async function tryOut(trial: Trial, copy: World): Promise<string> {
  const { control } = copy;
  if ('action' in trial) await act(trial.action, copy);
  else control.inject(trial.fault);
  const { nowMs } = control.clock();
  await control.runUntil(() => false, nowMs + FIRST_MS);
  const converged = await control.runUntil(() => control.converged, nowMs + TRIAL_MAX_MS);
  const took = humanDuration(control.clock().nowMs - nowMs);
  const outcome = converged ? `converged again after ${took}` : `not converged after ${took}`;
  return `on the copy: ${outcome}; :now discards it`;
}
