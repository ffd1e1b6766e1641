import type { KubeObject, Ownership } from '../meta/index.ts';

const ownerships = new WeakMap<KubeObject, Ownership>();

/** Remembers who owns an answered object that is not, or no longer, stored: its managed fields are worked out when somebody looks. */
export function withOwnership(object: KubeObject, ownership: Ownership): KubeObject {
  ownerships.set(object, ownership);
  return object;
}

export function unstoredOwnership(object: KubeObject): Ownership | undefined {
  return ownerships.get(object);
}

/** The same object in another form belongs to the same owners. */
export function alsoOwned(object: KubeObject, form: KubeObject): KubeObject {
  const ownership = ownerships.get(object);
  if (ownership) ownerships.set(form, ownership);
  return form;
}
