import { poddisruptionbudgets } from '../../../generated/policy/v1/resources.ts';
import type { PodDisruptionBudget } from '../../../generated/policy/v1/types.ts';
import { type ApiError, type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import type { OutcomeSources } from './origin.ts';

/** Budgets that never let anybody evict one of their pods, although all are healthy: a drain of their nodes cannot end. */
export function stuckBudgets(sources: OutcomeSources): Finding[] {
  return sources.transport
    .lister(poddisruptionbudgets)
    .list()
    .filter(isStuck)
    .map((budget) => {
      const { desiredHealthy = 0, expectedPods = 0 } = budget.status ?? {};
      const message = `${labelOf(budget as unknown as KubeObject)} lets nobody evict: it needs ${desiredHealthy} healthy ${desiredHealthy === 1 ? 'pod' : 'pods'} of ${expectedPods}`;
      return {
        ...finding('E_OUTCOME_BUDGET', message, placeOf(sources, budget)),
        severity: 'warning',
      };
    });
}

/** A refused eviction, at the number of the budget that refused it; undefined when it was refused for something else. */
export function findingForEviction(
  sources: OutcomeSources,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { causes, message }: ApiError,
): Finding | undefined {
  const said = causes.find(({ reason }) => reason === 'DisruptionBudget')?.message;
  const budgetName = /^The disruption budget (\S+) /.exec(said ?? '')?.[1];
  const budget =
    budgetName && sources.transport.lister(poddisruptionbudgets).get(budgetName, namespace);
  if (!budget) return undefined;
  return finding(
    'E_OUTCOME_BUDGET',
    `pod ${namespace}/${name} stays: ${said ?? message}`,
    placeOf(sources, budget),
  );
}

function isStuck({ status, metadata }: PodDisruptionBudget): boolean {
  if (!status || status.observedGeneration !== metadata.generation) return false;
  const { expectedPods = 0, currentHealthy = 0, desiredHealthy = 0 } = status;
  return expectedPods > 0 && currentHealthy >= expectedPods && desiredHealthy >= expectedPods;
}

function placeOf({ manifestOf }: OutcomeSources, budget: PodDisruptionBudget) {
  const object = budget as unknown as KubeObject;
  const resource = manifestOf(resourceId(poddisruptionbudgets), keyOf(object));
  if (!resource) return {};
  const fieldPath =
    budget.spec?.maxUnavailable === undefined ? 'spec.minAvailable' : 'spec.maxUnavailable';
  return { object: labelOf(object), fieldPath, range: resource.rangeOf(fieldPath) };
}
