import { type KeyObject, sign } from 'node:crypto';
import { bitString, contextTag, encoded, integer, objectId, sequence, TAG, time } from './der.ts';
import { keyIdOf, nameOf, type Subject } from './name.ts';

/** An authority that signs certificates: its name and its private key. */
export interface Issuer {
  readonly name: Subject;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface CertificateSpec {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  /** Positive; big-endian. */
  readonly serial: Uint8Array;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isAuthority?: boolean;
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages?: readonly ExtendedKeyUsage[];
  /** Names and addresses for which a server is vouched. */
  readonly hosts?: readonly string[];
  /** Extension of alternative names as it was asked for, in place of `hosts`. */
  readonly alternativeNames?: Buffer;
}

const KEY_USAGES = {
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
} as const;
export type KeyUsage = keyof typeof KEY_USAGES;

const EXTENDED_KEY_USAGES = {
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
} as const;
export type ExtendedKeyUsage = keyof typeof EXTENDED_KEY_USAGES;

const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ed25519: '1.3.101.112',
} as const;

const VERSION_3 = encoded(contextTag(0, true), integer(Buffer.from([2])));
const TRUE = encoded(TAG.boolean, Buffer.from([0xff]));

/** A certificate (X.509 v3), signed by an issuer with an Ed25519 or P-256 key; PEM. */
export function certificatePem(spec: CertificateSpec, issuer: Issuer): string {
  const [algorithm, digest] =
    issuer.privateKey.asymmetricKeyType === 'ed25519'
      ? ([ID.ed25519, null] as const)
      : ([ID.ecdsaWithSha256, 'sha256'] as const);
  const algorithmId = sequence(objectId(algorithm));
  const signed = sequence(
    VERSION_3,
    integer(spec.serial),
    algorithmId,
    nameOf(issuer.name),
    sequence(time(spec.notBeforeMs), time(spec.notAfterMs)),
    nameOf(spec.subject),
    spec.publicKey.export({ format: 'der', type: 'spki' }),
    encoded(contextTag(3, true), sequence(...extensions(spec, issuer))),
  );
  const signature = sign(digest, signed, issuer.privateKey);
  return pem('CERTIFICATE', sequence(signed, algorithmId, bitString(signature)));
}

function extensions(spec: CertificateSpec, { publicKey }: Issuer): Buffer[] {
  const { isAuthority, extendedKeyUsages = [], hosts = [], alternativeNames } = spec;
  const names =
    alternativeNames ?? (hosts.length > 0 ? sequence(...hosts.map(generalName)) : undefined);
  return [
    ...(spec.keyUsages.length > 0
      ? [extension(ID.keyUsage, keyUsageBits(spec.keyUsages), true)]
      : []),
    ...(extendedKeyUsages.length > 0
      ? [
          extension(
            ID.extendedKeyUsage,
            sequence(...extendedKeyUsages.map((each) => objectId(EXTENDED_KEY_USAGES[each]))),
          ),
        ]
      : []),
    extension(ID.basicConstraints, isAuthority ? sequence(TRUE) : sequence(), true),
    extension(ID.subjectKey, encoded(TAG.octetString, keyIdOf(spec.publicKey))),
    extension(ID.authorityKey, sequence(encoded(contextTag(0), keyIdOf(publicKey)))),
    ...(names ? [extension(ID.alternativeNames, names)] : []),
  ];
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [TRUE] : [];
  return sequence(objectId(id), ...critical, encoded(TAG.octetString, value));
}

/** A string of bits without the zeros at its end. */
function keyUsageBits(usages: readonly KeyUsage[]): Buffer {
  const bits = usages.map((each) => KEY_USAGES[each]);
  const last = Math.max(0, ...bits);
  const bytes = Buffer.alloc(Math.floor(last / 8) + 1);
  for (const bit of bits) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return encoded(TAG.bitString, Buffer.from([7 - (last & 7)]), bytes);
}

const IP = 7;
const DNS = 2;

function generalName(host: string): Buffer {
  const address = addressBytes(host);
  return address
    ? encoded(contextTag(IP), address)
    : encoded(contextTag(DNS), Buffer.from(host, 'latin1'));
}

/** The bytes of an IP address; of IPv6 at most one `::`, as addresses are written. */
function addressBytes(host: string): Buffer | undefined {
  if (/^\d+(\.\d+){3}$/.test(host)) return Buffer.from(host.split('.').map(Number));
  if (!host.includes(':')) return undefined;
  const [head = '', tail] = host.split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((each) => Number.parseInt(each, 16));
  const [before, after] = [words(head), words(tail ?? '')];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** Bytes as PEM, 64 characters a line. */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
