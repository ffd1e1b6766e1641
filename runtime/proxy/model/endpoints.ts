import type {
  Endpoint,
  EndpointPort,
  EndpointSlice,
} from '../../../generated/discovery/v1/types.ts';
import { canonicalIP, familyOf } from './addresses.ts';
import type { IPFamily, ProxyEndpoint } from './types.ts';

const NONE: readonly string[] = [];

/** The key under which endpoints of a service port are found: name of the port and protocol. */
export const portKey = (portName: string, protocol: string): string => `${portName}/${protocol}`;

/**
 * The endpoints of one service by `portKey`, each list sorted by `text`. An endpoint that stands in several slices counts
 * once; the one that says it is local wins. Endpoints of the other family and ports without a name
 * (the empty one is a name) or number are left out.
 */
export function endpointsByPort(
  slices: readonly EndpointSlice[],
  family: IPFamily,
  nodeName: string,
): ReadonlyMap<string, readonly ProxyEndpoint[]> {
  const found = new Map<string, Map<string, ProxyEndpoint>>();
  for (const slice of slices)
    for (const port of slice.ports ?? []) {
      if (!port.port || port.name === undefined) continue;
      const key = portKey(port.name, port.protocol ?? 'TCP');
      const places = found.get(key) ?? new Map<string, ProxyEndpoint>();
      found.set(key, places);
      addPlaces(places, slice.endpoints ?? [], port as NumberedPort, family, nodeName);
    }
  const sorted = new Map<string, readonly ProxyEndpoint[]>();
  for (const [key, places] of found)
    if (places.size > 0) sorted.set(key, [...places.values()].sort(byText));
  return sorted;
}

export const byText = (a: ProxyEndpoint, b: ProxyEndpoint): number =>
  a.text < b.text ? -1 : a.text > b.text ? 1 : 0;

type NumberedPort = EndpointPort & { readonly port: number };

function addPlaces(
  places: Map<string, ProxyEndpoint>,
  endpoints: readonly Endpoint[],
  { port }: NumberedPort,
  family: IPFamily,
  nodeName: string,
): void {
  for (const endpoint of endpoints) {
    const [address] = endpoint.addresses;
    if (address === undefined || familyOf(address) !== family) continue;
    const ip = canonicalIP(address);
    const text = family === 'IPv6' ? `[${ip}]:${port}` : `${ip}:${port}`;
    const local = nodeName !== '' && endpoint.nodeName === nodeName;
    if (places.has(text) && !local) continue;
    const { conditions = {}, hints } = endpoint;
    places.set(text, {
      ip,
      port,
      text,
      nodeName: endpoint.nodeName ?? '',
      zone: endpoint.zone ?? '',
      local,
      ready: conditions.ready ?? true,
      serving: conditions.serving ?? true,
      terminating: conditions.terminating ?? false,
      zoneHints: hints?.forZones?.map(({ name }) => name) ?? NONE,
      nodeHints: hints?.forNodes?.map(({ name }) => name) ?? NONE,
    });
  }
}
