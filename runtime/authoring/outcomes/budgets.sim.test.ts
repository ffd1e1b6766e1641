import { expect, it } from 'vitest';
import { Pod } from '../../../generated/core/v1/index.ts';
import { PodDisruptionBudget } from '../../../generated/policy/v1/index.ts';
import { type ApiError, isApiError } from '../../meta/index.ts';
import { createCluster } from '../../testing/index.ts';
import { findingForEviction } from './budgets.ts';
import type { OutcomeSources } from './origin.ts';

const labels = { app: 'web' };

it('a refused eviction stands at the number of its budget', async () => {
  const cluster = await createCluster({ nodes: 1 });
  const budget = new PodDisruptionBudget({
    metadata: { name: 'web', namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  });
  await cluster.create(
    budget,
    new Pod({ metadata: { name: 'a', labels }, spec: { containers: [{ name: 'c', image: 'x' }] } }),
  );
  await cluster.settle();
  const range = { file: 'shop.ts', line: 3, column: 20, endLine: 3, endColumn: 21 };
  const asked: string[] = [];
  const sources: OutcomeSources = {
    transport: cluster.cluster.transport,
    manifestOf: (resource, key) => {
      if (`${resource}/${key}` !== 'poddisruptionbudgets.policy/default/web') return undefined;
      return {
        ref: PodDisruptionBudget.resource,
        key,
        object: budget,
        range,
        rangeOf: (path) => {
          asked.push(path);
          return range;
        },
      };
    },
  };
  const error = await cluster.evict('a').then(
    () => undefined,
    (refused: unknown) => refused,
  );
  expect(isApiError(error)).toBe(true);
  const pod = { namespace: 'default', name: 'a' };
  expect(findingForEviction(sources, pod, error as ApiError)).toMatchObject({
    code: 'E_OUTCOME_BUDGET',
    message:
      'pod default/a stays: The disruption budget web needs 1 healthy pods and has 1 currently',
    object: 'default › PodDisruptionBudget/web',
    fieldPath: 'spec.minAvailable',
    range,
  });
  expect(asked).toEqual(['spec.minAvailable']);
  const missing = await cluster.evict('b').catch((refused: unknown) => refused);
  expect(findingForEviction(sources, pod, missing as ApiError)).toBeUndefined();
});
