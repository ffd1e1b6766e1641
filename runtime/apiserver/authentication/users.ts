import type { User } from '../../meta/index.ts';
import { accountUser } from '../authorization/index.ts';

const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
const ACCOUNTS = 'system:serviceaccounts';

/** Whoever says nothing of himself. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** The user with the group of all who are known. */
export function authenticated(user: User): User {
  const { groups } = user;
  if (groups.includes(AUTHENTICATED) || groups.includes(UNAUTHENTICATED)) return user;
  return { ...user, groups: [...groups, AUTHENTICATED] };
}

/** The groups that every service account of a namespace is in. */
export const groupsOfAccounts = (namespace: string): string[] => [
  ACCOUNTS,
  `${ACCOUNTS}:${namespace}`,
];

/** A service account as a user. */
export const userOfAccount = (namespace: string, name: string): User => ({
  name: accountUser(namespace, name),
  groups: groupsOfAccounts(namespace),
});

/** Namespace and name of the service account that a user's name stands for. */
export function accountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace !== undefined && name !== undefined ? { namespace, name } : undefined;
}

/** The user of a client certificate: its common name, and its organizations as groups. */
export const userOfCertificate = (commonName: string, organizations: readonly string[]): User =>
  authenticated({ name: commonName, groups: organizations });
