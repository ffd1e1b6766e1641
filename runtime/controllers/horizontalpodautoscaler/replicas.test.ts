import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type FakePod, fakeMetrics, fakePod, NOW, SETTINGS } from './autoscaler.fakes.ts';
import { type Measured, replicasForAverage, replicasForUtilization } from './replicas.ts';
import { readingOf } from './samples.ts';

interface Given {
  readonly resource?: string;
  readonly container?: string;
  readonly tolerance?: number;
}

/** Pods by what they use of the processor, if that has been measured, and what they are like. */
function measured(
  of: readonly (readonly [used: string | undefined, pod?: FakePod])[],
  { resource = 'cpu', container, tolerance = 0.1 }: Given = {},
): Measured {
  const pods: Pod[] = of.map(([, pod], at) => fakePod(`p${at}`, pod));
  const items = of.flatMap(([used], at) =>
    used === undefined ? [] : [fakeMetrics(`p${at}`, ...used.split('+'))],
  );
  return {
    resource,
    ...(container === undefined ? {} : { container }),
    reading: readingOf({ items }, resource, container),
    pods,
    current: pods.length,
    tolerances: { up: tolerance, down: tolerance },
    settings: SETTINGS,
    nowMs: NOW,
  };
}

const replicas = (calculation: object): unknown =>
  'replicas' in calculation ? calculation.replicas : calculation;

describe('a utilization', () => {
  it('is of all requests together, and rounds the number of pods up', () => {
    const uneven = measured([
      ['500m', { requests: ['500m'] }],
      ['500m', { requests: ['1500m'] }],
    ]);
    expect(replicasForUtilization(uneven, 40)).toEqual({
      replicas: 3,
      utilization: 50,
      average: 500,
    });
  });

  it('counts in whole percent, cut off', () => {
    const almost = measured([['555.9m'], ['555.9m']]);
    expect(replicasForUtilization(almost, 50)).toMatchObject({ utilization: 55, replicas: 2 });
  });

  it.each([
    ['554m', 2],
    ['561m', 3],
    ['450m', 2],
    ['439m', 2],
    ['249m', 1],
  ])('of %s a pod with a target of 50 %% asks two for %i', (used, wanted) => {
    expect(replicas(replicasForUtilization(measured([[used], [used]]), 50))).toBe(wanted);
  });

  it('may be told to be exact', () => {
    const near = measured([['510m'], ['510m']], { tolerance: 0 });
    expect(replicas(replicasForUtilization(near, 50))).toBe(3);
  });

  it('may be of one container, whose request alone counts then', () => {
    const of = [['900m+100m', { requests: [undefined, '100m'] }]] as const;
    const one = replicasForUtilization(measured(of, { container: 'c1' }), 50);
    expect(one).toEqual({ replicas: 2, utilization: 100, average: 100 });
    expect(replicasForUtilization(measured(of), 50)).toEqual({
      failure: 'missing request for cpu in container c0 of Pod p0',
    });
    expect(replicasForUtilization(measured(of, { container: 'c7' }), 50)).toEqual({
      failure:
        'unable to get metrics for resource cpu: container c7 not present in metrics for pod ns/p0',
    });
  });

  it('takes what a pod requests as a whole instead of its containers', () => {
    const given = measured([['500m', { requests: [undefined] }]]);
    const [pod] = given.pods;
    const spec = { ...pod!.spec, resources: { requests: { cpu: '500m' } } };
    const pods = [{ ...pod, spec }] as unknown as Pod[];
    expect(replicasForUtilization({ ...given, pods }, 50)).toMatchObject({ utilization: 100 });
    expect(
      replicasForUtilization({ ...measured([['1']], { resource: 'cpu' }), pods }, 50),
    ).toMatchObject({ utilization: 200 });
  });
});

describe('an average', () => {
  it('is of the pods that count, cut off to thousandths', () => {
    const three = measured([['100m'], ['200m'], ['200m']]);
    expect(replicasForAverage(three, 100)).toEqual({ replicas: 5, average: 166 });
  });

  it('takes what is missing for the target where there would be fewer', () => {
    const one = measured([['10m'], ['10m'], [undefined]]);
    expect(replicas(replicasForAverage(one, 100))).toBe(2);
  });
});

