import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { certificatePem, type Issuer, wallClock } from '../../base/index.ts';

/** A server's certificate with its key, and the authority that vouches for it; all as PEM. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** The authority itself, by which more can be vouched for. */
  readonly issuer: Issuer;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;
const SERIAL_BYTES = 16;

const makeKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Makes an authority and a certificate for names and addresses of this machine. Nothing of them is kept on disk. */
export function makeCertificates(hosts: readonly string[]): Certificates {
  const now = wallClock.now();
  const period = { notBeforeMs: now - DAY_MS, notAfterMs: now + VALID_DAYS * DAY_MS };
  const name = { commonName: 'slipway-ca', organizations: [] };
  const issuer = { name, ...makeKeys() };
  const keys = makeKeys();
  const authority = certificatePem(
    {
      ...period,
      subject: name,
      publicKey: issuer.publicKey,
      serial: serial(),
      isAuthority: true,
      keyUsages: ['digital signature', 'cert sign'],
    },
    issuer,
  );
  const certificate = certificatePem(
    {
      ...period,
      subject: { commonName: 'kube-apiserver', organizations: [] },
      publicKey: keys.publicKey,
      serial: serial(),
      keyUsages: ['digital signature', 'key encipherment'],
      extendedKeyUsages: ['server auth'],
      hosts,
    },
    issuer,
  );
  const key = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return { authority, certificate, key, issuer };
}

/** Never zero and never negative. */
function serial(): Buffer {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}
