import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { jsonEqual, type WatchEvent } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import { isReachable } from './endpoint.ts';
import type { Selection } from './selection.ts';

export const ZONE = 'topology.kubernetes.io/zone';
const NOTHING: readonly string[] = [];

/** The services that a pod's change touches: those that select it, and those that selected it before. */
export function servicesTouched(
  selection: Selection,
  { type, object, previous }: WatchEvent<Pod>,
): readonly string[] {
  const { namespace = '', labels = {} } = object.metadata;
  const before = previous && isReachable(previous) ? previous : undefined;
  const now = type !== 'DELETED' && isReachable(object) ? object : undefined;
  if (type === 'DELETED')
    return isReachable(object) ? selection.servicesFor(namespace, labels) : NOTHING;
  if (!before && !now) return NOTHING;
  if (before && now && isSameEndpoint(before, now)) return NOTHING;
  const keys = selection.servicesFor(namespace, labels);
  const old = before?.metadata.labels;
  return old && old !== object.metadata.labels
    ? [...keys, ...selection.servicesFor(namespace, old)]
    : keys;
}

/** Whether the change of a reachable pod is none to its services. */
function isSameEndpoint(before: Pod, now: Pod): boolean {
  return (
    isSame(before.metadata.labels, now.metadata.labels) &&
    before.metadata.deletionTimestamp === now.metadata.deletionTimestamp &&
    isPodReady(before) === isPodReady(now) &&
    isSame(before.status?.podIPs, now.status?.podIPs) &&
    before.status?.podIP === now.status?.podIP &&
    before.spec?.hostname === now.spec?.hostname &&
    before.spec?.subdomain === now.spec?.subdomain
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || jsonEqual(a, b);
}

/** The services of the pods on a node that came, went or moved to another zone. */
export function servicesOnNode(
  selection: Selection,
  podsOn: (node: string) => readonly Pod[],
  { type, object, previous }: WatchEvent<Node>,
): readonly string[] {
  const isSameZone = previous?.metadata.labels?.[ZONE] === object.metadata.labels?.[ZONE];
  if (type === 'MODIFIED' && isSameZone) return NOTHING;
  const keys = new Set<string>();
  for (const { metadata } of podsOn(object.metadata.name ?? ''))
    for (const key of selection.servicesFor(metadata.namespace ?? '', metadata.labels ?? {}))
      keys.add(key);
  return [...keys];
}
