import { createPublicKey, type KeyObject, verify } from 'node:crypto';

const PEM =
  /-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----/;
const NOT_PEM = 'PEM block type must be CERTIFICATE REQUEST';

/** What is wrong with a PKCS#10 request in PEM: it cannot be read, or its signature is not by its own key. */
export function requestProblem(pem: string): string | undefined {
  const [, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) return NOT_PEM;
  try {
    return isSelfSigned(Buffer.from(base64, 'base64')) ? undefined : 'the signature is not valid';
  } catch {
    return 'not a certificate request in DER';
  }
}

/** One element of DER, and what is after it. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
  readonly rest: Buffer;
}

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;

function element(bytes: Buffer): Element {
  const [tag = 0, first = 0] = bytes;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4) throw new RangeError('too long');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const start = 2 + lengthBytes;
  const end = start + length;
  if (end > bytes.length) throw new RangeError('cut short');
  return {
    tag,
    content: bytes.subarray(start, end),
    whole: bytes.subarray(0, end),
    rest: bytes.subarray(end),
  };
}

function expected(bytes: Buffer, tag: number): Element {
  const found = element(bytes);
  if (found.tag !== tag) throw new TypeError('another element');
  return found;
}

/** CertificationRequest: the info, how it is signed, and the signature. */
function isSelfSigned(der: Buffer): boolean {
  const request = expected(der, SEQUENCE).content;
  const info = expected(request, SEQUENCE);
  const algorithm = expected(info.rest, SEQUENCE);
  const signature = expected(algorithm.rest, BIT_STRING).content.subarray(1);
  const digest = DIGESTS[expected(algorithm.content, OBJECT_ID).content.toString('hex')];
  if (digest === undefined) return false;
  return verify(digest, info.whole, publicKeyOf(info.content), signature);
}

/** The info holds the version, the subject, the key and attributes. */
function publicKeyOf(info: Buffer): KeyObject {
  const version = element(info);
  const subject = expected(version.rest, SEQUENCE);
  const key = expected(subject.rest, SEQUENCE).whole;
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** Digests of signature algorithms by object identifier; Ed25519 has none. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256', // RSA
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256', // ECDSA
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};
