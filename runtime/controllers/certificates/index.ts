/**
 * CertificateSigningRequests to Kubernetes' own signers: three controllers, as upstream has them. One approves what kubelets ask for
 * themselves, if their user may (SubjectAccessReview); one signs what was approved, or says why it does not (`signers.ts`: what each
 * signer signs); one deletes requests an hour after they were decided, and undecided ones after a day.
 *
 * Invariant: nothing is signed that was not approved and does not fit its signer. Serial numbers derive from the request, and with
 * the authority's key of a cluster in virtual time so do the certificates.
 *
 * For runtime/cluster, which has the authority. Left out: kubernetes.io/legacy-unknown, which certificates.k8s.io/v1 does not take.
 */
export { createApprovingController } from './approve.ts';
export { createCleaningController } from './clean.ts';
export { createSigningController, type SigningConfig } from './sign.ts';
