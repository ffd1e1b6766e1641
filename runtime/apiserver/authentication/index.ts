/**
 * Who somebody is: bearer tokens that stand for a user, tokens of service accounts, client certificates, impersonation, and nobody.
 *
 * `Authenticator` looks at tokens; `AccountTokens` issues those of service accounts with the claims that Kubernetes gives them
 * (audiences, expiry, the account, and the pod, secret or node that they are bound to) and finds out from the server's caches
 * whether they still hold. `SecretTokens` does the same for the older kind that is kept in secrets. `impersonation` reads the headers by which somebody acts as another, and says what he must be allowed
 * for that. All of it is synchronous, so that nothing depends on when a signature is done.
 *
 * Invariant: nothing here grants anything. The transport that lets somebody in (HTTP) asks who it is, has `authorization/` decide,
 * and hands the request on with the user in it. Components in the same process bring their user along and are not asked.
 *
 * Left out: OpenID Connect, webhooks, bootstrap tokens.
 */
export type { Bound } from './account-tokens.ts';
export { API_AUDIENCES, ISSUER } from './account-tokens.ts';
export { type Authenticated, Authenticator, type Credentials } from './authenticator.ts';
export { type Headers, type Impersonation, impersonation } from './impersonation.ts';
export { seededKey, TokenSigner } from './token-signer.ts';
export { ANONYMOUS, userOfCertificate } from './users.ts';
