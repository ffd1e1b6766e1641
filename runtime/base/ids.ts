import type { Random } from './random.ts';

/** The digits of every byte. */
const HEX = Buffer.from(
  Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0')).join(''),
  'latin1',
);
/** Where a uid is put together: texts that come out of one piece are cheaper than texts made of many. */
const TEXT = Buffer.alloc(36, '-', 'latin1');
/** Where the digits of each byte stand in it. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Kubernetes' alphabet for generated names: no vowels, nothing easily misread. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A version 4 UUID drawn from `random`. */
export function uid(random: Random): string {
  writeWord(random.uint32(), 0);
  writeWord((random.uint32() & 0xffff0fff) | 0x00004000, 4);
  writeWord((random.uint32() & 0x3fffffff) | 0x80000000, 8);
  writeWord(random.uint32(), 12);
  return TEXT.toString('latin1');
}

/** The eight digits of `value`, from byte `at` on. */
function writeWord(value: number, at: number): void {
  for (let byte = 0; byte < 4; byte++) {
    const digits = ((value >>> (24 - 8 * byte)) & 255) * 2;
    const place = PLACES[at + byte]!;
    TEXT[place] = HEX[digits]!;
    TEXT[place + 1] = HEX[digits + 1]!;
  }
}

/** The random part that the API server appends to `generateName`: five characters. */
export function nameSuffix(random: Random, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += SUFFIX_ALPHABET[random.below(SUFFIX_ALPHABET.length)];
  return text;
}
