import { describe, expect, it } from 'vitest';
import type { MetricSpec } from '../../../generated/autoscaling/v2/types.ts';
import { CPU_50, fakeAutoscaler, fakeMetrics, fakePod, NOW, SETTINGS } from './autoscaler.fakes.ts';
import { decideByLimits, decideByMetrics, type Situation } from './decide.ts';
import { newHistory } from './history.ts';

const metric = (spec: object): MetricSpec => spec as MetricSpec;
const PODS = metric({
  type: 'Pods',
  pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } },
});
const OBJECT = metric({
  type: 'Object',
  object: {
    describedObject: { kind: 'Ingress', name: 'door' },
    metric: { name: 'hits' },
    target: { type: 'Value', value: '10' },
  },
});
const external = (target: object, selector?: object) =>
  metric({ type: 'External', external: { metric: { name: 'queue', selector }, target } });

/** Two pods that use so much, with one processor requested each. */
function situation(used: string, spec: object = {}, current = 2): Situation {
  return {
    autoscaler: fakeAutoscaler(spec),
    current,
    pods: [fakePod('a'), fakePod('b')],
    answer: { items: [fakeMetrics('a', used), fakeMetrics('b', used)] },
    history: newHistory(0),
    settings: SETTINGS,
    nowMs: NOW,
  };
}

const reasons = ({ findings }: { findings: readonly { status: string; reason: string }[] }) =>
  findings.map(({ status, reason }) => `${reason} ${status}`);

describe('the limits', () => {
  const spec = (minReplicas?: number) =>
    fakeAutoscaler(minReplicas === undefined ? {} : { minReplicas }).spec!;

  it('come before the metrics', () => {
    expect(decideByLimits(spec(), 11)).toMatchObject({
      desired: 10,
      because: 'Current number of replicas above Spec.MaxReplicas',
    });
    expect(decideByLimits(spec(3), 2)).toMatchObject({
      desired: 3,
      because: 'Current number of replicas below Spec.MinReplicas',
    });
    expect(decideByLimits(spec(3), 3)).toBeUndefined();
  });

  it('leave a target alone that is switched off, unless none is a number as any other', () => {
    const off = decideByLimits(spec(), 0)!;
    expect(reasons(off)).toEqual(['ScalingDisabled False']);
    expect(off.desired).toBe(0);
    expect(decideByLimits(spec(0), 0)).toBeUndefined();
  });
});

describe('metrics', () => {
  it('ask for the number that meets the target, and say what it follows from', () => {
    const decision = decideByMetrics(situation('900m'));
    expect(decision).toMatchObject({
      desired: 4,
      because: 'cpu resource utilization (percentage of request) above target',
      notices: [],
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 90, averageValue: '900m' } },
        },
      ],
    });
    expect(reasons(decision)).toEqual([
      'ValidMetricFound True',
      'ReadyForNewScale True',
      'DesiredWithinRange False',
    ]);
  });

  it('say that they are limited', () => {
    expect(reasons(decideByMetrics(situation('3')))[2]).toBe('ScaleUpLimit True');
    expect(reasons(decideByMetrics(situation('900m', { maxReplicas: 3 })))[2]).toBe(
      'TooManyReplicas True',
    );
  });

  it('count by the greatest number that one of them asks for', () => {
    const average = metric({
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '300m' } },
    });
    const decision = decideByMetrics(situation('500m', { metrics: [CPU_50, average] }));
    expect(decision).toMatchObject({ desired: 4, because: 'cpu resource above target' });
    expect(decision.metrics[1]).toEqual({
      type: 'Resource',
      resource: { name: 'cpu', current: { averageValue: '500m' } },
    });
  });

  it('may be of one container', () => {
    const container = metric({
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'c0',
        target: { type: 'Utilization', averageUtilization: 20 },
      },
    });
    expect(decideByMetrics(situation('300m', { metrics: [container] }))).toMatchObject({
      desired: 3,
      because: 'cpu container resource utilization (percentage of request) above target',
      metrics: [{ type: 'ContainerResource', containerResource: { container: 'c0' } }],
    });
  });

  it('have tolerances of their own for each direction', () => {
    const behavior = { scaleUp: { tolerance: '0.5' }, scaleDown: { tolerance: '0' } };
    expect(decideByMetrics(situation('700m', { behavior })).desired).toBe(2);
    const policies = [{ type: 'Percent', value: 100, periodSeconds: 15 }];
    const exact = { behavior: { scaleUp: { tolerance: '0', policies } } };
    expect(decideByMetrics(situation('520m', exact)).desired).toBe(3);
  });
});

describe('metrics that nobody serves', () => {
  it.each<[MetricSpec, string, string, string]>([
    [
      PODS,
      'FailedGetPodsMetric',
      'unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
      'failed to get pods metric value: ',
    ],
    [
      OBJECT,
      'FailedGetObjectMetric',
      'unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered on Ingress ns/door',
      'failed to get object metric value: ',
    ],
    [
      external({ type: 'Value', value: '5' }),
      'FailedGetExternalMetric',
      'unable to get external metric ns/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
      'failed to get queue external metric value: failed to get external metric queue: ',
    ],
    [
      external({ type: 'AverageValue', averageValue: '5' }, { matchLabels: { a: 'b' } }),
      'FailedGetExternalMetric',
      'unable to get external metric ns/queue/&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
      'failed to get queue external metric value: failed to get queue external metric: ',
    ],
  ])('%#: say so', (spec, reason, message, told) => {
    const { desired, findings, notices, metrics } = decideByMetrics(
      situation('1', { metrics: [spec] }),
    );
    expect(desired).toBeUndefined();
    expect(findings).toEqual([
      {
        type: 'ScalingActive',
        status: 'False',
        reason,
        message: `the HPA was unable to compute the replica count: ${message}`,
      },
    ]);
    expect(notices).toEqual([
      { type: 'Warning', reason, message },
      {
        type: 'Warning',
        reason: 'FailedComputeMetricsReplicas',
        message: `invalid metrics (1 invalid out of 1), first error is: ${told}${message}`,
      },
    ]);
    expect(metrics).toEqual([{ type: '' }]);
  });

  it('do not keep others from adding pods, but from taking some away', () => {
    const metrics = [PODS, CPU_50];
    expect(decideByMetrics(situation('1', { metrics }))).toMatchObject({ desired: 4 });
    const fewer = decideByMetrics(situation('100m', { metrics }));
    expect(fewer.desired).toBeUndefined();
    expect(reasons(fewer)).toEqual(['FailedGetPodsMetric False']);
    expect(fewer.notices.at(-1)!.message).toContain('(1 invalid out of 2)');
  });
});
