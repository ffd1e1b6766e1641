/** One step of a path: a field or map key, a place in a list, or the item of a list with that key. */
export type Step = string | number | { readonly key: string; readonly value: string };

const STEP = /\.?([^.[\]]+)|\[(?:([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^\]]*)|([^\]]*))\]/gy;

/** Takes `spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]` and `.spec.containers[name="web"]` apart. */
export function parseFieldPath(path: string): Step[] {
  const steps: Step[] = [];
  for (const [, name, key, value, index] of path.matchAll(STEP)) {
    if (name !== undefined) steps.push(name);
    else if (key !== undefined && value !== undefined) steps.push({ key, value: unquoted(value) });
    else if (index !== undefined) steps.push(/^\d+$/.test(index) ? Number(index) : index);
  }
  return steps;
}

/** The key that a step means in a value; undefined when it leads nowhere. */
export function keyFor(step: Step, value: object): string | undefined {
  if (typeof step !== 'object') return String(step);
  if (!Array.isArray(value)) return undefined;
  const at = value.findIndex(
    (item) => String((item as Record<string, unknown> | null)?.[step.key]) === step.value,
  );
  return at < 0 ? undefined : String(at);
}

/**
 * The path with keys that hold dots in brackets, by what the object has: field managers write `data.ca.crt`, which is
 * `data[ca.crt]`. As it was from where the object has nothing of the kind.
 */
export function withDottedKeys(object: unknown, path: string): string {
  let value = object;
  const parts = [...path.matchAll(STEP)].map(([text]) => text);
  let known = '';
  for (let at = 0; at < parts.length; ) {
    const length = keyLength(value, parts.slice(at));
    if (length === 0) return known + parts.slice(at).join('');
    const text = parts.slice(at, at + length).join('');
    const [step] = length === 1 ? parseFieldPath(text) : [text.replace(/^\./, '')];
    const key = keyFor(step!, value as object)!;
    known += length === 1 ? text : `[${key}]`;
    value = (value as Record<string, unknown>)[key];
    at += length;
  }
  return known;
}

/** How many parts are the key that the value has; 0 when it has none. */
function keyLength(value: unknown, parts: readonly string[]): number {
  if (typeof value !== 'object' || value === null) return 0;
  const names = parts.findIndex((part) => part.startsWith('['));
  for (let length = names < 0 ? parts.length : names; length > 1; length--)
    if (Object.hasOwn(value, parts.slice(0, length).join('').replace(/^\./, ''))) return length;
  const [first] = parseFieldPath(parts[0]!);
  const own = first === undefined ? undefined : keyFor(first, value);
  return own !== undefined && Object.hasOwn(value, own) ? 1 : 0;
}

/** The shortest beginning of the path that the object does not have; undefined when it has all of it. */
export function absentPart(object: unknown, path: string): string | undefined {
  let value = object;
  for (const match of path.matchAll(STEP)) {
    const [step] = parseFieldPath(match[0]);
    const key =
      step === undefined || typeof value !== 'object' || value === null
        ? undefined
        : keyFor(step, value);
    value = key === undefined ? undefined : (value as Record<string, unknown>)[key];
    if (value === undefined) return path.slice(0, match.index + match[0].length);
  }
  return undefined;
}

/** `restartPolicy`, `containers[0]`, `labels[app]`: what an author calls the field. */
export function lastName(path: string): string {
  const dot = path.replace(/\[[^\]]*\]/g, (part) => '_'.repeat(part.length)).lastIndexOf('.');
  return path.slice(dot + 1);
}

/** The path as `slipway explain` takes it: fields only. */
export function explainPath(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '');
}

/** The path of what holds the field; empty for a field of the root. */
export function parentPath(path: string): string {
  const name = lastName(path);
  const bracket = name.lastIndexOf('[');
  const cut = bracket > 0 ? name.length - bracket : name.length + 1;
  return path.slice(0, Math.max(0, path.length - cut));
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
