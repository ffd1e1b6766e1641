import { describe, expect, it } from 'vitest';
import type { NodeSelectorTerm, PodSpec, Toleration } from '../../generated/core/v1/types.ts';
import { nodeMatcher, tolerates } from './node-matching.ts';

const node = { metadata: { name: 'a', labels: { zone: 'b', cores: '8' } } };
const taint = { key: 'own', value: 'x', effect: 'NoSchedule' } as const;

const asking = (terms: readonly NodeSelectorTerm[], more: Partial<PodSpec> = {}): boolean =>
  nodeMatcher({
    containers: [],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
      },
    },
    ...more,
  })(node);

const label = (key: string, operator: string, ...values: string[]): NodeSelectorTerm =>
  ({ matchExpressions: [{ key, operator, values }] }) as NodeSelectorTerm;
const named = (operator: string, ...values: string[]): NodeSelectorTerm =>
  ({ matchFields: [{ key: 'metadata.name', operator, values }] }) as NodeSelectorTerm;

describe('what a pod asks of a node', () => {
  it.each<[string, NodeSelectorTerm[], boolean]>([
    ['a label', [label('zone', 'In', 'a', 'b')], true],
    ['a label that is not there', [label('disk', 'Exists')], false],
    ['no such label', [label('disk', 'NotIn', 'ssd')], true],
    ['more than a number', [label('cores', 'Gt', '4')], true],
    ['less than a number', [label('cores', 'Lt', '4')], false],
    ['one of two terms', [label('disk', 'Exists'), named('In', 'a')], true],
    ['both parts of a term', [{ ...label('zone', 'In', 'b'), ...named('In', 'c') }], false],
    ['another name', [named('NotIn', 'a')], false],
    ['two names', [named('In', 'a', 'b')], false],
    ['nothing in a term', [{}], false],
    ['no term', [], false],
    ['something that no label can be', [label('zone', 'NotIn', 'not a value')], false],
  ])('as required affinity: %s', (_, terms, expected) => {
    expect(asking(terms)).toBe(expected);
  });

  it('is the node selector too', () => {
    expect(nodeMatcher({ containers: [] })(node)).toBe(true);
    expect(nodeMatcher({ containers: [], nodeSelector: { zone: 'b' } })(node)).toBe(true);
    expect(asking([named('In', 'a')], { nodeSelector: { zone: 'c' } })).toBe(false);
  });
});

describe('a toleration', () => {
  it.each<[Toleration, boolean]>([
    [{ key: 'own', operator: 'Exists' }, true],
    [{ operator: 'Exists' }, true],
    [{ key: 'own', value: 'x' }, true],
    [{ key: 'own', value: 'y' }, false],
    [{ key: 'own', operator: 'Exists', effect: 'NoExecute' }, false],
    [{ value: 'x' }, false],
  ])('%j', (toleration, expected) => {
    expect(tolerates(toleration, taint)).toBe(expected);
  });
});
