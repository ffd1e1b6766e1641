import type { PolicyRule } from '../../../generated/rbac/v1/types.ts';
import { type Access, isPathAccess, resourceText } from './access.ts';

const ALL = '*';
const has = (list: readonly string[] | undefined, value: string): boolean =>
  list?.includes(ALL) === true || list?.includes(value) === true;

/** Whether a rule allows something. */
export function allows(rule: PolicyRule, access: Access): boolean {
  if (!has(rule.verbs, access.verb)) return false;
  if (isPathAccess(access)) return matchesPath(rule.nonResourceURLs, access.path);
  const { resourceNames = [], resources, apiGroups } = rule;
  const { group, subresource, name } = access;
  if (!has(apiGroups, group)) return false;
  const isMeant =
    has(resources, resourceText(access)) ||
    (Boolean(subresource) && resources?.includes(`*/${subresource}`) === true);
  return isMeant && (resourceNames.length === 0 || resourceNames.includes(name ?? ''));
}

/** A star at the end stands for all that begin so. */
function matchesPath(urls: readonly string[] = [], path: string): boolean {
  return urls.some(
    (url) =>
      url === ALL || url === path || (url.endsWith(ALL) && path.startsWith(url.slice(0, -1))),
  );
}

/** What of `wanted` no rule of `owned` allows, as rules; empty when all of it is covered. */
export function uncovered(
  wanted: readonly PolicyRule[],
  owned: readonly PolicyRule[],
): PolicyRule[] {
  const lacking = wanted
    .flatMap(singleRules)
    .filter((single) => !owned.some((own) => covers(own, single)));
  return compacted(lacking);
}

/** A rule about several things as rules about one each. */
function singleRules({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): PolicyRule[] {
  const names = resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [undefined];
  return verbs.flatMap((verb) => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name ? { resourceNames: name } : {}),
        })),
      ),
    ),
    ...nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] })),
  ]);
}

/** Whether a rule allows all that a rule about one thing does. */
function covers(owner: PolicyRule, single: PolicyRule): boolean {
  if (!has(owner.verbs, single.verbs[0]!)) return false;
  const url = single.nonResourceURLs?.[0];
  if (url !== undefined) return matchesPath(owner.nonResourceURLs, url);
  const resource = single.resources![0]!;
  const [, subresource] = resource.split('/');
  const { resourceNames: owned = [] } = owner;
  return (
    has(owner.apiGroups, single.apiGroups![0]!) &&
    (has(owner.resources, resource) ||
      (subresource !== undefined && owner.resources?.includes(`*/${subresource}`) === true)) &&
    (owned.length === 0 || (single.resourceNames ?? []).some((name) => owned.includes(name)))
  );
}

/** Single rules that differ in nothing but their verb, together. */
function compacted(singles: readonly PolicyRule[]): PolicyRule[] {
  const byRest = new Map<string, PolicyRule>();
  for (const { verbs, ...rest } of singles) {
    const id = JSON.stringify(rest);
    byRest.set(id, { ...rest, verbs: [...(byRest.get(id)?.verbs ?? []), ...verbs] });
  }
  return [...byRest.values()];
}

const PARTS = [
  ['APIGroups', 'apiGroups'],
  ['Resources', 'resources'],
  ['NonResourceURLs', 'nonResourceURLs'],
  ['ResourceNames', 'resourceNames'],
  ['Verbs', 'verbs'],
] as const;

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`: a rule in error texts. */
export function ruleText(rule: PolicyRule): string {
  const parts = PARTS.flatMap(([label, field]) => {
    const values = rule[field] ?? [];
    return values.length > 0 ? [`${label}:${listText(values)}`] : [];
  });
  return `{${parts.join(', ')}}`;
}

/** `["a" "b"]` */
export function listText(values: readonly string[]): string {
  return `[${values.map((each) => JSON.stringify(each)).join(' ')}]`;
}
