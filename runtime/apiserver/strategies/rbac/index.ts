/**
 * What no schema can say about roles and their bindings. Whether somebody may write one at all, since nobody may give away
 * more than he has, is decided in `authorization/`.
 */
export { clusterRoleBindings, roleBindings } from './bindings.ts';
export { clusterRoles, roles } from './roles.ts';
