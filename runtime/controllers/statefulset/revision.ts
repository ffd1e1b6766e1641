import type { PodTemplateSpec } from '../../../generated/core/v1/types.ts';
import { canonicalJson, safeEncode } from '../../meta/index.ts';
import { type RevisionNaming, revisionData } from '../history.ts';

/** A state of the template, under the name by which pods refer to it. */
export interface Revision {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

export const naming: RevisionNaming = {
  hash: revisionHash,
  label: 'controller.kubernetes.io/hash',
};

/**
 * The hash in the name of a StatefulSet's revision: FNV-1 (32 bits) of the revision's data as Go writes it, followed by the
 * collision count. The same as a real cluster's for the same template.
 */
export function revisionHash(template: PodTemplateSpec, collisionCount: number): string {
  const text = `${asGo(canonicalJson(revisionData(template)))}${collisionCount}`;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text))
    hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return safeEncode(String(hash));
}

/** Go's JSON can stand in HTML. */
function asGo(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
