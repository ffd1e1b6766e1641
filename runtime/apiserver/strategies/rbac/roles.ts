import type { ClusterRole, PolicyRule, Role } from '../../../../generated/rbac/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { invalid, type Problem, required } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

/** Roles: rules about resources only. */
export const roles: Strategy<Role & KubeObject> = {
  validate: ({ rules }, old) => rulesProblems(rules, old?.rules, true),
};

/** ClusterRoles: rules about resources or about paths, not both at once. */
export const clusterRoles: Strategy<ClusterRole & KubeObject> = {
  validate: ({ rules, aggregationRule }, old) => [
    ...rulesProblems(rules, old?.rules, false),
    ...(aggregationRule && !aggregationRule.clusterRoleSelectors?.length
      ? [
          required(
            SELECTORS,
            'at least one clusterRoleSelector required if aggregationRule is non-nil',
          ),
        ]
      : []),
  ],
};

const SELECTORS = 'aggregationRule.clusterRoleSelectors';

function rulesProblems(
  rules: readonly PolicyRule[] = [],
  old: readonly PolicyRule[] | undefined,
  isNamespaced: boolean,
): Problem[] {
  if (rules === old) return [];
  return rules.flatMap((rule, at) => ruleProblems(rule, `rules[${at}]`, isNamespaced));
}

function ruleProblems(rule: PolicyRule, path: string, isNamespaced: boolean): Problem[] {
  const { verbs, nonResourceURLs = [] } = rule;
  return [
    ...(verbs.length > 0
      ? []
      : [required(`${path}.verbs`, 'verbs must contain at least one value')]),
    ...(nonResourceURLs.length > 0
      ? urlProblems(rule, `${path}.nonResourceURLs`, isNamespaced)
      : resourceProblems(rule, path)),
  ];
}

function urlProblems(rule: PolicyRule, path: string, isNamespaced: boolean): Problem[] {
  const { nonResourceURLs, apiGroups, resources, resourceNames } = rule;
  const hasResources = [apiGroups, resources, resourceNames].some((each) => each?.length);
  const say = (wrong: string): Problem => invalid(path, nonResourceURLs, wrong);
  return [
    ...(isNamespaced ? [say('namespaced rules cannot apply to non-resource URLs')] : []),
    ...(hasResources
      ? [say('rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ];
}

function resourceProblems({ apiGroups = [], resources = [] }: PolicyRule, path: string): Problem[] {
  return [
    ...(apiGroups.length > 0
      ? []
      : [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')]),
    ...(resources.length > 0
      ? []
      : [required(`${path}.resources`, 'resource rules must supply at least one resource')]),
  ];
}
