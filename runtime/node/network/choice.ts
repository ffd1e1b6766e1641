import type { Service, ServicePort } from '../../../generated/core/v1/types.ts';
import type { Endpoint, EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { Random } from '../../base/index.ts';

/** Where a packet for a service is sent on to. */
export interface Target {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
}

interface Candidate extends Target {
  readonly endpoint: Endpoint;
}

/** The endpoints that a proxy on `node` may send packets for a port of a service to. */
export function targetsOf(
  { spec }: Service,
  servicePort: ServicePort,
  slices: readonly EndpointSlice[],
  {
    node,
    zone,
    isExternal,
  }: {
    readonly node: string;
    readonly zone: string | undefined;
    /** It came to an address that is for others than the cluster's own. */
    readonly isExternal: boolean;
  },
): readonly Target[] {
  const all = candidates(servicePort, slices);
  const policy = isExternal ? spec?.externalTrafficPolicy : spec?.internalTrafficPolicy;
  const isLocal = policy === 'Local';
  const near = isLocal ? all.filter((each) => each.node === node) : all;
  const ready = near.filter(({ endpoint }) => endpoint.conditions?.ready ?? true);
  if (ready.length > 0) return isLocal ? ready : hinted(ready, node, zone);
  return near.filter(
    ({ endpoint: { conditions = {} } }) => (conditions.serving ?? true) && conditions.terminating,
  );
}

function candidates(
  { name = '', protocol = 'TCP' }: ServicePort,
  slices: readonly EndpointSlice[],
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { ports = [], endpoints = [], addressType } of slices) {
    if (addressType !== 'IPv4') continue;
    const port = ports.find(
      (each) => (each.name ?? '') === name && (each.protocol ?? 'TCP') === protocol,
    )?.port;
    if (port === undefined) continue;
    for (const endpoint of endpoints) {
      const [address] = endpoint.addresses;
      if (address === undefined) continue;
      const key = `${address}:${port}`;
      if (!found.has(key)) found.set(key, { address, port, node: endpoint.nodeName, endpoint });
    }
  }
  return [...found.values()];
}

/** Those that hints name for here, where every endpoint has hints. */
function hinted(
  ready: readonly Candidate[],
  node: string,
  zone: string | undefined,
): readonly Candidate[] {
  const forHere = ready.filter(({ endpoint: { hints } }) =>
    hints?.forNodes?.length
      ? hints.forNodes.some(({ name }) => name === node)
      : hints?.forZones?.some(({ name }) => name === zone),
  );
  const haveAll = ready.every(
    ({ endpoint: { hints } }) => hints?.forNodes?.length || hints?.forZones?.length,
  );
  return haveAll && forHere.length > 0 ? forHere : ready;
}

/** One of them, each as likely as any other; the same for the same seed. */
export function chosen<T>(all: readonly T[], seed: string): T | undefined {
  if (all.length < 2) return all[0];
  return all[Random.seeded(seed).below(all.length)];
}
