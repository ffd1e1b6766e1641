/** The common part of all condition types. */
export interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function conditionOf<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((each) => each.type === type);
}

export function isConditionTrue(
  conditions: readonly ConditionLike[] | undefined,
  type: string,
): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/**
 * The list with `condition` in it: in the place of the one of its type, or last. The transition time is the old one's
 * when the status is the same; the same list when nothing but times would change.
 */
export function withCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  condition: C,
): readonly C[] {
  const list = conditions ?? [];
  const at = list.findIndex(({ type }) => type === condition.type);
  const before = list[at];
  if (!before) return [...list, condition];
  const { status, reason, message } = before;
  const same = status === condition.status;
  if (same && reason === condition.reason && message === condition.message) return list;
  const kept = same && before.lastTransitionTime !== undefined;
  const next = kept ? { ...condition, lastTransitionTime: before.lastTransitionTime } : condition;
  return list.map((each, index) => (index === at ? next : each));
}

export function withoutCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  type: string,
): readonly C[] {
  const list = conditions ?? [];
  return list.some((each) => each.type === type) ? list.filter((each) => each.type !== type) : list;
}
