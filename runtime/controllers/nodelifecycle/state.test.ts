import { describe, expect, it } from 'vitest';
import { settings } from './nodes.fakes.ts';
import { LifecycleState } from './state.ts';
import { newZone } from './zones.ts';

const empty = newZone(settings());
const record = (zone: string, ready: boolean, counted = true) => ({
  uid: 'u',
  zone,
  ready,
  counted,
});

describe('LifecycleState', () => {
  it('hands out each node when it is due, once', () => {
    const state = new LifecycleState(0);
    state.schedule('a', 5000, false);
    state.schedule('b', 9000, false);
    state.schedule('b', 4000, true);
    expect(state.nextDue()).toEqual({ atMs: 4000, urgent: true });
    expect(state.takeDue(4999)).toEqual(['b']);
    expect(state.nextDue()).toEqual({ atMs: 5000, urgent: false });
    expect(state.takeDue(5000)).toEqual(['a']);
    expect(state.takeDue(99_999)).toEqual([]);
    expect(state.nextDue()).toBeUndefined();
  });

  it('puts the urgent first among those of one moment', () => {
    const state = new LifecycleState(0);
    state.schedule('a', 5000, false);
    state.schedule('z', 5000, true);
    expect(state.nextDue()?.urgent).toBe(true);
    expect(state.takeDue(5000)).toEqual(['z', 'a']);
  });

  it('queues nodes zone by zone in the order in which they came', () => {
    const state = new LifecycleState(0);
    state.enqueue('x', 'b', 1000);
    state.enqueue('x', 'a', 2000);
    state.enqueue('x', 'b', 3000);
    state.enqueue('xy', 'c', 0);
    expect([state.firstWaiting('x'), state.firstWaiting('xy'), state.firstWaiting('y')]).toEqual([
      'b',
      'c',
      undefined,
    ]);
    state.dequeue('b');
    expect([state.firstWaiting('x'), state.isQueued('b')]).toEqual(['a', false]);
  });

  it('counts the nodes of a zone as they come, change, move and go', () => {
    const state = new LifecycleState(0);
    const counts = () =>
      [...state.zones.entries()].map(([key, { ready, unready }]) => [key, ready, unready]);
    state.record('a', record('x', true), empty);
    state.record('b', record('x', false), empty);
    state.record('c', record('x', false, false), empty);
    expect(counts()).toEqual([['x', 1, 1]]);
    state.record('a', record('y', false), empty);
    state.record('b', undefined, empty);
    expect(counts()).toEqual([
      ['x', 0, 0],
      ['y', 0, 1],
    ]);
  });

  it('is not touched by what happens to a copy', () => {
    const state = new LifecycleState(0);
    state.schedule('a', 5000, false);
    state.enqueue('x', 'a', 0);
    const copy = state.clone();
    copy.takeDue(5000);
    copy.dequeue('a');
    copy.record('a', record('x', true), empty);
    expect(state.nextDue()?.atMs).toBe(5000);
    expect([state.firstWaiting('x'), state.nodes.size, state.zones.size]).toEqual(['a', 0, 0]);
  });
});
