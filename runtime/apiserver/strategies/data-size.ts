type Entries = Readonly<Record<string, string>>;

/** How much the entries of a ConfigMap or Secret may hold together. */
export const MAX_BYTES = 1_048_576;

export function textBytes(entries: Entries): number {
  return Object.values(entries).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** Of entries in base64. */
export function decodedBytes(entries: Entries): number {
  return Object.values(entries).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0);
}
