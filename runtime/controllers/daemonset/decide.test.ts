import { describe, expect, it } from 'vitest';
import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod, PodSpec, Taint } from '../../../generated/core/v1/types.ts';
import { limits, VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import { formatTime } from '../../meta/index.ts';
import { BackOff } from './back-off.ts';
import { decide } from './decide.ts';
import { targetNode, verdictOn } from './placement.ts';
import { daemonTolerations, podMaker } from './pod.ts';
import { nextStatus, tally } from './status.ts';
import { type DaemonSetState, type Survey, survey } from './survey.ts';

const NOW = VIRTUAL_EPOCH_MS + 3_600_000;
type Update = NonNullable<DaemonSet['spec']>['updateStrategy'];

function setOf(spec: Partial<PodSpec> = {}, updateStrategy?: Update): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: 'log',
      namespace: 'shop',
      uid: 'u',
      annotations: { 'deprecated.daemonset.template.generation': '4' },
    },
    spec: {
      selector: { matchLabels: { app: 'log' } },
      template: {
        metadata: { labels: { app: 'log' } },
        spec: { containers: [{ name: 'c', image: 'log:1' }], ...spec },
      },
      ...(updateStrategy ? { updateStrategy } : {}),
    },
  };
}

const nodeOf = (name: string, taints: readonly Taint[] = []): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { disk: name } },
  spec: { taints },
});
const taint = (effect: 'NoSchedule' | 'NoExecute', key = 'own'): Taint => ({ key, effect });

/** `a:new` is an available new pod on a; `!` makes it broken, `x` failed, `-` on its way out. */
function podOf(text: string): Pod {
  const [, mark, node, revision] = /^([!x-]?)(\w+):(\w+)$/.exec(text)!;
  const status = mark === '!' || mark === 'x' ? 'False' : 'True';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: text,
      namespace: 'shop',
      labels: { app: 'log', 'controller-revision-hash': revision! },
      ...(mark === '-' ? { deletionTimestamp: formatTime(NOW) } : {}),
    },
    spec: { nodeName: node!, containers: [] },
    status: {
      phase: mark === 'x' ? 'Failed' : 'Running',
      conditions: [{ type: 'Ready', status, lastTransitionTime: formatTime(NOW - 60_000) }],
    },
  };
}

interface Given extends DaemonSetState {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
}

function stateOf(set: DaemonSet, pods: readonly string[], nodes = ['a', 'b', 'c']): Given {
  const named = nodes.map((name) => nodeOf(name));
  return { daemonSet: set, nodes: named, pods: pods.map(podOf), hash: 'new', nowMs: NOW };
}

const found = (given: Given): Survey => survey(given, given.nodes, given.pods);

/** `+a` makes a pod on a; `-x` removes x. */
function done(set: DaemonSet, pods: readonly string[], waitMs = 0): string[] {
  const state = stateOf(set, pods);
  const { create, remove } = decide(state, found(state), () => NOW + waitMs);
  return [
    ...create.map((node) => `+${node}`),
    ...remove.map(({ metadata }) => `-${metadata.name}`),
  ];
}

describe('where a pod should run', () => {
  it.each<[string, Partial<PodSpec>, Taint[], boolean, boolean]>([
    ['everywhere', {}, [], true, true],
    ['where the selector says', { nodeSelector: { disk: 'a' } }, [], true, true],
    ['not elsewhere', { nodeSelector: { disk: 'b' } }, [], false, false],
    ['on the node that is named', { nodeName: 'a' }, [], true, true],
    ['not on another', { nodeName: 'b' }, [], false, false],
    ['not where a taint keeps it off', {}, [taint('NoSchedule')], false, true],
    ['not where a taint takes it away', {}, [taint('NoExecute')], false, false],
    [
      'where it tolerates',
      { tolerations: [{ key: 'own', operator: 'Exists' }] },
      [taint('NoExecute')],
      true,
      true,
    ],
    [
      'on a node in trouble',
      {},
      [taint('NoExecute', 'node.kubernetes.io/unreachable')],
      true,
      true,
    ],
    [
      'where the network is missing only with the host network',
      {},
      [taint('NoSchedule', 'node.kubernetes.io/network-unavailable')],
      false,
      true,
    ],
    [
      'on the host network',
      { hostNetwork: true },
      [taint('NoSchedule', 'node.kubernetes.io/network-unavailable')],
      true,
      true,
    ],
  ])('%s', (_, spec, taints, shouldRun, shouldContinue) => {
    expect(verdictOn(setOf(spec), nodeOf('a', taints))).toEqual({ shouldRun, shouldContinue });
  });

  it('is said by the name of its node in the pod itself', () => {
    const set = setOf({ affinity: { podAffinity: {} } });
    const make = podMaker(set, 'h');
    const [a, b] = [make('a') as Pod, make('b') as Pod];
    expect([targetNode(a), targetNode(b)]).toEqual(['a', 'b']);
    expect(a.spec?.containers).toBe(set.spec?.template.spec?.containers);
    expect(a.spec?.tolerations).toBe(b.spec?.tolerations);
    expect(a.spec?.affinity).toHaveProperty('podAffinity');
    expect(a.metadata.labels).toEqual({
      app: 'log',
      'controller-revision-hash': 'h',
      'pod-template-generation': '4',
    });
  });

  it('adds each toleration once', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' };
    const spec = { containers: [], tolerations: [{ ...own, tolerationSeconds: 3 }] } as PodSpec;
    expect(daemonTolerations(spec)).toHaveLength(6);
    expect(daemonTolerations(spec)[0]).toEqual(own);
  });
});

