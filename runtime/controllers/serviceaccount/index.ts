/**
 * What every namespace has: the ServiceAccount `default` (service-account-controller) and the ConfigMap
 * `kube-root-ca.crt` with the certificate by which pods know the API server (root-ca-cert-publisher).
 *
 * Two controllers in one folder, since they are the same thought: a namespace's name in, one object of a fixed name made
 * when it is missing. Invariant: the account is only made while the namespace is active; the map is mended when its data
 * differs, and neither is ever deleted.
 *
 * A third gives tokens to the secrets that ask for one (tokens-controller), and deletes them with their account.
 *
 * For runtime/cluster. Left out: tokens on request (issued by the API server) and which account a pod gets (admission).
 */
export { createRootCaCertPublisher, type RootCaConfig } from './root-ca.ts';
export { createServiceAccountController } from './service-account.ts';
export { createTokensController, type TokensConfig } from './tokens.ts';
