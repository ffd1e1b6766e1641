/**
 * Certificates: enough of X.509, PKCS#10 and DER to make an authority, sign what it vouches for, and read what somebody asks it
 * to sign. Keys and signatures are Node's own; this is only their envelope.
 *
 * Invariant: everything is synchronous and a function of its arguments. With an Ed25519 key even the signature is, so that a cluster
 * in virtual time gets the same certificates in every run.
 *
 * Left out: checking chains, which TLS does; revocation; names beyond common name and organization.
 */
export {
  type CertificateSpec,
  certificatePem,
  type ExtendedKeyUsage,
  type Issuer,
  type KeyUsage,
  pem,
} from './certificate.ts';
export type { Subject } from './name.ts';
export { type CertificateRequest, readCertificateRequest } from './request.ts';
