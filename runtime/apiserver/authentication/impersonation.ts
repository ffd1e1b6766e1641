import { type ApiError, internalError, type User } from '../../meta/index.ts';
import type { Access } from '../authorization/index.ts';
import { accountOf, authenticated, groupsOfAccounts } from './users.ts';

/**
 * Header names are in small letters, as HTTP servers give them; one that came several times is a list, or one text with commas.
 */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const PREFIX = 'impersonate-';
const EXTRA = `${PREFIX}extra-`;
const AUTHENTICATION = 'authentication.k8s.io';

/** Whom somebody wants to be taken for, and what he must be allowed for that. */
export interface Impersonation {
  readonly user: User;
  readonly accesses: readonly Access[];
}

/**
 * Reads the impersonation headers of a request; undefined when there are none. Throws a 500, as upstream, when they name groups or
 * attributes of nobody.
 */
export function impersonation(headers: Headers): Impersonation | undefined {
  const all = (name: string): readonly string[] => {
    const value = headers[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  const [name = ''] = all(`${PREFIX}user`);
  const [uid = ''] = all(`${PREFIX}uid`);
  const groups = all(`${PREFIX}group`).flatMap((each) => each.split(', '));
  const extra = Object.keys(headers)
    .filter((header) => header.startsWith(EXTRA))
    .sort()
    .map((header) => [decodedKey(header.slice(EXTRA.length)), all(header)] as const);
  if (name === '') {
    if (uid === '' && groups.length === 0 && extra.length === 0) return undefined;
    throw withoutUser();
  }
  const account = accountOf(name);
  return {
    user: known({
      name,
      groups: groups.length === 0 && account ? groupsOfAccounts(account.namespace) : groups,
      ...(uid === '' ? {} : { uid }),
      ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
    }),
    accesses: [
      account
        ? impersonate('', 'serviceaccounts', account.name, { namespace: account.namespace })
        : impersonate('', 'users', name),
      ...groups.map((group) => impersonate('', 'groups', group)),
      ...extra.flatMap(([key, values]) =>
        values.map((value) =>
          impersonate(AUTHENTICATION, 'userextras', value, { subresource: key }),
        ),
      ),
      ...(uid === '' ? [] : [impersonate(AUTHENTICATION, 'uids', uid)]),
    ],
  };
}

const impersonate = (group: string, resource: string, name: string, more: object = {}): Access => ({
  verb: 'impersonate',
  group,
  resource,
  name,
  ...more,
});

/** Nobody stays nobody; everybody else is known. */
function known(user: User): User {
  if (user.name !== 'system:anonymous') return authenticated(user);
  const unknown = 'system:unauthenticated';
  return user.groups.includes(unknown) ? user : { ...user, groups: [...user.groups, unknown] };
}

const withoutUser = (): ApiError =>
  internalError('requested groups, uid or extra attributes without impersonating a user');

/** Keys with odd characters are sent escaped; one that is not escaped right is taken as it stands. */
function decodedKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
