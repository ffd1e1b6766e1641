import { describe, expect, it } from 'vitest';
import type { Progress, SchedulingExplanation } from '../client/index.ts';
import { columns } from './columns.ts';
import { durationText, elapsedText } from './duration-text.ts';
import { objectName, outcomeText, progressTable } from './outcome.ts';
import { podNamed } from './pod-name.ts';
import { whyText } from './why-text.ts';

describe('columns', () => {
  it('are as wide as their content, also with wide characters', () => {
    expect(
      columns(
        ['A', 'B'],
        [
          ['滑台', 'x'],
          ['y', ''],
        ],
      ),
    ).toBe('A      B\n滑台   x\ny\n');
  });
});

describe('durations', () => {
  it('read as people say them', () => {
    const spans = [0, 999, 12_345, 60_000, 185_000, 7_260_000, 93_600_000];
    expect(spans.map(durationText)).toEqual([
      '0ms',
      '999ms',
      '12.3s',
      '1m0s',
      '3m5s',
      '2h1m',
      '1d2h',
    ]);
    expect([0, 192_400, 90_000_000].map(elapsedText)).toEqual([
      '00:00:00.0',
      '00:03:12.4',
      '1d01:00:00.0',
    ]);
  });
});

const web: Progress = {
  resource: 'deployments.apps',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  atGoal: false,
  want: 6,
  have: 4,
  waitingFor: 'status.replicas is 4, not yet 6',
  sinceMs: 0,
  trend: [2],
};

describe('the outcome of a run', () => {
  it('has a row an object', () => {
    const namespace: Progress = {
      resource: 'namespaces',
      kind: 'Namespace',
      name: 'shop',
      atGoal: true,
      sinceMs: 0,
      trend: [],
    };
    expect(`\n${progressTable([web, namespace])}`).toMatchInlineSnapshot(`
      "
      KIND         NAMESPACE   NAME   WANT   HAVE   STATE
      Deployment   shop        web    6      4      waiting: status.replicas is 4, not yet 6
      Namespace                shop                 ok
      "
    `);
    expect([objectName(web), objectName(namespace)]).toEqual([
      'Deployment/shop/web',
      'Namespace/shop',
    ]);
  });

  it('ends in a verdict, with what makes it repeatable', () => {
    const outcome = { converged: true, journalHash: 'abc', seed: 7, virtualMs: 8200, wallMs: 90 };
    expect(outcomeText(outcome, 40, 0)).toBe(
      'converged after 8.2s of virtual time in 90ms, 40 objects\njournal abc   seed 7\n',
    );
    expect(outcomeText({ ...outcome, converged: false }, 40, 2)).toMatch(
      /^not converged: 2 objects are not at their goal after 8.2s/,
    );
  });
});

const explanation: SchedulingExplanation = {
  pod: 'shop/web-1',
  summary: '0/3 nodes take it',
  plugins: ['NodeUnschedulable', 'TaintToleration', 'NodeResourcesFit'],
  nodes: [
    { name: 'n1', refusedBy: 'NodeResourcesFit', reason: 'cpu: asks 500m, free 250m of 2' },
    { name: 'n2', refusedBy: 'NodeUnschedulable', reason: 'cordoned' },
    { name: 'n3', refusedBy: 'TaintToleration', reason: 'gpu=true' },
  ],
  counterfactual: ['fits n1 if it asks for 250m cpu or less'],
};

describe('why', () => {
  it('shows which plugin refuses which node, and what would have to change', () => {
    expect(`\n${whyText(explanation)}`).toMatchInlineSnapshot(`
      "
      pod shop/web-1: 0/3 nodes take it

      PLUGIN              n1                                 n2           n3
      NodeUnschedulable   ·                                  ✗ cordoned   ·
      TaintToleration     ·                                  –            ✗ gpu=true
      NodeResourcesFit    ✗ cpu: asks 500m, free 250m of 2   –            –

      → fits n1 if it asks for 250m cpu or less
      "
    `);
  });

  it('shows scores of a pod that has a node', () => {
    const nodes = [{ name: 'n1', score: 310 }, explanation.nodes[1]!];
    const text = whyText({ ...explanation, node: 'n1', nodes, counterfactual: [] });
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      pod shop/web-1: 0/3 nodes take it

      PLUGIN              n1    n2
      NodeUnschedulable   ·     ✗ cordoned
      TaintToleration     ·     –
      NodeResourcesFit    ·     –
      score               310
      "
    `);
  });

  it('shows every plugin that refuses, scores by plugin, and what preemption would do', () => {
    const text = whyText({
      ...explanation,
      nodes: [
        {
          name: 'n1',
          refusedBy: 'NodeUnschedulable',
          reason: 'cordoned',
          refusals: [
            { plugin: 'NodeUnschedulable', reason: 'cordoned' },
            { plugin: 'NodeResourcesFit', reason: 'cpu: asks 3, free 1 of 2' },
          ],
        },
        { name: 'n2', score: 150, scores: { NodeResourcesFit: 50, TaintToleration: 100 } },
      ],
      preemption: 'preemption: would make room on n1 by evicting shop/low (priority 0)',
      counterfactual: [],
    });
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      pod shop/web-1: 0/3 nodes take it

      PLUGIN                   n1                           n2
      NodeUnschedulable        ✗ cordoned                   ·
      TaintToleration          ·                            ·
      NodeResourcesFit         ✗ cpu: asks 3, free 1 of 2   ·
      score NodeResourcesFit                                50
      score TaintToleration                                 100
      score                                                 150

      preemption: would make room on n1 by evicting shop/low (priority 0)
      "
    `);
  });

  it('puts nodes of the same verdict into one column when there are many, and lists them below', () => {
    const nodes = Array.from({ length: 9 }, (_, at) => ({
      ...explanation.nodes[at % 3]!,
      name: `n${at}`,
    }));
    const lines = whyText({ ...explanation, nodes }).split('\n');
    expect(lines[2]).toMatch(/^PLUGIN +n0 \+2 +n1 \+2 +n2 \+2$/);
    expect(lines.slice(7, 9)).toEqual([
      'n0  ✗ NodeResourcesFit: cpu: asks 500m, free 250m of 2',
      'n1  ✗ NodeUnschedulable: cordoned',
    ]);
  });

  it('only lists nodes when they are many and all different', () => {
    const nodes = Array.from({ length: 9 }, (_, at) => ({
      name: `n${at}`,
      refusedBy: 'NodeResourcesFit',
      reason: `free ${at}`,
    }));
    expect(
      whyText({ ...explanation, nodes })
        .split('\n')
        .slice(2, 4),
    ).toEqual(['n0  ✗ NodeResourcesFit: free 0', 'n1  ✗ NodeResourcesFit: free 1']);
  });
});

describe('podNamed', () => {
  const keys = ['shop/web-1', 'shop/web-12', 'shop/api-1', 'test/api-2'];

  it.each([
    ['web-1', 'shop/web-1'],
    ['shop/web-12', 'shop/web-12'],
    ['pod/test/a', 'test/api-2'],
    ['api-2', 'test/api-2'],
  ])('finds %s', (text, key) => {
    expect(podNamed(text, keys)).toBe(key);
  });

  it('says which pods could be meant, or that there is none', () => {
    expect(() => podNamed('api', keys)).toThrow('api may be any of shop/api-1, test/api-2');
    expect(() => podNamed('db', keys)).toThrow('there is no pod db');
  });
});
