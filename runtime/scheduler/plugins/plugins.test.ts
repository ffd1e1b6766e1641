import { describe, expect, it } from 'vitest';
import type { Node, Pod, Quantity } from '../../../generated/core/v1/types.ts';
import type { SchedulerProfile } from '../config.ts';
import { aNode, aPod } from '../fakes.ts';
import { pluginScores, pluginVerdicts } from '../inspection.ts';
import { createView } from '../view.ts';

interface Given {
  readonly nodes: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly profile?: SchedulerProfile;
}

function viewOf({ nodes, pods = [], profile = {} }: Given) {
  return createView({ nodes, pods }, { profiles: [profile] });
}

/** Names of the nodes that the plugin lets pass. */
function passing(plugin: string, pod: Pod, given: Given): string[] {
  const verdicts = pluginVerdicts(pod, plugin, viewOf(given));
  return Object.keys(verdicts).filter((name) => verdicts[name]!.code === 'Success');
}

function scores(plugin: string, pod: Pod, given: Given): number[] {
  const names = given.nodes.map(({ metadata }) => metadata.name ?? '');
  return Object.values(pluginScores(pod, plugin, viewOf(given), names));
}

type Amounts = Readonly<Record<string, Quantity>>;

const withArgs = (name: string, args: object): SchedulerProfile => ({
  pluginConfig: [{ name, args }],
});

describe('NodeUnschedulable', () => {
  const nodes = [aNode('open'), aNode('cordoned', { unschedulable: true })];

  it('keeps pods off cordoned nodes unless they tolerate it', () => {
    expect(passing('NodeUnschedulable', aPod('p'), { nodes })).toEqual(['open']);
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' as const }];
    expect(passing('NodeUnschedulable', aPod('p', { tolerations }), { nodes })).toEqual([
      'open',
      'cordoned',
    ]);
  });
});

describe('TaintToleration', () => {
  const taint = { key: 'k', value: 'v', effect: 'NoSchedule' as const };
  const nodes = [
    aNode('plain'),
    aNode('hard', { taints: [taint] }),
    aNode('evicts', { taints: [{ ...taint, effect: 'NoExecute' }] }),
    aNode('soft', { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }),
  ];

  it.each([
    [undefined, ['plain', 'soft']],
    [{ key: 'k', value: 'v', effect: 'NoSchedule' as const }, ['plain', 'hard', 'soft']],
    [{ key: 'k', value: 'other' }, ['plain', 'soft']],
    [{ key: 'k', operator: 'Exists' as const }, ['plain', 'hard', 'evicts', 'soft']],
    [{ operator: 'Exists' as const }, ['plain', 'hard', 'evicts', 'soft']],
  ])('with the toleration %o lets pass %j', (toleration, expected) => {
    const pod = aPod('p', toleration ? { tolerations: [toleration] } : {});
    expect(passing('TaintToleration', pod, { nodes })).toEqual(expected);
  });

  it('prefers nodes with fewer soft taints', () => {
    expect(scores('TaintToleration', aPod('p'), { nodes })).toEqual([100, 100, 100, 0]);
    const tolerations = [{ key: 'k', operator: 'Exists' as const, effect: 'NoSchedule' as const }];
    expect(scores('TaintToleration', aPod('p', { tolerations }), { nodes })).toEqual([
      100, 100, 100, 0,
    ]);
  });
});

