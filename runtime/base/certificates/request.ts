import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { contextTag, type Element, element, elements, expected, objectIdText, TAG } from './der.ts';
import { type Subject, subjectOf } from './name.ts';

/** What a certificate request (PKCS#10) asks for. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  /** Whether the request is signed by its own key. */
  readonly isSigned: boolean;
  readonly alternativeNames: AlternativeNames;
}

export interface AlternativeNames {
  /** The extension's value in DER; absent when nothing is asked for. */
  readonly der?: Buffer;
  readonly dns: number;
  readonly ips: number;
  readonly emails: number;
  readonly uris: number;
}

const PEM =
  /-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----/;
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const ALTERNATIVE_NAMES = '2.5.29.17';
const ATTRIBUTES = contextTag(0, true);

/** Reads a request in PEM. Undefined where the text is none; throws where its bytes are none. */
export function readCertificateRequest(pem: string): CertificateRequest | undefined {
  const [, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) return undefined;
  const request = expected(Buffer.from(base64, 'base64'), TAG.sequence).content;
  const info = expected(request, TAG.sequence);
  const version = element(info.content);
  const subject = expected(version.rest, TAG.sequence);
  const key = expected(subject.rest, TAG.sequence);
  const publicKey = createPublicKey({ key: key.whole, format: 'der', type: 'spki' });
  return {
    subject: subjectOf(subject.content),
    publicKey,
    isSigned: isSignedBy(publicKey, info),
    alternativeNames: alternativeNames(key.rest),
  };
}

/** After the info comes how it is signed, and the signature. */
function isSignedBy(key: KeyObject, info: Element): boolean {
  const algorithm = expected(info.rest, TAG.sequence);
  const signature = expected(algorithm.rest, TAG.bitString).content.subarray(1);
  const digest = DIGESTS[objectIdText(expected(algorithm.content, TAG.objectId).content)];
  return digest !== undefined && verify(digest, info.whole, key, signature);
}

/** Digests of signature algorithms; Ed25519 has none. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256', // RSA
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256', // ECDSA
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

function alternativeNames(rest: Buffer): AlternativeNames {
  const der = requestedExtension(rest, ALTERNATIVE_NAMES);
  const tags = der
    ? elements(expected(der, TAG.sequence).content).map(({ tag }) => tag & 0x1f)
    : [];
  const count = (wanted: number): number => tags.filter((tag) => tag === wanted).length;
  return {
    ...(der ? { der } : {}),
    emails: count(1),
    dns: count(2),
    uris: count(6),
    ips: count(7),
  };
}

/** The value of an extension that the attributes of a request ask for. */
function requestedExtension(rest: Buffer, wanted: string): Buffer | undefined {
  if (rest.length === 0 || element(rest).tag !== ATTRIBUTES) return undefined;
  for (const { content } of elements(element(rest).content)) {
    const type = expected(content, TAG.objectId);
    if (objectIdText(type.content) !== EXTENSION_REQUEST) continue;
    const extensions = expected(expected(type.rest, TAG.set).content, TAG.sequence).content;
    for (const extension of elements(extensions)) {
      const [id, ...parts] = elements(extension.content);
      if (id && objectIdText(id.content) === wanted) return parts.at(-1)?.content;
    }
  }
  return undefined;
}
