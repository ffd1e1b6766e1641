import type { Pod } from '../../../../generated/core/v1/types.ts';
import { poddisruptionbudgets } from '../../../../generated/policy/v1/resources.ts';
import type { PodDisruptionBudget } from '../../../../generated/policy/v1/types.ts';
import { conditionOf, type KubeObject, matchesLabelSelector } from '../../../meta/index.ts';
import type { RuleMaker } from '../rule.ts';

/** An eviction of a ready pod is noted in the budgets that cover it, and no budget is ever overdrawn. */
export const budget: RuleMaker = ({ lister }) => {
  const budgets = lister(poddisruptionbudgets);
  return {
    name: 'an eviction stays in its disruption budgets',
    resources: ['pods', 'poddisruptionbudgets'],
    check({ type, object, previous }, resource) {
      if (resource === 'poddisruptionbudgets') return overdrawn(object);
      const pod = object as unknown as Pod;
      if (type === 'DELETED' || !isNewlyEvicted(pod, previous as unknown as Pod | undefined))
        return undefined;
      const name = pod.metadata.name ?? '';
      for (const each of budgets.list(pod.metadata.namespace)) {
        const selector = each.spec?.selector;
        if (!selector || !matchesLabelSelector(selector, pod.metadata.labels ?? {})) continue;
        if (each.status?.disruptedPods?.[name] === undefined)
          return `was evicted although the budget ${each.metadata.name} did not allow it`;
      }
      return undefined;
    },
  };
};

function overdrawn(object: KubeObject): string | undefined {
  const allowed = (object as unknown as PodDisruptionBudget).status?.disruptionsAllowed ?? 0;
  return allowed < 0 ? `allows ${allowed} disruptions` : undefined;
}

function isNewlyEvicted(pod: Pod, before: Pod | undefined): boolean {
  if (!before || before.metadata.deletionTimestamp || !pod.metadata.deletionTimestamp) return false;
  const target = conditionOf(pod.status?.conditions, 'DisruptionTarget');
  const wasReady = conditionOf(before.status?.conditions, 'Ready')?.status === 'True';
  return target?.reason === 'EvictionByEvictionAPI' && wasReady;
}
