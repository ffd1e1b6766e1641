import { createHash, type KeyObject } from 'node:crypto';
import { elements, encoded, expected, objectId, objectIdText, sequence, TAG } from './der.ts';

/** Whom a certificate is about, as far as Kubernetes looks at it. */
export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** The distinguished name of a subject. */
export function nameOf({ commonName, organizations }: Subject): Buffer {
  // The members of a set stand in the order of their bytes.
  const members = organizations.map((each) => attribute(ORGANIZATION, each)).sort(Buffer.compare);
  const groups = members.length > 0 ? [encoded(TAG.set, ...members)] : [];
  return sequence(...groups, encoded(TAG.set, attribute(COMMON_NAME, commonName)));
}

const attribute = (type: string, text: string): Buffer =>
  sequence(objectId(type), encoded(TAG.utf8String, Buffer.from(text)));

/** The subject that a distinguished name (its content) names; the last common name is the one. */
export function subjectOf(content: Buffer): Subject {
  let commonName = '';
  const organizations: string[] = [];
  for (const set of elements(content))
    for (const { content: pair } of elements(set.content)) {
      const type = expected(pair, TAG.objectId);
      const text = elements(type.rest)[0]?.content.toString('utf8') ?? '';
      const id = objectIdText(type.content);
      if (id === COMMON_NAME) commonName = text;
      else if (id === ORGANIZATION) organizations.push(text);
    }
  return { commonName, organizations };
}

/** By which certificates name a key: a digest of it. */
export function keyIdOf(key: KeyObject): Buffer {
  const info = expected(key.export({ format: 'der', type: 'spki' }), TAG.sequence).content;
  const algorithm = expected(info, TAG.sequence);
  const bits = expected(algorithm.rest, TAG.bitString).content.subarray(1);
  return createHash('sha256').update(bits).digest().subarray(0, 20);
}