describe('the upkeep', () => {
  it.each<[string, string[], string[]]>([
    ['makes what is missing', ['a:new'], ['+b', '+c']],
    ['waits for what leaves', ['a:new', 'b:new', '-c:new'], []],
    ['removes what is too much', ['a:new', 'b:new', 'c:new', 'c:old'], ['-c:old']],
    ['removes what failed', ['a:new', 'b:new', 'xc:new'], ['-xc:new']],
    ['leaves pods of nodes that are gone to others', ['a:new', 'b:new', 'c:new', 'd:new'], []],
  ])('%s', (_, pods, expected) => {
    expect(done(setOf(), pods)).toEqual(expected);
  });

  it('lets failed pods wait', () => {
    expect(done(setOf(), ['a:new', 'b:new', 'xc:new'], 5000)).toEqual([]);
    const state = stateOf(setOf(), ['a:new', 'b:new', 'xc:new']);
    expect(decide(state, found(state), () => NOW + 5000).retryAtMs).toBe(NOW + 5000);
  });

  it('does no more than a burst', () => {
    const nodes = Array.from({ length: 600 }, (_, at) => `n${at}`);
    const state = stateOf(setOf(), [], nodes);
    expect(decide(state, found(state), () => NOW).create).toHaveLength(limits.daemonSetBurst);
  });
});

describe('a rolling update', () => {
  const upTo = (maxUnavailable: number | string): Update => ({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable },
  });
  const surging = (maxSurge: number | string): Update => ({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge, maxUnavailable: 0 },
  });

  it.each<[string, Update, string[], string[]]>([
    ['removes one', upTo(1), ['a:old', 'b:old', 'c:old'], ['-a:old']],
    ['removes as many as may be', upTo('50%'), ['a:old', 'b:old', 'c:old'], ['-a:old', '-b:old']],
    ['waits for the new one', upTo(1), ['!a:new', 'b:old', 'c:old'], []],
    [
      'waits for nobody where it is broken',
      upTo(1),
      ['!a:old', '!b:old', 'c:old'],
      ['-!a:old', '-!b:old'],
    ],
    ['does nothing with OnDelete', { type: 'OnDelete' }, ['a:old', 'b:old', 'c:old'], []],
    ['adds one', surging(1), ['a:old', 'b:old', 'c:old'], ['+a']],
    ['waits for the added one', surging(1), ['a:old', '!a:new', 'b:old', 'c:old'], []],
    ['removes the old one then', surging(1), ['a:old', 'a:new', 'b:old', 'c:old'], ['-a:old']],
    [
      'adds everywhere where it is broken',
      surging(1),
      ['!a:old', '!b:old', 'c:old'],
      ['+a', '+b', '+c'],
    ],
  ])('%s', (_, update, pods, expected) => {
    expect(done(setOf({}, update), pods)).toEqual(expected);
  });

  it('with surge keeps a pod where none should run until others make up for it', () => {
    const set = setOf({}, surging(1));
    const moved = (pods: readonly string[]): unknown => {
      const state = {
        ...stateOf(set, pods),
        nodes: [nodeOf('a', [taint('NoSchedule')]), nodeOf('b')],
      };
      return decide(state, found(state), () => NOW).remove.map(({ metadata }) => metadata.name);
    };
    expect(moved(['a:old', '!b:new'])).toEqual([]);
    expect(moved(['a:old', 'b:new'])).toEqual(['a:old']);
  });
});

describe('the status', () => {
  it('counts nodes', () => {
    const set = setOf();
    const nodes = [nodeOf('a'), nodeOf('b'), nodeOf('c'), nodeOf('d', [taint('NoSchedule')])];
    const state = { ...stateOf(set, ['a:new', '!b:old', 'd:old']), nodes };
    expect(nextStatus(state, tally(state, found(state)), 0)).toEqual({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 2,
      numberMisscheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
      numberUnavailable: 2,
      updatedNumberScheduled: 1,
    });
  });
});

describe('the back-off', () => {
  it('doubles up to a limit, for each node and generation apart', () => {
    const backOff = new BackOff();
    const wait = (round: string, node: string): number =>
      backOff.readyAtMs('k', round, node, NOW) - NOW;
    expect(wait('1', 'a')).toBe(0);
    backOff.note('k', '1', 'a', NOW);
    expect([wait('1', 'a'), wait('1', 'b'), wait('2', 'a')]).toEqual([1000, 0, 0]);
    const copy = backOff.clone();
    for (let times = 0; times < 20; times++) backOff.note('k', '1', 'a', NOW);
    expect(wait('1', 'a')).toBe(limits.failedDaemonPodMaxMs);
    expect(copy.readyAtMs('k', '1', 'a', NOW) - NOW).toBe(1000);
    const later = NOW + 2 * limits.failedDaemonPodMaxMs + 1;
    expect(backOff.readyAtMs('k', '1', 'a', later)).toBe(later);
    backOff.forget('k');
    expect(wait('1', 'a')).toBe(0);
  });
});
