import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from '../../../generated/rbac/v1/types.ts';
import { forbidden, jsonEqual, type KubeObject, notFound, type User } from '../../meta/index.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../admission/plugin.ts';
import { about } from '../kind.ts';
import type { ResourceAccess } from './access.ts';
import { type Authorizer, isMaster } from './authorizer.ts';
import { listText, ruleText, uncovered } from './rules.ts';

const RBAC = 'rbac.authorization.k8s.io';
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

type AnyRole = (Role & { aggregationRule?: undefined }) | ClusterRole;
type AnyBinding = RoleBinding | ClusterRoleBinding;

/**
 * Nobody gives away more than he has: a role may only hold rules that its writer has himself, unless he may `escalate` it, and
 * a role may only be bound by somebody who has its rules, or who may `bind` it. Always on.
 */
export const escalationChecks: readonly AdmissionPlugin[] = [
  check('roles', roleProblem),
  check('clusterroles', roleProblem),
  check('rolebindings', bindingProblem),
  check('clusterrolebindings', bindingProblem),
];

type Check = (attributes: AdmissionAttributes, authorizer: Authorizer) => string | undefined;

function check(plural: string, problem: Check): AdmissionPlugin {
  return {
    name: `EscalationOf-${plural}`,
    resource: `${plural}.${RBAC}`,
    validate(attributes, { authorizer }) {
      const { operation, user, kind, object } = attributes;
      if (operation === 'DELETE' || isMaster(user) || changesOnlyOwners(attributes)) return;
      const refused = problem(attributes, authorizer);
      if (refused !== undefined) throw forbidden(about(kind, object.metadata.name), refused);
    },
  };
}

/** The garbage collector may take owners and finalizers off whatever it cannot read. */
function changesOnlyOwners({ object, old }: AdmissionAttributes): boolean {
  return old !== undefined && jsonEqual(withoutOwners(object), withoutOwners(old));
}

function withoutOwners({ metadata, ...object }: KubeObject): unknown {
  const { ownerReferences: _, finalizers: __, resourceVersion: ___, ...rest } = metadata;
  return { ...object, metadata: rest };
}

function roleProblem(attributes: AdmissionAttributes, authorizer: Authorizer): string | undefined {
  const { object, old, user, namespace } = attributes;
  const role = object as KubeObject & AnyRole;
  const before = old as (KubeObject & AnyRole) | undefined;
  if (may('escalate', attributes, authorizer)) return undefined;
  const owned = rulesOf(user, namespace, authorizer);
  const lacking = lackingText(user, uncovered(role.rules ?? [], owned));
  if (lacking !== undefined) return lacking;
  const gathers = role.aggregationRule ?? before?.aggregationRule;
  return gathers && uncovered(EVERYTHING, owned).length > 0
    ? 'must have cluster-admin privileges to use the aggregationRule'
    : undefined;
}

function bindingProblem(
  attributes: AdmissionAttributes,
  authorizer: Authorizer,
): string | undefined {
  const { user, namespace } = attributes;
  const { roleRef } = attributes.object as KubeObject & AnyBinding;
  const { name } = roleRef;
  const resource = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  const bind: ResourceAccess = { verb: 'bind', group: RBAC, resource, namespace, name };
  if (authorizer.decide(user, bind).allowed) return undefined;
  const rules = authorizer.rulesOf(roleRef, namespace);
  if (!rules) throw notFound({ group: RBAC, resource, name });
  return lackingText(user, uncovered(rules, rulesOf(user, namespace, authorizer)));
}

function may(
  verb: string,
  { kind, namespace, name, user }: AdmissionAttributes,
  authorizer: Authorizer,
): boolean {
  const { group, plural: resource } = kind.descriptor;
  return authorizer.decide(user, { verb, group, resource, namespace, name }).allowed;
}

function rulesOf(user: User, namespace: string | undefined, authorizer: Authorizer): PolicyRule[] {
  return [...authorizer.grants(user, namespace)].flatMap(({ rules }) => rules);
}

function lackingText(user: User, lacking: readonly PolicyRule[]): string | undefined {
  if (lacking.length === 0) return undefined;
  const who = `user ${JSON.stringify(user.name)} (groups=${listText(user.groups)})`;
  const rules = lacking.map(ruleText).sort().join('\n');
  return `${who} is attempting to grant RBAC permissions not currently held:\n${rules}`;
}
