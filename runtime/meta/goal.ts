import { jsonEqual } from '../../generator/model/equal.ts';
import type { Goal, GoalCheck } from '../../generator/model/schema.ts';
import { type ConditionLike, conditionOf } from './conditions.ts';
import { isDeleting, type KubeObject, valueAt } from './object.ts';

export interface GoalState {
  readonly atGoal: boolean;
  readonly want?: number;
  readonly have?: number;
  /** What it waits for, in a few words with the numbers; absent at the goal. */
  readonly waitingFor?: string;
}

/** Whether an object is where its kind's schema says it is to go, and if not, what is missing. An object that is being deleted never is. */
export function evaluateGoal(goal: Goal, object: KubeObject): GoalState {
  const numbers = goal.want || goal.have ? numbersOf(object, goal) : NO_NUMBERS;
  if (isDeleting(object)) return { atGoal: false, ...numbers, waitingFor: deletionText(object) };
  for (const check of goal.checks) {
    const missing = missingFor(check, object);
    if (missing !== undefined) return { atGoal: false, ...numbers, waitingFor: missing };
  }
  return numbers === NO_NUMBERS ? AT_GOAL : { atGoal: true, ...numbers };
}

const NO_NUMBERS = {};
const AT_GOAL: GoalState = { atGoal: true };

function numbersOf(object: KubeObject, { want, have }: Goal): { want?: number; have?: number } {
  return { ...numberAt(object, want, 'want'), ...numberAt(object, have, 'have') };
}

function numberAt(
  object: KubeObject,
  path: string | undefined,
  as: 'want' | 'have',
): { want?: number; have?: number } {
  return path === undefined ? {} : { [as]: Number(valueAt(object, path) ?? 0) };
}

function deletionText({ metadata }: KubeObject): string {
  const finalizers = metadata.finalizers ?? [];
  return finalizers.length > 0 ? `deletion: finalizers ${finalizers.join(', ')}` : 'deletion';
}

function missingFor(check: GoalCheck, object: KubeObject): string | undefined {
  const { unless, equal, path, oneOf, condition, without } = check;
  if (unless?.oneOf.includes(valueAt(object, unless.path))) return undefined;
  if (equal) {
    const [have, want] = [valueAt(object, equal[0]) ?? 0, valueAt(object, equal[1]) ?? 0];
    return jsonEqual(have, want) ? undefined : `${equal[0]} is ${have}, not yet ${want}`;
  }
  if (path !== undefined) {
    const value = valueAt(object, path);
    return oneOf?.includes(value) ? undefined : `${path} is ${String(value ?? 'not set')}`;
  }
  if (condition) return missingCondition(condition, object);
  if (without) return trueOf(without, object);
  return undefined;
}

/** The first of these conditions that is True. */
function trueOf(types: readonly string[], object: KubeObject): string | undefined {
  const conditions = valueAt(object, 'status.conditions') as ConditionLike[] | undefined;
  const found = conditions?.find(({ type, status }) => status === 'True' && types.includes(type));
  return found && [found.type, found.reason, found.message].filter(Boolean).join(': ');
}

/** The nearest reason for a condition that is not there: what a container waits for, or the earliest condition that is not met. */
function missingCondition(
  { type, status, reasons = [] }: NonNullable<GoalCheck['condition']>,
  object: KubeObject,
): string | undefined {
  const conditions = valueAt(object, 'status.conditions') as ConditionLike[] | undefined;
  const found = conditionOf(conditions, type);
  if (found?.status === status || reasons.includes(found?.reason ?? '')) return undefined;
  const waiting = waitingContainer(object);
  if (waiting) return waiting;
  const unmet = conditions?.find((each) => each.status === 'False' && each.message) ?? found;
  if (!unmet) return `${type}: nothing reported yet`;
  return [unmet.type, unmet.reason, unmet.message].filter(Boolean).join(': ');
}

interface WaitingContainer {
  readonly name: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

function waitingContainer(object: KubeObject): string | undefined {
  for (const list of ['status.initContainerStatuses', 'status.containerStatuses']) {
    const statuses = valueAt(object, list) as WaitingContainer[] | undefined;
    const waiting = statuses?.find(({ state }) => state?.waiting?.reason);
    const { reason, message } = waiting?.state?.waiting ?? {};
    if (waiting && reason) return `${waiting.name}: ${reason}${message ? `: ${message}` : ''}`;
  }
  return undefined;
}
