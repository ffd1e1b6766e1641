import type { ClusterRole, PolicyRule } from '../../../generated/rbac/v1/types.ts';
import { jsonEqual, matchesLabelSelector } from '../../meta/index.ts';

/** Whether a role with these labels is part of `whole`. */
export function isPart(whole: ClusterRole, labels: Readonly<Record<string, string>> = {}): boolean {
  const selectors = whole.aggregationRule?.clusterRoleSelectors ?? [];
  return selectors.some((selector) => matchesLabelSelector(selector, labels));
}

/**
 * The rules that an aggregated role should have; undefined when it has them. `chosen` holds, for each of its selectors, the
 * roles that it chooses; no role is part of itself.
 */
export function rulesToWrite(
  whole: ClusterRole,
  chosen: readonly (readonly ClusterRole[])[],
): readonly PolicyRule[] | undefined {
  const rules: PolicyRule[] = [];
  for (const { metadata, rules: own = [] } of chosen.flatMap(byName)) {
    if (metadata.name === whole.metadata.name) continue;
    for (const rule of own) if (!rules.some((each) => jsonEqual(each, rule))) rules.push(rule);
  }
  return jsonEqual(rules, whole.rules ?? []) ? undefined : rules;
}

function byName(roles: readonly ClusterRole[]): ClusterRole[] {
  const nameOf = ({ metadata }: ClusterRole): string => metadata.name ?? '';
  return [...roles].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
