import type { ControllerDeps, Lister } from '../../client/index.ts';
import {
  type KubeObject,
  keyOf,
  type OwnerReference,
  type ResourceRef,
  resourceId,
  splitApiVersion,
} from '../../meta/index.ts';

import { ByResource, type ServedResources } from '../served-resources.ts';

const BY_OWNER = 'metadata.ownerReferences[].uid';
const NOBODY: readonly string[] = [];
const byReferences = new WeakMap<readonly OwnerReference[], readonly string[]>();

/** A resource that takes part in the graph. */
export interface Member {
  readonly id: string;
  readonly ref: ResourceRef<KubeObject>;
  readonly lister: Lister<KubeObject>;
}

/** An object in the graph, with the resource it is of. */
export interface Place {
  readonly member: Member;
  readonly object: KubeObject;
}

/** The graph of owners and dependents, as the listers' indexes hold it. */
export class OwnerGraph {
  readonly #byResource: ByResource<Member>;
  #known: readonly Member[] = [];
  #byId: ReadonlyMap<string, Member> = new Map();
  #byKind: ReadonlyMap<string, Member> = new Map();

  constructor(
    { transport }: ControllerDeps,
    served: ServedResources,
    ignored: readonly string[] = [],
  ) {
    this.#byResource = new ByResource(served, (ref) => {
      const id = resourceId(ref);
      if (ignored.includes(id)) return undefined;
      transport.addIndex(ref, BY_OWNER, ownerUids);
      return { id, ref, lister: transport.lister(ref) };
    });
  }

  /** The same list until what is served changes. */
  get members(): readonly Member[] {
    const { values } = this.#byResource;
    if (values === this.#known) return values;
    this.#known = values;
    this.#byId = new Map(values.map((member) => [member.id, member]));
    this.#byKind = new Map(
      values.map((member) => [`${member.ref.group}/${member.ref.kind}`, member]),
    );
    return values;
  }

  #member(id: string): Member | undefined {
    return this.members && this.#byId.get(id);
  }

  /** The object of a work key, `<resource id>/<object key>`. */
  find(key: string): Place | undefined {
    const slash = key.indexOf('/');
    const member = this.#member(key.slice(0, slash));
    const object = member?.lister.byKey(key.slice(slash + 1));
    return member && object ? { member, object } : undefined;
  }

  /** The resource that a reference is to; undefined when it is not served. Any version of the group will do. */
  memberOf({ apiVersion, kind }: OwnerReference): Member | undefined {
    return this.members && this.#byKind.get(`${splitApiVersion(apiVersion).group}/${kind}`);
  }

  /** The object that `reference` names, whatever its uid is. */
  named(reference: OwnerReference, namespace: string | undefined): Place | undefined {
    const member = this.memberOf(reference);
    const object = member?.lister.get(
      reference.name,
      member.ref.namespaced ? namespace : undefined,
    );
    return member && object ? { member, object } : undefined;
  }

  /** Everything that names the owner with this uid. Cost: the number of resources and of dependents. */
  dependentsOf(uid: string): Place[] {
    const found: Place[] = [];
    for (const member of this.members) {
      if (member.lister.countIndex(BY_OWNER, uid) === 0) continue;
      for (const object of member.lister.byIndex(BY_OWNER, uid)) found.push({ member, object });
    }
    return found;
  }
}

export function workKey({ id }: Member, object: KubeObject): string {
  return `${id}/${keyOf(object)}`;
}

function ownerUids({ metadata }: KubeObject): readonly string[] {
  const references = metadata.ownerReferences;
  if (!references) return NOBODY;
  let uids = byReferences.get(references);
  if (!uids) {
    uids = [...new Set(references.map(({ uid }) => uid))];
    byReferences.set(references, uids);
  }
  return uids;
}
