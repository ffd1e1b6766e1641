import type { Random } from './random.ts';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, '0'),
);
/** Kubernetes' alphabet for generated names: no vowels, nothing easily misread. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A version 4 UUID drawn from `random`. */
export function uid(random: Random): string {
  const word = (value: number): string =>
    HEX[value >>> 24]! + HEX[(value >>> 16) & 255]! + HEX[(value >>> 8) & 255]! + HEX[value & 255]!;
  const a = word(random.uint32());
  const b = word((random.uint32() & 0xffff0fff) | 0x00004000);
  const c = word((random.uint32() & 0x3fffffff) | 0x80000000);
  const d = word(random.uint32());
  return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
}

/** The random part that the API server appends to `generateName`: five characters. */
export function nameSuffix(random: Random, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += SUFFIX_ALPHABET[random.below(SUFFIX_ALPHABET.length)];
  return text;
}
