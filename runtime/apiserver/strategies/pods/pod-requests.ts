import type { PodSpec, ResourceRequirements } from '../../../../generated/core/v1/types.ts';
import { containerAmounts, formatQuantity } from '../../../meta/index.ts';

const AT_POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

/**
 * What a pod with limits of its own asks for: what it says, then what its containers ask for together, then its limits. Undefined
 * or as given for other pods.
 */
export function podRequests(spec: PodSpec): ResourceRequirements['requests'] {
  const { limits = {}, requests } = spec.resources ?? {};
  if (Object.keys(limits).length === 0) return requests;
  const filled: Record<string, unknown> = { ...requests };
  for (const [name, quantity] of containerAmounts(spec, 'requests'))
    if (AT_POD_LEVEL.test(name)) filled[name] ??= formatQuantity(quantity);
  for (const [name, limit] of Object.entries(limits)) filled[name] ??= limit;
  const isSame = Object.keys(filled).length === Object.keys(requests ?? {}).length;
  return isSame ? requests : (filled as ResourceRequirements['requests']);
}
