import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type Watch,
  watch,
} from '../../client/index.ts';
import {
  isDeleting,
  isNotFound,
  type KubeObject,
  keyOf,
  type ResourceRef,
} from '../../meta/index.ts';

export interface Protection<T> {
  /** Of the controller. */
  readonly name: string;
  readonly resource: ResourceRef<T>;
  readonly finalizer: string;
  isUsed(object: T & KubeObject): boolean;
  /** What may end a use: keys of the objects that were used. */
  readonly releases: readonly Watch[];
}

type Protected = KubeObject;

/** Keeps a finalizer on objects, and takes it off when they are deleted and nobody uses them. Key: the object. */
export function protectionController<T>(
  deps: ControllerDeps,
  protection: Protection<T>,
): Controller {
  const { name, finalizer, releases } = protection;
  const resource = protection.resource as ResourceRef<Protected>;
  const all = listerOf(deps, resource);
  return {
    name,
    watches: [
      watch(resource, ({ type, object }) =>
        type !== 'DELETED' && isHeld(object, finalizer) === isDeleting(object)
          ? [keyOf(object)]
          : [],
      ),
      ...releases,
    ],
    async reconcile(key, { client }) {
      const object = all.byKey(key);
      if (!object || isHeld(object, finalizer) !== isDeleting(object)) return;
      if (isDeleting(object) && protection.isUsed(object as T & KubeObject)) return;
      const { finalizers = [], ...metadata } = object.metadata;
      const next = isDeleting(object)
        ? finalizers.filter((each) => each !== finalizer)
        : [...finalizers, finalizer];
      const changed = { ...object, metadata: { ...metadata, finalizers: next } };
      try {
        await client.update(resource, changed);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: isDeleting(object) ? { release: key } : { protect: key } };
    },
  };
}

function isHeld({ metadata }: Protected, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}
