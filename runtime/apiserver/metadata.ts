import { nameSuffix, type Random, uid } from '../base/index.ts';
import { formatTime, jsonEqual, type KubeObject, type ObjectMeta } from '../meta/index.ts';
import type { ServedKind } from './kind.ts';

const GENERATED_NAME_MAX = 63;

/** The metadata of a new object: what the client may say, and what only the server says. A fresh object. */
export function metadataForCreate(
  kind: ServedKind,
  given: ObjectMeta,
  identity: { readonly name: string; readonly namespace: string | undefined },
  context: { now(): number; readonly random: Random },
): ObjectMeta {
  const { generateName, labels, annotations, ownerReferences, finalizers } = given;
  const { name } = identity;
  const isCounted = kind.descriptor.generationFields.length > 0;
  const generation = isCounted ? 1 : given.generation;
  const namespace = kind.descriptor.namespaced ? identity.namespace : undefined;
  const id = uid(context.random);
  const creationTimestamp = formatTime(context.now());
  const isPlain = !labels && !annotations && !finalizers && !ownerReferences && !generateName;
  // The many: events and leases. Literals of one shape are made much faster than what is put together.
  if (isPlain && namespace && !generation) return { name, namespace, uid: id, creationTimestamp };
  return {
    name,
    ...(generateName ? { generateName } : {}),
    ...(namespace ? { namespace } : {}),
    uid: id,
    ...(generation ? { generation } : {}),
    creationTimestamp,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
  };
}

/** A name from `generateName`: its first 58 characters and five of chance. */
export function generatedName(prefix: string, random: Random): string {
  return prefix.slice(0, GENERATED_NAME_MAX - 5) + nameSuffix(random);
}

/** The metadata after an update: the client's where it may say something, the stored one's where not. A fresh object. */
export function metadataForUpdate(given: ObjectMeta, live: ObjectMeta): ObjectMeta {
  if (given === live) return { ...live };
  const { generateName, labels, annotations, ownerReferences, finalizers } = given;
  const {
    generateName: _,
    labels: __,
    annotations: ___,
    ownerReferences: ____,
    finalizers: _____,
    ...kept
  } = live;
  return {
    ...kept,
    ...(generateName ? { generateName } : {}),
    ...(labels ? { labels: same(labels, live.labels) } : {}),
    ...(annotations ? { annotations: same(annotations, live.annotations) } : {}),
    ...(ownerReferences ? { ownerReferences: same(ownerReferences, live.ownerReferences) } : {}),
    ...(finalizers && finalizers.length > 0 ? { finalizers } : {}),
  };
}

function same<T>(now: T, before: T | undefined): T {
  return before !== undefined && jsonEqual(now, before) ? before : now;
}

/** The generation after an update: one more when a field that counts has changed. */
export function withGeneration(kind: ServedKind, object: KubeObject, old: KubeObject): KubeObject {
  const { generationFields } = kind.descriptor;
  if (generationFields.length === 0) return object;
  const changed = generationFields.some((path) =>
    path === '*' ? differs(object, old) : !jsonEqual(at(object, path), at(old, path)),
  );
  const generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0);
  if (object.metadata.generation === generation) return object;
  return { ...object, metadata: { ...object.metadata, generation } };
}

/** Whether anything but metadata is another. */
function differs(
  { metadata: _, ...object }: KubeObject,
  { metadata: __, ...old }: KubeObject,
): boolean {
  return !jsonEqual(object, old);
}

function at(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const step of path.split('.'))
    value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
