import { describe, expect, it } from 'vitest';
import type { PodDisruptionBudget } from '../../../../generated/policy/v1/types.ts';
import { ApiError } from '../../../meta/index.ts';
import { granted, sparesUnready } from './budget.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

const budget = (
  status: Partial<Status>,
  spec: NonNullable<PodDisruptionBudget['spec']> = {},
): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace: 'shop', generation: 2 },
  spec,
  status: {
    currentHealthy: 3,
    desiredHealthy: 2,
    disruptionsAllowed: 1,
    expectedPods: 3,
    observedGeneration: 2,
    ...status,
  },
});

function refusal(status: Partial<Status>): unknown {
  try {
    return granted(budget(status), 'p', 0);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, causes, status: answer } = error;
    const { retryAfterSeconds } = answer.details ?? {};
    return [code, message, ...causes.map((each) => each.message), retryAfterSeconds];
  }
}

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

describe('granted', () => {
  it('spends one disruption and notes the pod', () => {
    expect(granted(budget({ disruptionsAllowed: 2 }), 'p', 0)).toMatchObject({
      disruptionsAllowed: 1,
      disruptedPods: { p: '1970-01-01T00:00:00Z' },
    });
    expect(granted(budget({ disruptionsAllowed: 2 }), 'p', 0)).not.toHaveProperty('conditions');
  });

  it('says that nothing more is allowed with the last one', () => {
    expect(granted(budget({}), 'p', 0)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: 'False',
          reason: 'InsufficientPods',
          observedGeneration: 2,
        },
      ],
    });
  });

  it.each<[string, Partial<Status>, unknown[]]>([
    [
      'a budget that has none',
      { disruptionsAllowed: 0 },
      [429, REFUSED, 'The disruption budget b needs 2 healthy pods and has 3 currently', undefined],
    ],
    [
      'one whose spec has changed since',
      { observedGeneration: 1 },
      [429, REFUSED, 'The disruption budget b is still being processed by the server.', 10],
    ],
    [
      'one that could not be counted',
      {
        disruptionsAllowed: 0,
        conditions: [
          {
            type: 'DisruptionAllowed',
            status: 'False',
            reason: 'SyncFailed',
            message: 'no scale',
            lastTransitionTime: '1970-01-01T00:00:00Z',
          },
        ],
      },
      [
        429,
        REFUSED,
        'The disruption budget b does not allow evicting pods currently because it failed sync: no scale',
        undefined,
      ],
    ],
    [
      'one below zero',
      { disruptionsAllowed: -1 },
      [
        403,
        'poddisruptionbudget.policy "b" is forbidden: pdb disruptions allowed is negative',
        undefined,
      ],
    ],
    [
      'one whose evictions nobody sees',
      {
        disruptedPods: Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`p${at}`, ''])),
      },
      [
        403,
        'poddisruptionbudget.policy "b" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller',
        undefined,
      ],
    ],
  ])('refuses of %s', (_, status, expected) => {
    expect(refusal(status)).toEqual(expected);
  });
});

describe('sparesUnready', () => {
  it.each<[Partial<Status>, PodDisruptionBudget['spec'], boolean]>([
    [{ currentHealthy: 2, desiredHealthy: 2 }, {}, true],
    [{ currentHealthy: 1, desiredHealthy: 2 }, {}, false],
    [{ currentHealthy: 0, desiredHealthy: 0 }, {}, false],
    [
      { currentHealthy: 1, desiredHealthy: 2 },
      { unhealthyPodEvictionPolicy: 'IfHealthyBudget' },
      false,
    ],
    [{ currentHealthy: 0, desiredHealthy: 2 }, { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, true],
  ])('of %j under %j is %s', (status, spec, expected) => {
    expect(sparesUnready(budget(status, spec))).toBe(expected);
  });
});
