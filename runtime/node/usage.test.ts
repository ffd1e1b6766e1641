import { expect, it } from 'vitest';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { compileBehaviours } from './behaviour-match.ts';
import {
  exceedsMemoryAtMs,
  IDLE_PLAN,
  nextStepMs,
  type UsagePlan,
  usagePlan,
  usesAt,
} from './usage.ts';

const MI = 2 ** 20;

function planOf(usage: BehaviourSpec['usage']): UsagePlan {
  const [behaviour] = compileBehaviours([{ metadata: { name: 'b' }, spec: { usage } } as never]);
  return usagePlan(behaviour);
}

const plan = planOf({
  memory: '10Mi',
  volumes: { a: '1Mi' },
  curve: [
    { at: '2m', memory: '5Mi', processes: 4 },
    { at: '1m', memory: '50Mi', storage: '3Mi', volumes: { b: '2Mi' } },
  ],
});

it('holds each step until the next, whatever order they are written in', () => {
  const at = (seconds: number) => usesAt(plan, 1000, 1000 + seconds * 1000);
  expect(at(59)).toMatchObject({ memoryBytes: 10 * MI, processes: 1, volumes: { a: MI } });
  expect(at(60)).toMatchObject({
    memoryBytes: 50 * MI,
    layerBytes: 3 * MI,
    volumes: { a: MI, b: 2 * MI },
  });
  expect(at(500)).toMatchObject({ memoryBytes: 5 * MI, layerBytes: 3 * MI, processes: 4 });
});

it('knows when it changes, and the most of each thing', () => {
  expect([0, 60_000, 120_000].map((ms) => nextStepMs(plan, 0, ms))).toEqual([
    60_000,
    120_000,
    Infinity,
  ]);
  expect(plan.peak).toEqual({
    memoryBytes: 50 * MI,
    layerBytes: 3 * MI,
    logBytes: 0,
    inodes: 0,
    processes: 4,
    volumes: { a: MI, b: 2 * MI },
  });
});

it('finds when memory first goes over a limit', () => {
  expect([9, 10, 49, 50].map((mi) => exceedsMemoryAtMs(plan, mi * MI))).toEqual([
    0,
    60_000,
    60_000,
    undefined,
  ]);
});

it('is one process where nothing is said', () => {
  expect(usagePlan(undefined)).toBe(IDLE_PLAN);
  expect(IDLE_PLAN.peak.processes).toBe(1);
});