describe('a pod without metrics', () => {
  it('is idle where there would be more, which may turn it round', () => {
    expect(replicas(replicasForUtilization(measured([['1'], [undefined]]), 50))).toBe(2);
    const much = measured([['1'], ['1'], [undefined]]);
    expect(replicas(replicasForUtilization(much, 50))).toBe(4);
  });

  it('is fully used where there would be fewer', () => {
    const of = [['100m'], ['100m'], ['100m'], [undefined]] as const;
    expect(replicas(replicasForUtilization(measured(of), 50))).toBe(3);
    expect(replicas(replicasForUtilization(measured(of.slice(0, 3)), 50))).toBe(1);
  });

  it('is used as much as the target says where that is more than all', () => {
    const of = [['100m'], ['100m'], ['100m'], [undefined]] as const;
    // (300m + 1 × 200 %) / 4 = 57 %, of a target of 200 %.
    expect(replicas(replicasForUtilization(measured(of), 200))).toBe(2);
  });

  it('changes nothing where the others are at the target', () => {
    const of = [['500m'], ['500m'], [undefined]] as const;
    expect(replicas(replicasForUtilization(measured(of), 50))).toBe(3);
  });
});

describe('a pod that is not ready', () => {
  const starting: FakePod = { startedAgo: 60, ready: false };

  it('does not count, and is idle where there would be more', () => {
    const of = [['1'], ['1', starting]] as const;
    expect(replicasForUtilization(measured(of), 50)).toMatchObject({
      replicas: 2,
      utilization: 100,
    });
    const few = [['100m'], ['1', starting]] as const;
    expect(replicas(replicasForUtilization(measured(few), 50))).toBe(1);
  });

  it.each<[string, FakePod, boolean]>([
    ['pending', { phase: 'Pending' }, false],
    [
      'ready for less than a window, in its first minutes',
      { startedAgo: 60, readyChangedAgo: 19 },
      false,
    ],
    ['ready for a window, in its first minutes', { startedAgo: 60, readyChangedAgo: 20 }, true],
    ['ready for less than a window, long after its start', { readyChangedAgo: 1 }, true],
    ['unready since soon after its start', { ready: false, readyChangedAgo: 3571 }, false],
    ['unready, but was ready once', { ready: false, readyChangedAgo: 3570 }, true],
  ])('%s', (_, pod, counts) => {
    const of = measured([['500m'], ['100m', pod]]);
    expect(replicasForUtilization(of, 50)).toMatchObject({ utilization: counts ? 30 : 50 });
  });

  it('counts for memory all the same', () => {
    const of = measured([['500m'], ['500m', starting]]);
    const reading = {
      samples: new Map([
        ['p0', sample(200)],
        ['p1', sample(400)],
      ]),
    };
    expect(replicasForAverage({ ...of, resource: 'memory', reading }, 100)).toEqual({
      replicas: 6,
      average: 300,
    });
  });
});

const sample = (value: number) => ({ value, atMs: NOW, windowMs: 15_000 });

describe('pods that have failed or are being deleted', () => {
  it('are as if they were not there', () => {
    const of = measured([['1'], ['1', { deleted: true }], ['1', { phase: 'Failed' }]]);
    expect(replicasForUtilization(of, 50)).toMatchObject({ replicas: 2, utilization: 100 });
  });
});

describe('a number cannot be computed', () => {
  it.each<[Measured, string]>([
    [
      measured([]),
      'unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    ],
    [
      measured([['1', { phase: 'Pending' }]]),
      'did not receive metrics for targeted pods (pods might be unready)',
    ],
    [
      { ...measured([['1']]), pods: [] },
      'no pods returned by selector while calculating replica count',
    ],
    [
      { ...measured([['1']]), reading: readingOf({ failure: 'down' }, 'cpu') },
      'unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: down',
    ],
    [{ ...measured([['1']]), pods: [fakePod('other')] }, 'no metrics returned matched known pods'],
  ])('%#: %s', (given, failure) => {
    expect(replicasForUtilization(given, 50)).toEqual({ failure });
  });
});
