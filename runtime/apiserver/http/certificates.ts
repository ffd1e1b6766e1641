import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { wallClock } from '../../base/index.ts';

/** A server's certificate with its key, and the authority that vouches for it; all as PEM. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const VALID_DAYS = 365;

/** Makes an authority and a certificate for names and addresses of this machine. Nothing of them is kept on disk. */
export async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const { subtle } = webcrypto;
  x509.cryptoProvider.set(webcrypto as never);
  const makeKeys = (): Promise<webcrypto.CryptoKeyPair> =>
    subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [caKeys, keys] = await Promise.all([makeKeys(), makeKeys()]);
  const now = wallClock.now();
  const period = {
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
  };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...period,
    name: 'CN=slipway-ca',
    keys: caKeys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    ...period,
    subject: 'CN=kube-apiserver',
    issuer: authority.subject,
    publicKey: keys.publicKey as never,
    signingKey: caKeys.privateKey as never,
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map(nameOf)),
    ],
  });
  const pkcs8 = await subtle.exportKey('pkcs8', keys.privateKey);
  return {
    authority: authority.toString('pem'),
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

const nameOf = (host: string): { type: 'ip' | 'dns'; value: string } => ({
  type: /^[\d.]+$|:/.test(host) ? 'ip' : 'dns',
  value: host,
});
