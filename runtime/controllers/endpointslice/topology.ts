import type { Node, Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { isConditionTrue, milliUnits, type WatchEvent } from '../../meta/index.ts';

const ZONE = 'topology.kubernetes.io/zone';
const MODE = 'service.kubernetes.io/topology-mode';
const FORMER_MODE = 'service.kubernetes.io/topology-aware-hints';
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** How much more than its share of the load an endpoint may get. */
export const OVERLOAD = 0.2;

/** Each zone's share of the CPU that ready nodes have; undefined when it cannot be told, or there are not two zones. */
export type ZoneShares = ReadonlyMap<string, number>;

/** Whether an annotation asks for endpoints to be given to zones by what CPU they have. */
export function followsTopology({ metadata }: Service): boolean {
  const { annotations = {} } = metadata;
  const mode = annotations[FORMER_MODE] ?? annotations[MODE];
  return mode === 'Auto' || mode === 'auto';
}

/** What of a node counts here. */
export interface NodePlace {
  /** Empty when the node does not tell. */
  readonly zone: string;
  /** In thousandths. */
  readonly cpu: number;
}

/** Undefined for a node that does not count: one of the control plane, or not ready. */
export function placeOf({ metadata, status }: Node): NodePlace | undefined {
  const labels = metadata.labels ?? {};
  if (CONTROL_PLANE.some((label) => label in labels)) return undefined;
  if (!isConditionTrue(status?.conditions, 'Ready')) return undefined;
  return { zone: labels[ZONE] ?? '', cpu: milliUnits(status?.allocatable?.cpu ?? 0) };
}

/** Whether a change of a node can change the shares of zones. */
export function changesShares({ type, object, previous }: WatchEvent<Node>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const [now, before] = [placeOf(object), placeOf(previous)];
  return now?.zone !== before?.zone || now?.cpu !== before?.cpu;
}

/** Whether the hints in slices leave a zone with too few endpoints. Slices without any hints are not looked at. */
export function isOverloaded(
  slices: readonly EndpointSlice[],
  shares: ZoneShares | undefined,
): boolean {
  const byZone = new Map<string, number>();
  let total = 0;
  for (const { endpoints = [] } of slices)
    for (const { hints } of endpoints)
      for (const { name } of hints?.forZones ?? []) {
        byZone.set(name, (byZone.get(name) ?? 0) + 1);
        total++;
      }
  if (total === 0) return false;
  if (!shares) return true;
  return [...shares].some(
    ([zone, share]) => (byZone.get(zone) ?? 0) < leastFor(share * total) || !byZone.has(zone),
  );
}

/** The fewest endpoints that can carry the load of `desired` ones. */
export function leastFor(desired: number): number {
  return Math.ceil(desired * (1 / (1 + OVERLOAD)));
}
