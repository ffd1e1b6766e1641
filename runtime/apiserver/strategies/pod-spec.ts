import type { Container, PodSpec } from '../../../generated/core/v1/types.ts';

/**
 * Defaults of a pod's spec that depend on other fields, for pods and templates alike. Remembered by identity: the pods of one
 * template carry the very spec that was completed in the template.
 */
export function completePodSpec(spec: PodSpec): PodSpec {
  let found = completed.get(spec);
  if (!found) {
    found = complete(spec);
    completed.set(spec, found);
    completed.set(found, found);
  }
  return found;
}

const completed = new WeakMap<PodSpec, PodSpec>();

function complete(spec: PodSpec): PodSpec {
  const containers = each(spec.containers, withPullPolicy);
  const initContainers = spec.initContainers && each(spec.initContainers, withPullPolicy);
  if (containers === spec.containers && initContainers === spec.initContainers) return spec;
  return { ...spec, containers, ...(initContainers ? { initContainers } : {}) };
}

/** Always for `latest` and for images without a tag, IfNotPresent for the rest. */
function withPullPolicy(container: Container): Container {
  if (container.imagePullPolicy || !container.image) return container;
  return { ...container, imagePullPolicy: isLatest(container.image) ? 'Always' : 'IfNotPresent' };
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

/** The list with `change` made to each; the same list when nothing changed. */
export function each<T>(list: readonly T[] | undefined, change: (item: T) => T): readonly T[] {
  if (!list) return [];
  let result: T[] | undefined;
  for (const [at, item] of list.entries()) {
    const next = change(item);
    if (next === item) continue;
    result ??= list.slice();
    result[at] = next;
  }
  return result ?? list;
}

/** The same for an object with a pod template at `spec.template`. */
export function completeTemplate<
  T extends { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } },
>(object: T): T {
  const before = object.spec?.template?.spec;
  if (!before) return object;
  const after = completePodSpec(before);
  if (after === before) return object;
  const template = { ...object.spec.template, spec: after };
  return { ...object, spec: { ...object.spec, template } };
}
