import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { pem } from './certificate.ts';
import { bitString, contextTag, encoded, integer, objectId, sequence, TAG } from './der.ts';
import { nameOf, type Subject } from './name.ts';

const ECDSA = '1.2.840.10045.4.3.2';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const ALTERNATIVE_NAMES = '2.5.29.17';

/** A certificate request in PEM, as a client makes one, and the key that it is for. */
export function requestFor(
  subject: Subject,
  dnsNames: readonly string[] = [],
): { readonly pem: string; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = sequence(...dnsNames.map((each) => encoded(contextTag(2), Buffer.from(each))));
  const extensions = sequence(
    sequence(objectId(ALTERNATIVE_NAMES), encoded(TAG.octetString, names)),
  );
  const attribute = sequence(objectId(EXTENSION_REQUEST), encoded(TAG.set, extensions));
  const info = sequence(
    integer(Buffer.from([0])),
    nameOf(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    encoded(contextTag(0, true), ...(dnsNames.length > 0 ? [attribute] : [])),
  );
  const signature = bitString(sign('sha256', info, privateKey));
  const der = sequence(info, sequence(objectId(ECDSA)), signature);
  return { pem: pem('CERTIFICATE REQUEST', der), privateKey };
}
