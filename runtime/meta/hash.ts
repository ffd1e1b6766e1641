const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** JSON with sorted keys: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  const fields = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`);
  return `{${fields.join(',')}}`;
}

/** FNV-1a, 32 bits. */
export function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash >>> 0;
}

/** A number's digits in the alphabet of generated names, as upstream makes hashes safe to read. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let at = 0; at < text.length; at++)
    encoded += ALPHABET[text.charCodeAt(at) % ALPHABET.length];
  return encoded;
}

const templateTexts = new WeakMap<object, string>();

/**
 * The pod-template-hash: FNV over the template and the collision count. Upstream hashes a dump of Go memory, so the value
 * differs from a real cluster's; its form and its use do not.
 */
export function podTemplateHash(template: object, collisionCount = 0): string {
  let text = templateTexts.get(template);
  if (text === undefined) {
    text = canonicalJson(template);
    templateTexts.set(template, text);
  }
  return safeEncode(String(fnv32(collisionCount === 0 ? text : `${text}${collisionCount}`)));
}
