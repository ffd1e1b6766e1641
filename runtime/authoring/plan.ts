import { createHash } from 'node:crypto';
import type { CustomResourceDefinition } from '../../generated/apiextensions/v1/types.ts';
import { canonicalJson, type ResourceRef, resourceId } from '../meta/index.ts';
import type { ManifestResource } from './contract.ts';

/** A resource with the text by which it is compared: equal values give equal text. */
export interface Change {
  readonly id: string;
  /** The name that the server made up for a resource with generateName, once it has. */
  readonly madeUpName?: string;
  readonly resource: ManifestResource;
  readonly json: string;
  /** Of what is pruned: how it is reached, where the version that it was applied in is served no more. */
  readonly ref?: ResourceRef;
}

/** What one save means for the cluster. */
export interface Plan {
  /** New and changed resources, in the order in which they are to be applied. */
  readonly changes: readonly Change[];
  /** Ids among `changes` that were not applied before. */
  readonly created: ReadonlySet<string>;
  /** Resources that are as they were, perhaps at another place in the files. */
  readonly unchanged: readonly Change[];
  /** Resources by id whose definition is among `changes`: only after it can the server judge objects of theirs. */
  readonly defining: ReadonlySet<string>;
  /** What is exported no more, newest first; definitions after objects of theirs. */
  readonly pruned: readonly Change[];
  /** Hash over everything that the manifests say, changed or not. */
  readonly contentHash: string;
}

/** `deployments.apps/shop/web`: the object, whatever version of its kind a manifest speaks. */
export function idOf({ ref, key }: Pick<ManifestResource, 'ref' | 'key'>): string {
  return `${resourceId(ref)}/${key}`;
}

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Definitions of kinds first, then cluster-scoped resources, as namespaced ones may live in them; otherwise as the manifests have
 * them.
 */
export function inApplyOrder(resources: readonly ManifestResource[]): ManifestResource[] {
  const rank = ({ ref }: ManifestResource): number =>
    ref.namespaced ? 2 : resourceId(ref) === DEFINITIONS ? 0 : 1;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

/** The id of the resource that a change defines, as in `databases.shop.example`; undefined for what is no definition. */
const definedBy = ({ resource: { ref, key } }: Change): string | undefined =>
  resourceId(ref) === DEFINITIONS ? key : undefined;

/** Holds what the manifests say against what has been applied; `applied` is in the order of applying. */
export function planSave(
  resources: readonly ManifestResource[],
  applied: ReadonlyMap<string, Change>,
): Plan {
  const wanted = new Map<string, Change>();
  const content = createHash('sha256');
  for (const resource of inApplyOrder(resources)) {
    const change = changeFor(resource, wanted, applied);
    wanted.set(change.id, change);
    content.update(change.id).update('\0').update(change.json).update('\0');
  }
  const isUnchanged = ({ id, json }: Change): boolean => applied.get(id)?.json === json;
  const all = [...wanted.values()];
  const changes = all.filter((change) => !isUnchanged(change));
  return {
    changes,
    created: new Set(changes.filter(({ id }) => !applied.has(id)).map(({ id }) => id)),
    unchanged: all.filter(isUnchanged),
    defining: new Set(changes.flatMap((change) => definedBy(change) ?? [])),
    pruned: definitionsLast(
      [...applied.values()].filter(({ id }) => !wanted.has(id)).reverse(),
    ).map((change) => inServedVersion(change, wanted)),
    contentHash: content.digest('hex'),
  };
}

/** The definition that stays may have another version now than that in which its object was applied. */
function inServedVersion(change: Change, wanted: ReadonlyMap<string, Change>): Change {
  const { ref } = change.resource;
  const definition = wanted.get(`${DEFINITIONS}/${resourceId(ref)}`)?.resource.object;
  const { versions = [] } = (definition as CustomResourceDefinition | undefined)?.spec ?? {};
  const served = versions.filter((each) => each.served).map(({ name = '' }) => name);
  if (served.length === 0 || served.includes(ref.version)) return change;
  return { ...change, ref: { ...ref, version: served[0]! } };
}

const definitionsLast = (changes: readonly Change[]): Change[] => [
  ...changes.filter((change) => definedBy(change) === undefined),
  ...changes.filter((change) => definedBy(change) !== undefined),
];

/** A resource whose name the server makes up is told from others like it by its place among them. */
function changeFor(
  resource: ManifestResource,
  before: ReadonlyMap<string, Change>,
  applied: ReadonlyMap<string, Change>,
): Change {
  const json = canonicalJson(resource.object);
  let id = idOf(resource);
  if (resource.object.metadata.name !== undefined) return { id, resource, json };
  for (let count = 1; before.has(id) || count === 1; count++) id = `${idOf(resource)}#${count}`;
  const madeUpName = applied.get(id)?.madeUpName;
  return { id, resource, json, ...(madeUpName === undefined ? {} : { madeUpName }) };
}
