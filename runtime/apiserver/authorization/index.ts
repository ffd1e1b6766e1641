/**
 * Who may do what: Kubernetes' RBAC over roles and bindings, the bootstrap policy that every cluster begins with, and the rule
 * that nobody may give away more than he has.
 *
 * `Authorizer` decides, a pure function of a user, an access and what the caches hold. Bindings are found by subject, through
 * indexes of the server's own caches; nothing is copied and nothing is remembered, so that a binding counts with the next request.
 * `refusal` says no in the words of the API server; `escalationChecks` is the admission that guards roles and bindings.
 *
 * Invariant: members of system:masters are never looked up, and components in the same process are not asked at all: the transport
 * that lets somebody in (HTTP) calls `ApiServer.authorize` before it hands a request on. The access reviews are answered by the
 * same `Authorizer`.
 *
 * Kubelets are asked about first by the Node authorizer: it starts from the pods on their node whenever it is asked, and keeps no graph.
 *
 * Left out: ABAC and webhooks; what no role allows is refused, unless the server was started to allow everything
 * (`AlwaysAllow`), and there is no other way to say no.
 */
export {
  type Access,
  accessOf,
  type Decision,
  isPathAccess,
  type PathAccess,
  type ResourceAccess,
} from './access.ts';
export { Authorizer, type RoleReader } from './authorizer.ts';
export { bootstrapPolicy } from './bootstrap/index.ts';
export { escalationChecks } from './escalation.ts';
export { nodeOf } from './node-identity.ts';
export { refusal } from './refusal.ts';
export { accountUser } from './subjects.ts';