describe('NodeAffinity', () => {
  const nodes = [
    aNode('a', { labels: { disk: 'ssd', cores: '8' } }),
    aNode('b', { labels: { disk: 'hdd', cores: '32' } }),
  ];
  const requiring = (key: string, operator: string, ...values: readonly string[]): Pod =>
    aPod('p', {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key, operator: operator as 'In', ...(values.length ? { values } : {}) },
                ],
              },
            ],
          },
        },
      },
    });

  it.each([
    [requiring('disk', 'In', 'ssd', 'nvme'), ['a']],
    [requiring('disk', 'NotIn', 'ssd'), ['b']],
    [requiring('gpu', 'DoesNotExist'), ['a', 'b']],
    [requiring('gpu', 'NotIn', 'no'), ['a', 'b']],
    [requiring('cores', 'Gt', '8'), ['b']],
    [requiring('cores', 'Lt', '9'), ['a']],
    [requiring('disk', 'Gt', '8'), []],
    [aPod('p', { nodeSelector: { disk: 'hdd' } }), ['b']],
  ])('case %#', (pod, expected) => {
    expect(passing('NodeAffinity', pod, { nodes })).toEqual(expected);
  });

  it('adds the affinity of the profile', () => {
    const profile = withArgs('NodeAffinity', {
      addedAffinity: requiring('disk', 'In', 'hdd').spec?.affinity?.nodeAffinity,
    });
    expect(passing('NodeAffinity', aPod('p'), { nodes, profile })).toEqual(['b']);
  });

  it('scores by the weights of the preferences that match, the best with 100', () => {
    const prefer = (weight: number, value: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'disk', operator: 'In' as const, values: [value] }] },
    });
    const preferredDuringSchedulingIgnoredDuringExecution = [prefer(30, 'ssd'), prefer(10, 'hdd')];
    const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } };
    expect(scores('NodeAffinity', aPod('p', { affinity }), { nodes })).toEqual([100, 33]);
  });
});

describe('NodeResourcesFit', () => {
  const nodes = [
    aNode('small', { cpu: '1', memory: '1Gi' }),
    aNode('big', { cpu: '4', memory: '4Gi' }),
  ];

  it('adds containers up, and takes init containers as a maximum', () => {
    const container = (cpu: Quantity) => ({ name: String(cpu), resources: { requests: { cpu } } });
    const pod = aPod('p', {
      containers: [container('400m'), container('500m')],
      initContainers: [container('1')],
    });
    expect(passing('NodeResourcesFit', pod, { nodes })).toEqual(['small', 'big']);
    const more = aPod('p', { ...pod.spec, initContainers: [container('1001m')] });
    expect(passing('NodeResourcesFit', more, { nodes })).toEqual(['big']);
    const sidecar = { ...container('200m'), restartPolicy: 'Always' as const };
    const kept = aPod('p', { ...pod.spec, initContainers: [sidecar] });
    expect(passing('NodeResourcesFit', kept, { nodes })).toEqual(['big']);
  });

  it('counts pods, also those without requests, and overhead', () => {
    const full = [aNode('a', { pods: '1' })];
    const there = aPod('there', { nodeName: 'a' });
    expect(passing('NodeResourcesFit', aPod('p'), { nodes: full, pods: [there] })).toEqual([]);
    const pod = aPod('p', { requests: { cpu: '900m' }, overhead: { cpu: '200m' } });
    expect(passing('NodeResourcesFit', pod, { nodes })).toEqual(['big']);
  });

  it('does not count pods that have ended', () => {
    const done = {
      ...aPod('done', { nodeName: 'small', requests: { cpu: '1' } }),
      status: { phase: 'Succeeded' as const },
    };
    const pod = aPod('p', { requests: { cpu: '1' } });
    expect(passing('NodeResourcesFit', pod, { nodes, pods: [done] })).toEqual(['small', 'big']);
  });

  const pod = aPod('p', { requests: { cpu: '500m', memory: '1Gi' } });

  it.each([
    ['LeastAllocated', [25, 81]],
    ['MostAllocated', [75, 18]],
  ])('scores by %s', (type, expected) => {
    const profile = withArgs('NodeResourcesFit', { scoringStrategy: { type } });
    expect(scores('NodeResourcesFit', pod, { nodes, profile })).toEqual(expected);
  });

  it('scores along a broken line of use', () => {
    const scoringStrategy = {
      type: 'RequestedToCapacityRatio',
      resources: [{ name: 'cpu', weight: 1 }],
      requestedToCapacityRatio: {
        shape: [
          { utilization: 0, score: 0 },
          { utilization: 50, score: 10 },
          { utilization: 100, score: 2 },
        ],
      },
    };
    const profile = withArgs('NodeResourcesFit', { scoringStrategy });
    expect(scores('NodeResourcesFit', pod, { nodes, profile })).toEqual([100, 24]);
  });
});

