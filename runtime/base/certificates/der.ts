/** One element of DER, and what is after it. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly whole: Buffer;
  readonly rest: Buffer;
}

/** Tags of the types that certificates are made of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of a value whose type its place says: `[number]`. */
export const contextTag = (number: number, isConstructed = false): number =>
  0x80 | (isConstructed ? 0x20 : 0) | number;

/** The first element of the bytes. Throws where they hold no whole one. */
export function element(bytes: Buffer): Element {
  if (bytes.length < 2) throw new RangeError('cut short');
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

/** The first element, which must have the tag. */
export function expected(bytes: Buffer, tag: number): Element {
  const found = element(bytes);
  if (found.tag !== tag) throw new TypeError('another element');
  return found;
}

/** All elements of a sequence's or set's content. */
export function elements(content: Buffer): Element[] {
  const all: Element[] = [];
  for (let rest = content; rest.length > 0; ) {
    const next = element(rest);
    all.push(next);
    rest = next.rest;
  }
  return all;
}

/** An element of a tag with what is in it. */
export function encoded(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer =>
  encoded(TAG.sequence, ...contents);

/** A number that is not negative, big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const digits = bytes.subarray(from);
  const pad = (digits[0] ?? 0) >= 0x80 || digits.length === 0 ? [0] : [];
  return encoded(TAG.integer, Buffer.from(pad), digits);
}

/** `1.2.840.113549` as an object identifier. */
export function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return encoded(TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift(0x80 | (rest % 128));
  return digits;
}

/** The text of an object identifier's content. */
export function objectIdText(content: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const [head = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}

/** A string of whole bytes. */
export const bitString = (bytes: Uint8Array): Buffer =>
  encoded(TAG.bitString, Buffer.from([0]), bytes);

const TWO_DIGIT_YEARS_UNTIL = 2050;

/** A moment, to the second; in the shorter form where its year allows it, as the standard wants it. */
export function time(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/\D/g, '');
  const isShort = Number(digits.slice(0, 4)) < TWO_DIGIT_YEARS_UNTIL;
  const text = `${isShort ? digits.slice(2) : digits}Z`;
  return encoded(isShort ? TAG.utcTime : TAG.generalizedTime, Buffer.from(text, 'latin1'));
}
