import type { ResourceQuota } from '../../../generated/core/v1/types.ts';
import {
  type Amounts,
  addQuantities,
  formatQuantity,
  type KubeObject,
  type Quantity,
  quotaCovers,
  quotaUsage,
  resourcesFor,
  ZERO,
} from '../../meta/index.ts';

type Status = NonNullable<ResourceQuota['status']>;

/** The objects that a namespace has of a resource. */
export type ObjectsOf = (resource: string) => readonly KubeObject[];

/** The status that a quota should have: its limits, and what the objects of its namespace use of each. */
export function statusOf(
  { spec }: ResourceQuota,
  resources: readonly string[],
  objectsOf: ObjectsOf,
  nowMs: number,
): Status {
  const hard = spec?.hard ?? {};
  const names = Object.keys(hard);
  if (names.length === 0) return {};
  const limiting = { ...(spec ? { spec } : {}), status: { hard } } as ResourceQuota;
  const used = new Map<string, Quantity>();
  for (const resource of resources) {
    const own = resourcesFor(resource, names);
    if (own.length === 0) continue;
    for (const name of own) used.set(name, used.get(name) ?? ZERO);
    for (const object of objectsOf(resource)) {
      if (!quotaCovers(limiting, resource, object)) continue;
      const usage = usageOf(resource, object, nowMs);
      for (const name of own) add(used, name, usage.get(name));
    }
  }
  const texts = [...used].map(([name, quantity]) => [name, formatQuantity(quantity)]);
  return { hard, used: Object.fromEntries(texts) };
}

function add(used: Map<string, Quantity>, name: string, more: Quantity | undefined): void {
  if (more) used.set(name, addQuantities(used.get(name) ?? ZERO, more));
}

const known = new WeakMap<KubeObject, Amounts>();

/** What an object on its way out uses depends on the time; of others it is remembered. */
function usageOf(resource: string, object: KubeObject, nowMs: number): Amounts {
  if (object.metadata.deletionTimestamp !== undefined) return quotaUsage(resource, object, nowMs);
  let found = known.get(object);
  if (!found) {
    found = quotaUsage(resource, object, nowMs);
    known.set(object, found);
  }
  return found;
}
