import { describe, expect, it } from 'vitest';
import { NOW } from './autoscaler.fakes.ts';
import { type History, newHistory } from './history.ts';
import { limitedByDefault, limitedByPolicies, withChange } from './limits.ts';
import { stabilizedByDefault, stabilizedByWindows } from './stabilize.ts';

const ago = (seconds: number): number => NOW - seconds * 1000;
const recommended = (
  ...of: readonly (readonly [secondsAgo: number, replicas: number])[]
): History => ({
  ...newHistory(0),
  recommendations: of.map(([seconds, replicas]) => ({ atMs: ago(seconds), replicas })),
});

describe('without behaviour', () => {
  it('the highest recommendation of the window counts, its first moment included', () => {
    const history = recommended([301, 9], [300, 7], [15, 3]);
    const { recommendations, ...found } = stabilizedByDefault(2, history, 300_000, NOW);
    expect(found).toMatchObject({ replicas: 7, reason: 'ScaleDownStabilized' });
    expect(recommendations.map(({ replicas }) => replicas)).toEqual([7, 3, 2]);
    expect(stabilizedByDefault(8, history, 300_000, NOW)).toMatchObject({
      replicas: 8,
      reason: 'ReadyForNewScale',
    });
  });

  it.each([
    [5, { current: 2, min: 1, max: 9 }, 4, 'ScaleUpLimit'],
    [50, { current: 6, min: 1, max: 60 }, 12, 'ScaleUpLimit'],
    [50, { current: 6, min: 1, max: 12 }, 12, 'TooManyReplicas'],
    [1, { current: 6, min: 2, max: 12 }, 2, 'TooFewReplicas'],
    [7, { current: 6, min: 2, max: 12 }, 7, 'DesiredWithinRange'],
  ])('%i of %o becomes %i', (desired, bounds, replicas, reason) => {
    expect(limitedByDefault(desired, bounds)).toMatchObject({ replicas, reason });
  });
});

describe('windows', () => {
  it('hold a rise down to the lowest, and a fall up to the highest, of what is younger', () => {
    const history = recommended([60, 2], [59, 4], [10, 6]);
    const windows = { upMs: 60_000, downMs: 60_000 };
    expect(stabilizedByWindows(9, 3, history, windows, NOW)).toMatchObject({
      replicas: 4,
      reason: 'ScaleUpStabilized',
    });
    expect(stabilizedByWindows(1, 8, history, windows, NOW)).toMatchObject({
      replicas: 6,
      reason: 'ScaleDownStabilized',
    });
    expect(stabilizedByWindows(9, 3, history, { upMs: 0, downMs: 0 }, NOW)).toMatchObject({
      replicas: 9,
      reason: 'ReadyForNewScale',
    });
  });

  it('keep what the longer of them may still ask for', () => {
    const history = recommended([90, 2], [30, 4]);
    const { recommendations } = stabilizedByWindows(
      5,
      4,
      history,
      { upMs: 0, downMs: 60_000 },
      NOW,
    );
    expect(recommendations.map(({ replicas }) => replicas)).toEqual([4, 5]);
  });
});

describe('policies', () => {
  const bounds = { current: 10, min: 1, max: 100 };
  const pods = (value: number, periodSeconds = 60) =>
    ({ type: 'Pods', value, periodSeconds }) as const;
  const percent = (value: number, periodSeconds = 60) =>
    ({ type: 'Percent', value, periodSeconds }) as const;
  type Policies = readonly (ReturnType<typeof pods> | ReturnType<typeof percent>)[];
  const limited = (
    desired: number,
    policies: Policies,
    selectPolicy: 'Max' | 'Min' | 'Disabled' = 'Max',
    history: History = newHistory(0),
    within = bounds,
  ) => {
    const rules = { policies, selectPolicy };
    const { replicas, reason } = limitedByPolicies(
      desired,
      within,
      { up: rules, down: rules },
      history,
      NOW,
    );
    return [replicas, reason];
  };

  it('let a number go as far as the most, or the least, generous says', () => {
    const both = [pods(3), percent(50)];
    expect(limited(40, both)).toEqual([15, 'ScaleUpLimit']);
    expect(limited(40, both, 'Min')).toEqual([13, 'ScaleUpLimit']);
    expect(limited(1, both)).toEqual([5, 'ScaleDownLimit']);
    expect(limited(1, both, 'Min')).toEqual([7, 'ScaleDownLimit']);
    expect(limited(40, both, 'Disabled')).toEqual([10, 'ScaleUpLimit']);
    expect(limited(1, both, 'Disabled')).toEqual([10, 'ScaleDownLimit']);
    expect(limited(12, both)).toEqual([12, 'DesiredWithinRange']);
    expect(limited(10, both)).toEqual([10, 'DesiredWithinRange']);
  });

  it('round up what is added, so that one pod can become two, and down what is left', () => {
    const one = { ...bounds, current: 1 };
    expect(limited(9, [percent(1)], 'Max', newHistory(0), one)).toEqual([2, 'ScaleUpLimit']);
    const five = { ...bounds, current: 5 };
    expect(limited(1, [percent(50)], 'Max', newHistory(0), five)).toEqual([2, 'ScaleDownLimit']);
  });

  it('count what was changed in their period, in both directions', () => {
    const ups = [
      { atMs: ago(60), change: 5 },
      { atMs: ago(59), change: 2 },
    ];
    const history = { ...newHistory(0), ups };
    expect(limited(40, [pods(3)], 'Max', history)).toEqual([11, 'ScaleUpLimit']);
    expect(limited(40, [pods(1)], 'Max', history)).toEqual([10, 'ScaleUpLimit']);
    expect(limited(1, [pods(1)], 'Max', history)).toEqual([7, 'ScaleDownLimit']);
    const downs = [{ atMs: ago(30), change: 4 }];
    expect(limited(40, [pods(3)], 'Max', { ...newHistory(0), downs })).toEqual([
      17,
      'ScaleUpLimit',
    ]);
  });

  it('do not go over the limits', () => {
    const tight = { current: 10, min: 8, max: 12 };
    expect(limited(40, [pods(30)], 'Max', newHistory(0), tight)).toEqual([12, 'TooManyReplicas']);
    expect(limited(1, [pods(30)], 'Max', newHistory(0), tight)).toEqual([8, 'TooFewReplicas']);
  });

  it('look no further back than their longest period', () => {
    const rules = { up: { policies: [pods(1, 30), pods(1, 60)] }, down: { policies: [pods(1)] } };
    const old = { ...newHistory(0), ups: [61, 60].map((each) => ({ atMs: ago(each), change: 1 })) };
    const { ups, downs } = withChange(old, rules, 3, NOW);
    expect(ups.map(({ change }) => change)).toEqual([1, 3]);
    expect(downs).toEqual([]);
    expect(withChange(old, rules, -2, NOW).downs).toEqual([{ atMs: NOW, change: 2 }]);
  });
});
