import { type ApiError, forbidden, type User } from '../../meta/index.ts';
import { type Access, isPathAccess, resourceText } from './access.ts';

/** 403 in the words of the API server. */
export function refusal(user: User, access: Access, reason = ''): ApiError {
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User ${JSON.stringify(user.name)} cannot ${access.verb}`;
  if (isPathAccess(access))
    return forbidden(
      { group: '', resource: '' },
      `${who} path ${JSON.stringify(access.path)}${because}`,
    );
  const { group, resource, name, namespace } = access;
  const what = `resource ${JSON.stringify(resourceText(access))} in API group ${JSON.stringify(group)}`;
  const where = namespace
    ? `in the namespace ${JSON.stringify(namespace)}`
    : 'at the cluster scope';
  return forbidden(
    { group, resource, ...(name ? { name } : {}) },
    `${who} ${what} ${where}${because}`,
  );
}