describe('NodeResourcesBalancedAllocation', () => {
  it('prefers equal use of the resources, and leaves pods without requests unscored', () => {
    const nodes = [
      aNode('even', { cpu: '2', memory: '2Gi' }),
      aNode('odd', { cpu: '10', memory: '2Gi' }),
    ];
    const pod = aPod('p', { requests: { cpu: '1', memory: '1Gi' } });
    expect(scores('NodeResourcesBalancedAllocation', pod, { nodes })).toEqual([75, 65]);
    expect(scores('NodeResourcesBalancedAllocation', aPod('p'), { nodes })).toEqual([0, 0]);
    const before = createView({ nodes, pods: [] }, { profiles: [{}], kubernetesVersion: '1.28' });
    const names = ['even', 'odd'];
    expect(
      Object.values(pluginScores(pod, 'NodeResourcesBalancedAllocation', before, names)),
    ).toEqual([100, 80]);
  });

  it.each<[string, Amounts, Amounts | undefined, number]>([
    ['lets the balance be', { cpu: '1', memory: '1Gi' }, undefined, 75],
    ['mends the balance', { cpu: '4' }, { memory: '4Gi' }, 100],
    ['spoils the balance', { cpu: '4' }, undefined, 50],
    ['mends half of it', { cpu: '2' }, { memory: '4Gi' }, 87],
  ])('scores what a pod changes: one that %s', (_, requests, used, score) => {
    const nodes = [aNode('n', { cpu: '4', memory: '4Gi' })];
    const pods = used ? [aPod('there', { requests: used, nodeName: 'n' })] : [];
    expect(
      scores('NodeResourcesBalancedAllocation', aPod('p', { requests }), { nodes, pods }),
    ).toEqual([score]);
  });
});

describe('NodePorts', () => {
  it('gives a host port of an address to one pod a node', () => {
    const wanting = (name: string, hostPort: number, hostIP?: string, nodeName?: string): Pod =>
      aPod(name, {
        containers: [
          { name: 'c', ports: [{ containerPort: 80, hostPort, ...(hostIP ? { hostIP } : {}) }] },
        ],
        ...(nodeName ? { nodeName } : {}),
      });
    const given = { nodes: [aNode('a'), aNode('b')], pods: [wanting('x', 80, '10.0.0.1', 'a')] };
    expect(passing('NodePorts', wanting('p', 80), given)).toEqual(['b']);
    expect(passing('NodePorts', wanting('p', 80, '10.0.0.2'), given)).toEqual(['a', 'b']);
    expect(passing('NodePorts', wanting('p', 81), given)).toEqual(['a', 'b']);
  });
});

describe('ImageLocality', () => {
  it('prefers nodes that hold the image, less when few do', () => {
    const image = { names: ['app:latest'], sizeBytes: 500 * 1024 * 1024 };
    const bare = aNode('b');
    const holder = aNode('a');
    const nodes = [{ ...holder, status: { ...holder.status, images: [image] } }, bare];
    expect(scores('ImageLocality', aPod('p'), { nodes })).toEqual([23, 0]);
    const mounting = aPod('m', { volumes: [{ name: 'v', image: { reference: 'model' } }] });
    const model = { names: ['model:latest'], sizeBytes: 1000 * 1024 * 1024 };
    const images = [image, model];
    const holders = [{ ...holder, status: { ...holder.status, images } }, bare];
    expect(scores('ImageLocality', mounting, { nodes: holders })).toEqual([74, 0]);
  });
});
