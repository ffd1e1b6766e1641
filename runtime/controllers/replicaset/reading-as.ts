import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { ReplicaKind } from '../replicas.ts';

type Reading = ControllerDeps['transport'];

/** The transport on which the objects of `kind` are ReplicaSets, in lists and for index functions; all else is as it was. */
export function readingAs<T extends KubeObject>(
  { resource, asReplicaSet }: ReplicaKind<T>,
  transport: Reading,
): Reading {
  const isOfKind = (ref: unknown): boolean => ref === resource;
  return {
    lister<O>(ref: Parameters<Reading['lister']>[0]): Lister<O> {
      if (!isOfKind(ref)) return transport.lister<O>(ref as never);
      return translated(transport.lister(resource), asReplicaSet) as unknown as Lister<O>;
    },
    addIndex(ref, name, index) {
      if (!isOfKind(ref)) transport.addIndex(ref, name, index);
      else transport.addIndex(resource, name, (object) => index(asReplicaSet(object) as never));
    },
  };
}

function translated<T>(
  lister: Lister<T>,
  asReplicaSet: (object: T) => ReplicaSet,
): Lister<ReplicaSet> {
  const each = (object: T | undefined) => object && asReplicaSet(object);
  return {
    get size() {
      return lister.size;
    },
    get: (name, namespace) => each(lister.get(name, namespace)),
    byKey: (key) => each(lister.byKey(key)),
    list: (namespace) => lister.list(namespace).map(asReplicaSet),
    byIndex: (index, value) => lister.byIndex(index, value).map(asReplicaSet),
    countIndex: (index, value) => lister.countIndex(index, value),
  };
}
