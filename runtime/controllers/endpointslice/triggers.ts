import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import type { WatchEvent } from '../../meta/index.ts';
import type { ServicePods } from '../service-pods.ts';

export const ZONE = 'topology.kubernetes.io/zone';
const NOTHING: readonly string[] = [];

/** The services of the pods on a node that came, went or moved to another zone. */
export function servicesOnNode(
  servicePods: ServicePods,
  podsOn: (node: string) => readonly Pod[],
  { type, object, previous }: WatchEvent<Node>,
): readonly string[] {
  const isSameZone = previous?.metadata.labels?.[ZONE] === object.metadata.labels?.[ZONE];
  if (type === 'MODIFIED' && isSameZone) return NOTHING;
  const keys = new Set<string>();
  for (const { metadata } of podsOn(object.metadata.name ?? ''))
    for (const key of servicePods.servicesFor(metadata.namespace ?? '', metadata.labels ?? {}))
      keys.add(key);
  return [...keys];
}
