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
