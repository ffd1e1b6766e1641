import { limits } from '../../base/index.ts';

/** Specs by their text, the one that was met least recently first. */
const recent = new Map<string, unknown>();

/**
 * The object with the very `spec` of an earlier one, if that says the same. Whoever makes many objects of one template then makes
 * them of one value here too, and what is remembered of values (checks, defaults, owned fields) is remembered for all of
 * them.
 */
export function withSharedSpec(body: unknown): unknown {
  const { spec } = (body ?? NOTHING) as { readonly spec?: unknown };
  if (typeof spec !== 'object' || spec === null) return body;
  const text = JSON.stringify(spec);
  if (text.length > limits.sharedSpecLengthMax) return body;
  const known = recent.get(text);
  recent.delete(text);
  recent.set(text, known ?? spec);
  if (recent.size > limits.sharedSpecs) recent.delete(recent.keys().next().value!);
  return known === undefined ? body : { ...(body as object), spec: known };
}

const NOTHING = {};
