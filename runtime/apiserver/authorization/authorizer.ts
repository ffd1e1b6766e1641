import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../generated/rbac/v1/types.ts';
import type { KubeObject, User } from '../../meta/index.ts';
import { type Access, type Decision, isPathAccess } from './access.ts';
import { nodeRules } from './bootstrap/index.ts';
import { decideForNode } from './node-authorizer.ts';
import { nodeOf } from './node-identity.ts';
import { allows } from './rules.ts';
import { subjectFor, subjectsOfUser } from './subjects.ts';

/** What the authorizer reads: the server's own caches. */
export interface RoleReader {
  /** The object of a resource under a key. */
  object(resource: string, key: string): KubeObject | undefined;
  /** Bindings by the index `subject`. */
  byIndex(resource: string, index: string, value: string): readonly KubeObject[];
}

type Binding = (RoleBinding | ClusterRoleBinding) & KubeObject;

/** Some rules of a user, and the binding that they come from. */
export interface Grant {
  readonly binding: Binding;
  readonly rules: readonly PolicyRule[];
}

const RBAC = 'rbac.authorization.k8s.io';
const MASTERS = 'system:masters';
const ROLES = `roles.${RBAC}`;
const CLUSTER_ROLES = `clusterroles.${RBAC}`;
const ROLE_BINDINGS = `rolebindings.${RBAC}`;
const CLUSTER_ROLE_BINDINGS = `clusterrolebindings.${RBAC}`;

const YES: Decision = { allowed: true, reason: '' };

export const isMaster = ({ groups }: User): boolean => groups.includes(MASTERS);

/**
 * Decides who may do what: kubelets by what is near their node, and everybody by roles and bindings (RBAC). Members of system:masters may do everything. Bindings are found by their
 * subjects, so that a decision costs what the user and his groups are bound to, however many bindings there are.
 */
export class Authorizer {
  readonly #reader: RoleReader;
  /** Whether what no role allows is allowed all the same (`AlwaysAllow` after `RBAC`). */
  readonly allowsAll: boolean;

  constructor(reader: RoleReader, allowsAll = false) {
    this.#reader = reader;
    this.allowsAll = allowsAll;
  }

  decide(user: User, access: Access): Decision {
    if (isMaster(user)) return YES;
    const node = nodeOf(user);
    const said = node === undefined ? undefined : this.#decideForNode(node, user, access);
    if (said?.allowed) return said;
    const namespace = isPathAccess(access) ? undefined : access.namespace;
    const missing: string[] = [];
    for (const { binding, rules } of this.grants(user, namespace, missing))
      if (rules.some((rule) => allows(rule, access)))
        return { allowed: true, reason: `RBAC: allowed by ${describe(binding, user)}` };
    if (this.allowsAll) return YES;
    const reasons = [said?.reason ?? '', missingText(missing)].filter((reason) => reason !== '');
    return { allowed: false, reason: reasons.join('\n') };
  }

  #decideForNode(node: string, { name }: User, access: Access): Decision {
    if (node === '')
      return { allowed: false, reason: `unknown node for user ${JSON.stringify(name)}` };
    return decideForNode(node, access, this.#reader, nodeRules());
  }

  /** All grants of a user that hold in a namespace, or in the cluster as a whole. Bindings of roles that are not there are noted in `missing`. */
  *grants(user: User, namespace: string | undefined, missing: string[] = []): Generator<Grant> {
    yield* this.#grantsBy(CLUSTER_ROLE_BINDINGS, subjectsOfUser(user), missing);
    if (namespace) yield* this.#grantsBy(ROLE_BINDINGS, subjectsOfUser(user, namespace), missing);
  }

  /** The rules of a role that a binding names; undefined when there is no such role. */
  rulesOf(
    { kind, name }: RoleRef,
    namespace: string | undefined,
  ): readonly PolicyRule[] | undefined {
    const found =
      kind === 'Role'
        ? this.#reader.object(ROLES, `${namespace ?? ''}/${name}`)
        : this.#reader.object(CLUSTER_ROLES, name);
    return found && ((found as unknown as Role | ClusterRole).rules ?? []);
  }

  *#grantsBy(resource: string, subjects: readonly string[], missing: string[]): Generator<Grant> {
    const seen = new Set<KubeObject>();
    for (const subject of subjects)
      for (const object of this.#reader.byIndex(resource, 'subject', subject)) {
        if (seen.has(object)) continue;
        seen.add(object);
        const binding = object as Binding;
        const rules = this.rulesOf(binding.roleRef, binding.metadata.namespace);
        if (rules) yield { binding, rules };
        else missing.push(notFoundText(binding.roleRef));
      }
  }
}

const notFoundText = ({ kind, name }: RoleRef): string =>
  `${kind.toLowerCase()}.${RBAC} ${JSON.stringify(name)} not found`;

function missingText(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  const unique = [...new Set(missing)];
  return `RBAC: ${unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`}`;
}

function describe(binding: Binding, user: User): string {
  const { metadata, roleRef } = binding;
  const { name, namespace } = metadata;
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const path = namespace ? `${name}/${namespace}` : `${name}`;
  const subject = subjectFor(binding, user, namespace ?? '');
  const to = subject ? subjectText(subject, namespace) : '';
  return (
    `${kind} ${JSON.stringify(path)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} ` +
    `to ${to}`
  );
}

function subjectText({ kind, name, namespace }: Subject, home: string | undefined): string {
  if (kind !== 'ServiceAccount') return `${kind} ${JSON.stringify(name)}`;
  return `${kind} ${JSON.stringify(`${name}/${namespace || home}`)}`;
}
