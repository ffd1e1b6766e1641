import { describe, expect, it } from 'vitest';
import { evaluateGoal } from './goal.ts';

describe('a goal', () => {
  const goal = {
    want: 'spec.replicas',
    have: 'status.ready',
    checks: [
      { equal: ['status.seen', 'metadata.generation'] as const },
      { equal: ['status.ready', 'spec.replicas'] as const },
    ],
  };
  const object = (status: object, metadata = {}) =>
    ({
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'x', generation: 2, ...metadata },
      spec: { replicas: 3 },
      status,
    }) as never;

  it('is reached when all checks hold, and says with numbers what is missing', () => {
    expect(evaluateGoal(goal, object({ seen: 2, ready: 3 }))).toEqual({
      atGoal: true,
      want: 3,
      have: 3,
    });
    expect(evaluateGoal(goal, object({ seen: 2, ready: 1 }))).toEqual({
      atGoal: false,
      want: 3,
      have: 1,
      waitingFor: 'status.ready is 1, not yet 3',
    });
    expect(evaluateGoal(goal, object({}))).toMatchObject({ have: 0, atGoal: false });
  });

  it('may ask for conditions not to be true, and says what they say', () => {
    const asks = { checks: [{ without: ['Stuck', 'Late'] }] };
    const late = (status: string) => [{ type: 'Late', status, reason: 'Full', message: 'no room' }];
    expect(evaluateGoal(asks, object({}))).toEqual({ atGoal: true });
    expect(evaluateGoal(asks, object({ conditions: late('False') }))).toEqual({ atGoal: true });
    expect(evaluateGoal(asks, object({ conditions: late('True') }))).toEqual({
      atGoal: false,
      waitingFor: 'Late: Full: no room',
    });
  });

  it('is never reached while the object goes away', () => {
    const going = { deletionTimestamp: 't', finalizers: ['a', 'b'] };
    expect(evaluateGoal({ checks: [] }, object({}, going))).toEqual({
      atGoal: false,
      waitingFor: 'deletion: finalizers a, b',
    });
  });

  it('takes a condition for met by its reason', () => {
    const active = {
      checks: [{ condition: { type: 'Active', status: 'True' as const, reasons: ['TurnedOff'] } }],
    };
    const told = (reason: string) =>
      evaluateGoal(active, object({ conditions: [{ type: 'Active', status: 'False', reason }] }));
    expect(told('TurnedOff')).toEqual({ atGoal: true });
    expect(told('Broken')).toMatchObject({ atGoal: false });
  });

  it('asks conditions, unless the object is excused, and names what is nearest to the cause', () => {
    const ready = {
      checks: [
        {
          condition: { type: 'Ready', status: 'True' as const },
          unless: { path: 'status.phase', oneOf: ['Succeeded'] },
        },
      ],
    };
    const conditions = [
      { type: 'Ready', status: 'False' },
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
    ];
    expect(evaluateGoal(ready, object({ conditions })).waitingFor).toBe(
      'PodScheduled: Unschedulable: 0/3 nodes',
    );
    const containerStatuses = [
      { name: 'web', state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } },
    ];
    expect(evaluateGoal(ready, object({ conditions, containerStatuses })).waitingFor).toBe(
      'web: ErrImagePull: no such image',
    );
    expect(evaluateGoal(ready, object({})).waitingFor).toBe('Ready: nothing reported yet');
    expect(evaluateGoal(ready, object({ phase: 'Succeeded' })).atGoal).toBe(true);
    const phase = { checks: [{ path: 'status.phase', oneOf: ['Active'] }] };
    expect(evaluateGoal(phase, object({})).waitingFor).toBe('status.phase is not set');
  });
});
