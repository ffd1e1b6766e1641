import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { PodDisruptionBudget } from '../../../generated/policy/v1/types.ts';
import { formatTime } from '../../meta/index.ts';
import { selectorText } from '../selector-text.ts';
import { decideBudget } from './decide.ts';
import type { Scale } from './scales.ts';

const NOW = 1_000_000;
type Spec = NonNullable<PodDisruptionBudget['spec']>;

const budget = (spec: Spec, status?: PodDisruptionBudget['status']): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace: 'shop', generation: 1 },
  spec,
  ...(status ? { status } : {}),
});

const pod = (name: string, ready = true, deletionTimestamp?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...(deletionTimestamp ? { deletionTimestamp } : {}) },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

const three = [pod('a'), pod('b'), pod('c', false)];
const scale = (replicas: number) => (): Scale => ({ uid: 'u', replicas });

function decide(spec: Spec, pods = three, scaleOf: (pod: Pod) => Scale = scale(3)) {
  return decideBudget({ budget: budget(spec), pods, scaleOf, nowMs: NOW });
}

function numbers({ status }: ReturnType<typeof decide>) {
  const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = status!;
  return [expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed];
}

describe('the numbers of a budget', () => {
  it.each<[Spec, number, number[]]>([
    [{ minAvailable: 1 }, 9, [3, 2, 1, 1]],
    [{ minAvailable: 2 }, 9, [3, 2, 2, 0]],
    [{ minAvailable: 5 }, 9, [3, 2, 5, 0]],
    [{ minAvailable: '50%' }, 3, [3, 2, 2, 0]],
    [{ minAvailable: '34%' }, 3, [3, 2, 2, 0]],
    [{ minAvailable: '33%' }, 3, [3, 2, 1, 1]],
    [{ maxUnavailable: 1 }, 3, [3, 2, 2, 0]],
    [{ maxUnavailable: 2 }, 3, [3, 2, 1, 1]],
    [{ maxUnavailable: '10%' }, 3, [3, 2, 2, 0]],
    [{ maxUnavailable: 5 }, 3, [3, 2, 0, 2]],
    [{}, 3, [0, 2, 0, 0]],
  ])('under %j at a scale of %i', (spec, replicas, expected) => {
    expect(numbers(decide(spec, three, scale(replicas)))).toEqual(expected);
  });

  it('count each controller once', () => {
    const scaleOf = ({ metadata }: Pod): Scale =>
      metadata.name === 'a' ? { uid: 'x', replicas: 4 } : { uid: 'y', replicas: 2 };
    expect(numbers(decide({ maxUnavailable: 0 }, three, scaleOf))).toEqual([6, 2, 6, 0]);
  });

  it('allow nothing where no pod is expected, whatever is healthy', () => {
    const decision = decide({ maxUnavailable: 1 }, three, () => 'unmanaged');
    expect(numbers(decision)).toEqual([0, 2, 0, 0]);
    expect(decision.hasUnmanaged).toBe(true);
  });

  it('leave out pods that are being deleted', () => {
    const going = [pod('a'), pod('b', true, formatTime(NOW))];
    expect(numbers(decide({ minAvailable: 1 }, going))).toEqual([2, 1, 1, 0]);
  });
});

describe('a budget', () => {
  it('says whether it allows something, and is left alone when nothing differs', () => {
    const { status } = decide({ minAvailable: 1 });
    expect(status?.conditions).toEqual([
      {
        type: 'DisruptionAllowed',
        status: 'True',
        reason: 'SufficientPods',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: formatTime(NOW),
      },
    ]);
    const same = budget({ minAvailable: 1 }, status);
    const again = decideBudget({ budget: same, pods: three, scaleOf: scale(3), nowMs: NOW + 9e6 });
    expect(again.status).toBe(status);
  });

  it('fails safe where its pods cannot be counted, and keeps what it knew', () => {
    const known = decide({ minAvailable: 1 }).status!;
    const failure = 'jobs.batch does not implement the scale subresource';
    const scaleOf = (): Scale => ({ failure });
    const failing = budget({ maxUnavailable: 1 }, known);
    const decision = decideBudget({ budget: failing, pods: three, scaleOf, nowMs: NOW });
    expect(decision).toMatchObject({
      failure,
      status: {
        currentHealthy: 2,
        disruptionsAllowed: 0,
        conditions: [{ status: 'False', reason: 'SyncFailed', message: failure }],
      },
    });
  });

  it('counts an evicted pod as gone for two minutes', () => {
    const disruptedPods = { a: formatTime(NOW), gone: formatTime(NOW) };
    const counted = { ...decide({ minAvailable: 1 }).status!, disruptedPods };
    const at = (nowMs: number) =>
      decideBudget({
        budget: budget({ minAvailable: 1 }, counted),
        pods: three,
        scaleOf: scale(3),
        nowMs,
      });
    const soon = at(NOW + 60_000);
    expect(numbers(soon)).toEqual([3, 1, 1, 0]);
    expect(soon.status?.disruptedPods).toEqual({ a: formatTime(NOW) });
    expect(soon.recheckMs).toBe(NOW + 120_000);
    const late = at(NOW + 120_000);
    expect(numbers(late)).toEqual([3, 2, 1, 1]);
    expect(late.status).not.toHaveProperty('disruptedPods');
    expect(late.notDeleted).toEqual([three[0]]);
  });
});

it('prints selectors as upstream does', () => {
  const selector = {
    matchLabels: { tier: 'x', app: 'web' },
    matchExpressions: [{ key: 'a', operator: 'In' as const, values: ['b', 'c'] }],
  };
  expect(selectorText(selector)).toBe(
    '&LabelSelector{MatchLabels:map[string]string{app: web,tier: x,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:a,Operator:In,Values:[b c],},},}',
  );
});
