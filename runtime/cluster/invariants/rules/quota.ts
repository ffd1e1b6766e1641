import { resourcequotas } from '../../../../generated/core/v1/resources.ts';
import type { Pod, ResourceQuota } from '../../../../generated/core/v1/types.ts';
import { compareQuantities, keyOf, parseQuantity } from '../../../meta/index.ts';
import type { RuleMaker } from '../rule.ts';

/**
 * With every pod that is created, the pods of the namespace that have not ended are as many as its quotas allow. Only the number of pods,
 * of quotas without scopes, is counted anew; what a quota says is used must in any case not exceed what it allows.
 */
export const quota: RuleMaker = ({ lister }) => {
  const quotas = lister(resourcequotas);
  const living = new Map<string, Set<string>>();
  return {
    name: 'a quota is not exceeded',
    resources: ['pods', 'resourcequotas'],
    check({ type, object }, resource) {
      if (resource === 'resourcequotas')
        return type === 'DELETED' ? undefined : exceeded(object as unknown as ResourceQuota);
      const pod = object as unknown as Pod;
      const namespace = pod.metadata.namespace ?? '';
      const pods = living.get(namespace) ?? new Set();
      living.set(namespace, pods);
      const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      if (type === 'DELETED' || ended) pods.delete(keyOf(object));
      else pods.add(keyOf(object));
      if (type !== 'ADDED') return undefined;
      for (const { metadata, spec } of quotas.list(namespace)) {
        const most = spec?.hard?.pods ?? spec?.hard?.['count/pods'];
        if (most === undefined || spec?.scopes?.length || spec?.scopeSelector) continue;
        if (pods.size > Number(most))
          return `is number ${pods.size} of the ${most} pods that ${metadata.name} allows`;
      }
      return undefined;
    },
  };
};

function exceeded({ status, spec }: ResourceQuota): string | undefined {
  for (const [name, text] of Object.entries(status?.used ?? {})) {
    const used = parseQuantity(String(text));
    const hard = parseQuantity(String(spec?.hard?.[name] ?? ''));
    if (used && hard && compareQuantities(used, hard) > 0)
      return `uses ${text} of ${name}, and allows ${String(spec?.hard?.[name])}`;
  }
  return undefined;
}
