import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { withLabelKeys } from './label-keys.ts';

const LABELS = { app: 'web', hash: 'abc' };
const APP = { matchLabels: { app: 'web' } };
const BY_HASH = { key: 'hash', operator: 'In', values: ['abc'] };
const containers = [{ name: 'c', image: 'web:1' }];

const spread = (more: object): PodSpec => ({
  containers,
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...more },
  ],
});

describe('label keys in selectors of other pods', () => {
  it('become requirements by the values of the pod itself', () => {
    const spec = spread({ labelSelector: APP, matchLabelKeys: ['hash', 'absent'] });
    expect(withLabelKeys(spec, LABELS).topologySpreadConstraints).toMatchObject([
      {
        labelSelector: { ...APP, matchExpressions: [BY_HASH] },
        matchLabelKeys: ['hash', 'absent'],
      },
    ]);
  });

  it('are merged into the terms of affinity, required and preferred', () => {
    const term = { topologyKey: 'zone', labelSelector: APP };
    const spec: PodSpec = {
      containers,
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, matchLabelKeys: ['hash'] }],
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, podAffinityTerm: { ...term, mismatchLabelKeys: ['hash'] } },
          ],
        },
      },
    };
    const { podAffinity, podAntiAffinity } = withLabelKeys(spec, LABELS).affinity ?? {};
    expect(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toMatchObject([
      { labelSelector: { matchExpressions: [BY_HASH] } },
    ]);
    expect(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution).toMatchObject([
      {
        podAffinityTerm: {
          labelSelector: { matchExpressions: [{ ...BY_HASH, operator: 'NotIn' }] },
        },
      },
    ]);
  });

  it.each([
    ['there are none', spread({ labelSelector: APP })],
    ['there is no selector', spread({ matchLabelKeys: ['hash'] })],
    ['the pod has none of them', spread({ labelSelector: APP, matchLabelKeys: ['absent'] })],
    ['nothing is selected', { containers }],
  ])('leave a spec as it is where %s', (_, spec) => {
    expect(withLabelKeys(spec, LABELS)).toBe(spec);
  });

  it('give pods of one template one spec', () => {
    const spec = spread({ labelSelector: APP, matchLabelKeys: ['hash'] });
    expect(withLabelKeys(spec, LABELS)).toBe(withLabelKeys(spec, LABELS));
    expect(withLabelKeys(spec, { ...LABELS, hash: 'def' })).not.toEqual(
      withLabelKeys(spec, LABELS),
    );
  });
});
