import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '../../../generated/flowcontrol/v1/types.ts';
import type { KubeObject, User } from '../../meta/index.ts';
import { type Access, isPathAccess, type ResourceAccess } from '../authorization/index.ts';
import type { Core } from '../core.ts';
import { FLOW_SCHEMAS, PRIORITY_LEVELS } from './bootstrap.ts';

/** What a request falls under. */
export interface Flow {
  readonly schema: KubeObject;
  readonly level: KubeObject;
}

type Stored = FlowSchema & KubeObject;

/** The first schema that matches, of those whose level there is; undefined where none does. Work per schema. */
export function classified(core: Core, user: User, access: Access): Flow | undefined {
  const schemas = (core.kindById(FLOW_SCHEMAS)?.cache.list() ?? []) as readonly Stored[];
  let best: Flow | undefined;
  for (const schema of schemas) {
    if (best && precedence(best.schema) <= precedence(schema)) continue;
    const level = core.object(PRIORITY_LEVELS, schema.spec?.priorityLevelConfiguration.name ?? '');
    if (level && matches(schema, user, access)) best = { schema, level };
  }
  return best;
}

const precedence = (schema: Stored | KubeObject): number =>
  (schema as Stored).spec?.matchingPrecedence ?? 0;

const matches = ({ spec }: Stored, user: User, access: Access): boolean =>
  (spec?.rules ?? []).some((rule) => ruleMatches(rule, user, access));

function ruleMatches(rule: PolicyRulesWithSubjects, user: User, access: Access): boolean {
  if (!rule.subjects.some((subject) => isOf(subject, user))) return false;
  const { resourceRules = [], nonResourceRules = [] } = rule;
  return isPathAccess(access)
    ? nonResourceRules.some((each) => pathMatches(each, access))
    : resourceRules.some((each) => resourceMatches(each, access));
}

const ACCOUNT = /^system:serviceaccount:([^:]*):([^:]*)$/;

function isOf({ user, group, serviceAccount }: Subject, { name, groups = [] }: User): boolean {
  if (user) return user.name === '*' || user.name === name;
  if (group) return group.name === '*' || groups.includes(group.name);
  const [, namespace, account] = ACCOUNT.exec(name) ?? [];
  if (!serviceAccount || namespace !== serviceAccount.namespace) return false;
  return serviceAccount.name === '*' || serviceAccount.name === account;
}

const has = (list: readonly string[], value: string): boolean =>
  list.includes('*') || list.includes(value);

function resourceMatches(rule: ResourcePolicyRule, access: ResourceAccess): boolean {
  const { verb, group, resource, subresource, namespace } = access;
  const { verbs, apiGroups, resources, clusterScope = false, namespaces = [] } = rule;
  const named = subresource ? `${resource}/${subresource}` : resource;
  if (!has(verbs, verb) || !has(apiGroups, group) || !has(resources, named)) return false;
  return namespace ? has(namespaces, namespace) : clusterScope;
}

function pathMatches(
  { verbs, nonResourceURLs }: NonResourcePolicyRule,
  { verb, path }: { readonly verb: string; readonly path: string },
): boolean {
  if (!has(verbs, verb)) return false;
  return nonResourceURLs.some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path,
  );
}
