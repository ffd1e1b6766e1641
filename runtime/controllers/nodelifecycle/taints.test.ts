import { describe, expect, it } from 'vitest';
import type { Taint } from '../../../generated/core/v1/types.ts';
import { at, condition, nodeOf, START } from './nodes.fakes.ts';
import {
  evictingTaint,
  isWronglyTainted,
  missingLabels,
  NOT_READY,
  UNREACHABLE,
  withConditionTaints,
  withEvictingTaint,
  withTaints,
} from './taints.ts';

const own: Taint = { key: 'own', value: 'lab', effect: 'NoSchedule' };
const keys = (taints: readonly Taint[]): string[] =>
  taints.map(({ key, effect }) => `${key}:${effect}`);
const evicting = (key: string): Taint => ({ key, effect: 'NoExecute', timeAdded: at(0) });

describe('withConditionTaints', () => {
  it.each([
    ['Ready', 'False', ['node.kubernetes.io/not-ready:NoSchedule']],
    ['Ready', 'Unknown', ['node.kubernetes.io/unreachable:NoSchedule']],
    ['Ready', 'True', []],
    ['MemoryPressure', 'True', ['node.kubernetes.io/memory-pressure:NoSchedule']],
    ['DiskPressure', 'True', ['node.kubernetes.io/disk-pressure:NoSchedule']],
    ['PIDPressure', 'True', ['node.kubernetes.io/pid-pressure:NoSchedule']],
    ['NetworkUnavailable', 'True', ['node.kubernetes.io/network-unavailable:NoSchedule']],
    ['NetworkUnavailable', 'Unknown', []],
    ['example.com/Other', 'True', []],
  ] as const)('%s %s', (type, status, expected) => {
    const node = nodeOf({ conditions: [condition(type, status)], taints: [own] });
    expect(keys(withConditionTaints(node, START))).toEqual(['own:NoSchedule', ...expected]);
  });

  it('adds the taint of a cordoned node with its time, and takes it off again', () => {
    const cordoned = nodeOf({ unschedulable: true });
    const taints = withConditionTaints(cordoned, START + 60_000);
    expect(taints).toEqual([
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: at(60) },
    ]);
    expect(withConditionTaints(nodeOf({ taints }), START)).toEqual([]);
  });

  it('swaps the taint when the condition goes from False to Unknown', () => {
    const taints = [{ key: NOT_READY, effect: 'NoSchedule' as const }, own];
    const node = nodeOf({ conditions: [condition('Ready', 'Unknown')], taints });
    expect(keys(withConditionTaints(node, START))).toEqual([
      'own:NoSchedule',
      `${UNREACHABLE}:NoSchedule`,
    ]);
  });

  it('is the same list when it is right, whatever NoExecute taints there are', () => {
    const node = nodeOf({
      conditions: [condition('Ready', 'Unknown')],
      taints: [evicting(NOT_READY), { key: UNREACHABLE, effect: 'NoSchedule' }],
    });
    expect(withConditionTaints(node, START)).toBe(node.spec?.taints);
  });
});

describe('withEvictingTaint', () => {
  it('adds, swaps and takes off', () => {
    const clean = nodeOf({ taints: [own] });
    expect(withEvictingTaint(clean, UNREACHABLE, START)).toEqual([own, evicting(UNREACHABLE)]);
    const tainted = nodeOf({ taints: [own, evicting(UNREACHABLE)] });
    expect(withEvictingTaint(tainted, NOT_READY, START)).toEqual([own, evicting(NOT_READY)]);
    expect(withEvictingTaint(tainted, undefined, START)).toEqual([own]);
    expect(withEvictingTaint(tainted, UNREACHABLE, START)).toBe(tainted.spec?.taints);
    expect(withEvictingTaint(clean, undefined, START)).toBe(clean.spec?.taints);
  });

  it('is asked for by the Ready condition', () => {
    expect((['True', 'False', 'Unknown'] as const).map(evictingTaint)).toEqual([
      undefined,
      NOT_READY,
      UNREACHABLE,
    ]);
  });
});

it('knows a node whose NoExecute taints contradict its condition', () => {
  const wrong = (status: 'True' | 'False' | 'Unknown', ...taints: Taint[]): boolean =>
    isWronglyTainted(nodeOf({ conditions: [condition('Ready', status)], taints }));
  expect(wrong('True')).toBe(false);
  expect(wrong('True', evicting(NOT_READY))).toBe(true);
  expect(wrong('Unknown')).toBe(true);
  expect(wrong('Unknown', evicting(UNREACHABLE))).toBe(false);
  expect(wrong('False', evicting(UNREACHABLE))).toBe(true);
  expect(isWronglyTainted(nodeOf())).toBe(false);
});

it('leaves no empty list of taints', () => {
  expect(withTaints(nodeOf({ taints: [own] }), []).spec).toEqual({});
});

it('copies the labels that go in pairs', () => {
  const stable = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' };
  const beta = { 'beta.kubernetes.io/os': 'linux', 'beta.kubernetes.io/arch': 'arm64' };
  expect(missingLabels(nodeOf())).toBeUndefined();
  expect(missingLabels(nodeOf({ labels: stable }))).toEqual(beta);
  expect(missingLabels(nodeOf({ labels: { ...stable, ...beta } }))).toBeUndefined();
  const wrong = { ...stable, ...beta, 'beta.kubernetes.io/arch': 'amd64' };
  expect(missingLabels(nodeOf({ labels: wrong }))).toEqual({ 'beta.kubernetes.io/arch': 'arm64' });
});
