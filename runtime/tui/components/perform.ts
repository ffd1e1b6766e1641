import type { ClockState, Control } from '../../client/index.ts';
import type { Message } from '../model/message.ts';
import type { Effect } from '../model/update.ts';
import type { World } from '../model/world.ts';

const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 60, 600];

/** Does what is no change of state; what there is to say about it comes back as a message. */
export async function perform(
  effect: Exclude<Effect, { type: 'quit' | 'redraw' }>,
  world: World,
): Promise<Message | undefined> {
  const { control } = world;
  switch (effect.type) {
    case 'pause':
      control.setMode(control.clock().mode === 'paused' ? 'eager' : 'paused');
      return undefined;
    case 'step':
      if (control.clock().mode !== 'paused') control.setMode('paused');
      await control.step();
      return undefined;
    case 'speed':
      changeSpeed(control, effect.to);
      return undefined;
    case 'delete':
      return remove(effect, world);
  }
}

function changeSpeed(control: Control, to: 'slower' | 'faster' | 'real'): void {
  const at = speedAt(control.clock());
  const next = to === 'real' ? 1 : SPEEDS[Math.max(0, to === 'faster' ? at + 1 : at - 1)];
  if (next === undefined) control.setMode('eager');
  else {
    control.setSpeed(next);
    control.setMode('real');
  }
}

/** Place in the list of speeds; eager is faster than all of them. */
function speedAt({ mode, speed }: ClockState): number {
  if (mode === 'eager') return SPEEDS.length;
  const at = SPEEDS.findIndex((each) => each >= speed);
  return at < 0 ? SPEEDS.length - 1 : at;
}

async function remove(
  { resource, object }: Extract<Effect, { type: 'delete' }>,
  world: World,
): Promise<Message> {
  const name = `${resource.kind.toLowerCase()} ${object.metadata.name}`;
  try {
    await world.remove(resource, object);
    return { type: 'flash', text: `${name} is being deleted`, tone: 'info' };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { type: 'flash', text, tone: 'error' };
  }
}
