import type { RoleBinding, Subject } from '../../../generated/rbac/v1/types.ts';
import type { KubeObject, User } from '../../meta/index.ts';

/** The user that a service account is. */
export const accountUser = (namespace: string, name: string): string =>
  `system:serviceaccount:${namespace}:${name}`;

/** Under what a binding is found: its namespace (none for cluster role bindings) and one of its subjects. */
const key = (namespace: string, kind: string, name: string): string =>
  `${namespace}/${kind}:${name}`;

/** The keys of a binding, one a subject: an account without a namespace is of the binding's. */
export function subjectsOfBinding(binding: Pick<RoleBinding, 'subjects'> & KubeObject): string[] {
  const { namespace = '' } = binding.metadata;
  return (binding.subjects ?? []).map((subject) => key(namespace, ...identity(subject, namespace)));
}

function identity({ kind, name, namespace }: Subject, home: string): [kind: string, name: string] {
  return kind === 'ServiceAccount' ? ['User', accountUser(namespace || home, name)] : [kind, name];
}

/** The keys under which a user's bindings of one namespace are found, or those of the cluster. */
export function subjectsOfUser({ name, groups }: User, namespace = ''): string[] {
  return [key(namespace, 'User', name), ...groups.map((group) => key(namespace, 'Group', group))];
}

/** The subject by which a binding is a user's. */
export function subjectFor(
  { subjects = [] }: Pick<RoleBinding, 'subjects'>,
  user: User,
  namespace: string,
): Subject | undefined {
  return subjects.find((subject) => {
    const [kind, name] = identity(subject, namespace);
    return kind === 'User' ? name === user.name : kind === 'Group' && user.groups.includes(name);
  });
}
