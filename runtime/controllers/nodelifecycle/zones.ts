import type { Node } from '../../../generated/core/v1/types.ts';
import type { Settings } from './settings.ts';

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption';

/** One failure domain: how its nodes are, and how fast it may evict. */
export interface Zone {
  readonly ready: number;
  readonly unready: number;
  readonly state: ZoneState;
  /** Nodes a second; 0 = none. */
  readonly rate: number;
  /** When the next one may be tainted. */
  readonly freeAtMs: number;
}

/** Region and zone as one text; nodes without either form a zone too. */
export function zoneKey({ metadata }: Node): string {
  const labels = metadata.labels ?? {};
  const region =
    labels['topology.kubernetes.io/region'] ??
    labels['failure-domain.beta.kubernetes.io/region'] ??
    '';
  const zone =
    labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:${zone}`;
}

/** Whether the node is counted when its zone is judged. */
export function isCounted({ metadata }: Node): boolean {
  return metadata.labels?.['node.kubernetes.io/exclude-disruption'] === undefined;
}

export function newZone({ evictionRate }: Settings): Zone {
  return { ready: 0, unready: 0, state: 'Initial', rate: evictionRate, freeAtMs: 0 };
}

/** More than two nodes and a share of them must be unready for a partial disruption, all for a full one. */
export function zoneState(
  { ready, unready }: Pick<Zone, 'ready' | 'unready'>,
  threshold: number,
): ZoneState {
  if (ready === 0 && unready > 0) return 'FullDisruption';
  const isPartial = unready > 2 && unready / (unready + ready) >= threshold;
  return isPartial ? 'PartialDisruption' : 'Normal';
}

/** What the state of all zones together asks for. */
export interface Assessment {
  /** `stopped`: no zone has a ready node any more; `resumed`: one has again. */
  readonly change: 'none' | 'stopped' | 'resumed';
  readonly zones: ReadonlyMap<string, Zone>;
}

/** Judges all zones that have nodes; those in the answer are the ones that change. */
export function assessZones(
  zones: readonly (readonly [string, Zone])[],
  settings: Settings,
  nowMs: number,
): Assessment {
  const states = zones.map(([, zone]) => zoneState(zone, settings.unhealthyZone));
  const allDown = states.every((state) => state === 'FullDisruption');
  const allWereDown = zones.every(([, { state }]) => state === 'FullDisruption');
  if (allDown && allWereDown) return { change: 'none', zones: new Map() };
  const change = allDown ? 'stopped' : allWereDown ? 'resumed' : 'none';
  const changed = new Map<string, Zone>();
  for (const [at, [key, zone]] of zones.entries()) {
    const state = states[at]!;
    if (change === 'none' && state === zone.state) continue;
    const rate = allDown ? 0 : rateOf(state, zone.ready + zone.unready, settings);
    changed.set(key, { ...zone, state, ...limiter(zone, rate, nowMs) });
  }
  return { change, zones: changed };
}

function rateOf(state: ZoneState, size: number, settings: Settings): number {
  if (state !== 'PartialDisruption') return settings.evictionRate;
  return size > settings.largeClusterSize ? settings.secondaryEvictionRate : 0;
}

/** Another rate; a zone that has to wait waits at the new one. */
function limiter(zone: Zone, rate: number, nowMs: number): Pick<Zone, 'rate' | 'freeAtMs'> {
  const isWaiting = zone.rate === 0 || zone.freeAtMs > nowMs;
  if (rate === zone.rate) return { rate, freeAtMs: zone.freeAtMs };
  return { rate, freeAtMs: isWaiting && rate > 0 ? nowMs + 1000 / rate : zone.freeAtMs };
}

/** The zone after one more node has been tainted. */
export function spend(zone: Zone, nowMs: number): Zone {
  return { ...zone, freeAtMs: nowMs + 1000 / zone.rate };
}
