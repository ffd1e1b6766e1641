import type { Message } from './message.ts';
import { flashed, pushView, type State, without } from './state.ts';
import { elapsed } from './text-time.ts';
import type { Next } from './update.ts';
import { HOME, pageView } from './view.ts';
import type { Moment, World } from './world.ts';

/** Into a copy of the cluster as it is or was, and back: all views are then of that copy. */
export function otherMoment(
  state: State,
  message: Extract<Message, { type: 'copy-of' | 'now' | 'entered' | 'left' }>,
  world: World,
): Next {
  switch (message.type) {
    case 'copy-of': {
      const { of, trial } = message;
      if (of === 'now' && state.copy !== undefined)
        return { state: flashed(state, 'this is a copy already: do it, or :now first') };
      const text = momentText(of, world);
      const said = trial ? `trying it on a copy of ${text} ...` : `copying ${text} ...`;
      const asked = { type: 'copy-of', of, text, ...(trial ? { trial } : {}) } as const;
      return { state: flashed(state, said), effect: asked };
    }
    case 'now':
      return state.copy === undefined
        ? { state: flashed(state, 'this is the cluster itself') }
        : { state, effect: { type: 'now' } };
    case 'entered': {
      const words = 'a copy, standing still: nothing done here touches the cluster; :now goes back';
      const entered = flashed({ ...state, copy: message.copy }, words);
      return { state: message.compares ? pushView(entered, pageView('changes')) : entered };
    }
    case 'left': {
      const views = state.views.filter(({ type, ...view }) => {
        return type !== 'page' || !OF_COPIES.has((view as { page: string }).page);
      });
      const left = { ...without(state, 'copy'), views: views.length > 0 ? views : [HOME] };
      return { state: flashed(left, 'back at the cluster itself') };
    }
  }
}

/** Pages that say nothing of the cluster itself. */
const OF_COPIES: ReadonlySet<string> = new Set(['changes', 'contexts']);

function momentText(of: Moment, { control }: World): string {
  if (of === 'now') return `rev ${control.revision()}`;
  if ('revision' in of) return `rev ${of.revision}`;
  const { nowMs, elapsedMs } = control.clock();
  return `t+${elapsed(of.atMs - (nowMs - elapsedMs))}`;
}
