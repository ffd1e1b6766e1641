import { describe, expect, it } from 'vitest';
import type { Pod, Service, TopologySpreadConstraint } from '../../../generated/core/v1/types.ts';
import { aNode, aPod } from '../fakes.ts';
import { pluginScores, pluginVerdicts } from '../inspection.ts';
import { createView } from '../view.ts';

const ZONE = 'topology.kubernetes.io/zone';
const nodes = [
  aNode('a1', { zone: 'a' }),
  aNode('a2', { zone: 'a' }),
  aNode('b1', { zone: 'b' }),
  aNode('none'),
];
const labels = { app: 'web' };
const onNodes = (...names: readonly string[]): Pod[] =>
  names.map((nodeName, at) => aPod(`there-${at}`, { nodeName, labels }));

function spreading(constraint: Partial<TopologySpreadConstraint>, more: object = {}): Pod {
  return aPod('p', {
    labels,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: ZONE,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: labels },
        ...constraint,
      },
    ],
    ...more,
  });
}

function verdicts(pod: Pod, pods: readonly Pod[]): Record<string, string> {
  const found = pluginVerdicts(pod, 'PodTopologySpread', createView({ nodes, pods }));
  return Object.fromEntries(
    Object.entries(found).map(([name, { code, reasons }]) => [name, reasons?.[0] ?? code]),
  );
}

const SKEWED = "node(s) didn't match pod topology spread constraints";
const UNLABELLED = `${SKEWED} (missing required label)`;

describe('hard constraints', () => {
  it('refuse a value with too many pods above the least, and nodes without the label', () => {
    expect(verdicts(spreading({}), onNodes('a1'))).toEqual({
      a1: SKEWED,
      a2: SKEWED,
      b1: 'Success',
      none: UNLABELLED,
    });
  });

  it('do not count pods of other namespaces, other labels, or that terminate', () => {
    const [there] = onNodes('a1');
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const pods = [
      { ...there!, metadata: { ...there!.metadata, namespace: 'other' } },
      { ...there!, metadata: { ...there!.metadata, uid: 'x', deletionTimestamp } },
      aPod('unlike', { nodeName: 'a1', labels: { app: 'db' } }),
    ];
    expect(verdicts(spreading({}), pods)['a1']).toBe('Success');
  });

  it('count a pod whose selector misses itself not', () => {
    const pod = { ...spreading({}), metadata: { name: 'p', namespace: 'default' } };
    expect(verdicts(pod, onNodes('a1'))['a1']).toBe('Success');
  });

  it('take the least as 0 while there are fewer domains than minDomains', () => {
    expect(verdicts(spreading({ minDomains: 3 }), onNodes('a1', 'b1'))['a1']).toBe(SKEWED);
    expect(verdicts(spreading({ minDomains: 2 }), onNodes('a1', 'b1'))['a1']).toBe('Success');
  });

  it('leave out nodes that the pod cannot use, unless told to ignore its affinity', () => {
    const nodeSelector = { [ZONE]: 'a' };
    expect(verdicts(spreading({}, { nodeSelector }), onNodes('a1'))['a1']).toBe('Success');
    const ignoring = spreading({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector });
    expect(verdicts(ignoring, onNodes('a1'))['a1']).toBe(SKEWED);
  });

  it('narrow the selector by matchLabelKeys', () => {
    const pod = spreading({ matchLabelKeys: ['rev'] });
    const newer = { ...pod, metadata: { ...pod.metadata, labels: { ...labels, rev: '2' } } };
    expect(verdicts(newer, onNodes('a1'))['a1']).toBe('Success');
    expect(verdicts(pod, onNodes('a1'))['a1']).toBe(SKEWED);
  });
});

describe('soft constraints', () => {
  const soft = spreading({ whenUnsatisfiable: 'ScheduleAnyway' });

  it('score fewer pods higher, and nodes without the label 0', () => {
    const view = createView({ nodes, pods: onNodes('a1', 'a2', 'b1') });
    expect(pluginScores(soft, 'PodTopologySpread', view, ['a1', 'a2', 'b1', 'none'])).toEqual({
      a1: 33,
      a2: 33,
      b1: 100,
      none: 0,
    });
  });

  it('come by default from the services that select the pod', () => {
    const service = {
      metadata: { name: 's', namespace: 'default' },
      spec: { selector: labels },
    } as unknown as Service;
    const pod = aPod('p', { labels });
    const pods = onNodes('a1', 'a1', 'a2');
    const names = ['a1', 'a2', 'b1', 'none'];
    const grouped = createView({ nodes, pods, services: [service] });
    const scores = pluginScores(pod, 'PodTopologySpread', grouped, names);
    expect(scores['a1']).toBeLessThan(scores['a2']!);
    expect(scores['a2']).toBeLessThan(scores['b1']!);
    expect(scores['none']).toBe(100);
    const alone = pluginScores(pod, 'PodTopologySpread', createView({ nodes, pods }), names);
    expect(Object.values(alone)).toEqual([0, 0, 0, 0]);
  });
});
