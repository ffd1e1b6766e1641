import { evaluateGoal, type GoalState, isDeleting, type KubeObject } from '../../meta/index.ts';
import type { Tone } from './text.ts';
import type { Kind } from './world.ts';

/** Words of statuses and reasons that mean that something is broken, not only unfinished. */
const BROKEN =
  /\b(\w*BackOff|Err[A-Z]\w*|Error|\w+Error|Failed\w*|Evicted|OOMKilled|NotReady|\w*Unknown|Lost|InvalidImageName|DeadlineExceeded)\b/;
const FINISHED = /^(Completed|Succeeded)$/;
/** Of a pod: its containers for the start are at work, or through. */
const BEGINNING = /^(Init:\d+\/\d+|PodInitializing|Initialized)$/;
/** A status, and no sentence. */
const ONE_WORD = /^\w+$/;
/** Types of events: what they tell of is told by the type alone. */
const WARNING = /^Warning$/;
const USUAL = /^Normal$/;

const goals = new WeakMap<KubeObject, GoalState>();
const AT_GOAL: GoalState = { atGoal: true };

/** Whether an object is at its goal; a kind without one always is. Worked out once an object. */
export function goalOf({ descriptor }: Kind, object: KubeObject): GoalState {
  if (!descriptor.goal) return AT_GOAL;
  let state = goals.get(object);
  if (!state) {
    state = evaluateGoal(descriptor.goal, object);
    goals.set(object, state);
  }
  return state;
}

/** What a row of a table means: by its goal, and by the words in its cells. */
export function rowTone(kind: Kind, object: KubeObject, cells: readonly string[]): Tone {
  if (isDeleting(object)) return 'deleted';
  if (cells.some((cell) => WARNING.test(cell))) return 'pending';
  const { atGoal } = goalOf(kind, object);
  if (atGoal && cells.some((cell) => USUAL.test(cell))) return 'normal';
  if (cells.some((cell) => FINISHED.test(cell))) return 'completed';
  if (!atGoal && cells.some(isBroken)) return 'error';
  if (cells.some((cell) => ONE_WORD.test(cell) && isBroken(cell))) return 'error';
  if (atGoal) return 'normal';
  return cells.some((cell) => BEGINNING.test(cell)) ? 'highlight' : 'pending';
}

/** Whether a text tells of something that is broken. */
export function isBroken(text: string): boolean {
  return BROKEN.test(text);
}
