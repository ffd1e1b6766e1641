/** 32 bits of FNV-1a with a final mix: deterministic spreading, no security. */
export function hash32(text: string, salt = 0): number {
  let value = 0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  return value >>> 0;
}

/** `length` hexadecimal digits derived from `text`: container ids, image digests, machine ids. */
export function hexOf(text: string, length: number): string {
  let state = hash32(text);
  let digits = '';
  while (digits.length < length) {
    digits += state.toString(16).padStart(8, '0');
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    state = (state ^ (state >>> 12)) >>> 0;
  }
  return digits.slice(0, length);
}
