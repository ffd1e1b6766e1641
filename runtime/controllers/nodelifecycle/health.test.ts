import { describe, expect, it } from 'vitest';
import { staleAtMs, unknownConditions } from './health.ts';
import { at, condition, leaseAt, nodeOf, START, settings } from './nodes.fakes.ts';

const seconds = (node = nodeOf(), lease = leaseAt(0), floor = 0, now = 3600): number => {
  const grid = { startMs: START, periodMs: 5000, floorMs: START + floor * 1000 };
  return (staleAtMs(node, lease, settings(), grid, START + now * 1000) - START) / 1000;
};

describe('staleAtMs', () => {
  const ready = nodeOf({ conditions: [condition('Ready', 'True')] });

  it('counts the grace period from the look that saw the last lease', () => {
    expect(seconds(ready, leaseAt(20))).toBe(70);
    expect(seconds(ready, leaseAt(20.1))).toBe(75);
    expect(seconds(ready, leaseAt(25))).toBe(75);
  });

  it('takes a status for a sign of life too', () => {
    const posted = nodeOf({ conditions: [condition('Ready', 'False', 40)] });
    expect(seconds(posted, leaseAt(20))).toBe(90);
  });

  it('gives a node that has never posted its status the longer period', () => {
    expect(seconds(nodeOf(), leaseAt(0))).toBe(60);
  });

  it('does not count silence before the floor', () => {
    expect(seconds(ready, leaseAt(20), 100)).toBe(150);
  });

  it('counts the silence of a node without a status from its creation, whenever the controller came', () => {
    const old = { ...nodeOf(), metadata: { name: 'node-0', creationTimestamp: at(-300) } };
    expect(seconds(old, leaseAt(-400))).toBe(-240);
    expect(seconds(old, leaseAt(-400), 100)).toBe(160);
  });

  it('does not believe in signs from the future', () => {
    expect(seconds(ready, leaseAt(5000), 0, 30)).toBe(50);
  });
});

describe('unknownConditions', () => {
  it('makes what the kubelet said unknown, and adds what it never said', () => {
    const node = nodeOf({
      conditions: [
        condition('NetworkUnavailable', 'False'),
        condition('Ready', 'True', 30),
        condition('MemoryPressure', 'False', 30),
      ],
    });
    const silent = {
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastHeartbeatTime: at(30),
      lastTransitionTime: at(90),
    };
    const never = {
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: at(0),
      lastTransitionTime: at(90),
    };
    const conditions = unknownConditions(node, START + 90_000);
    expect(conditions).toEqual([
      condition('NetworkUnavailable', 'False'),
      { type: 'Ready', ...silent },
      { type: 'MemoryPressure', ...silent },
      { type: 'DiskPressure', ...never },
      { type: 'PIDPressure', ...never },
    ]);
    expect(unknownConditions(nodeOf({ conditions }), START + 95_000)).toBe(conditions);
  });
});
