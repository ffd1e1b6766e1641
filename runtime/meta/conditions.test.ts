import { describe, expect, it } from 'vitest';
import { conditionOf, isConditionTrue, withCondition, withoutCondition } from './conditions.ts';

describe('conditions', () => {
  const ready = { type: 'Ready', status: 'False', reason: 'A', lastTransitionTime: 't1' };

  it('keep the time of the transition while the status stays', () => {
    const next = withCondition([ready], { ...ready, reason: 'B', lastTransitionTime: 't2' });
    expect(next).toEqual([{ ...ready, reason: 'B' }]);
    const turned = withCondition([ready], { ...ready, status: 'True', lastTransitionTime: 't2' });
    expect(turned[0]).toMatchObject({ status: 'True', lastTransitionTime: 't2' });
  });

  it('stay the same list when nothing but a time would change', () => {
    const list = [ready];
    expect(withCondition(list, { ...ready, lastTransitionTime: 't2' })).toBe(list);
    expect(withoutCondition(list, 'Other')).toBe(list);
    expect(withoutCondition(list, 'Ready')).toEqual([]);
    expect(withCondition(undefined, ready)).toEqual([ready]);
  });

  it('are found by type', () => {
    expect(conditionOf([ready], 'Ready')).toBe(ready);
    expect(isConditionTrue([{ type: 'Ready', status: 'True' }], 'Ready')).toBe(true);
    expect(isConditionTrue([ready], 'Ready')).toBe(false);
    expect(isConditionTrue(undefined, 'Ready')).toBe(false);
  });
});
