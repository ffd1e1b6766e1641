import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { decideSlices, type ServiceView, type SliceContent } from './decide.ts';
import { sliceLabels } from './labels.ts';
import type { ZoneShares } from './topology.ts';

type Part<T> = { readonly [K in keyof T]?: unknown };

export function serviceOf(spec: Part<NonNullable<Service['spec']>> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'service-uid',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      selector: { app: 'web' },
      clusterIP: '10.96.0.1',
      ipFamilies: ['IPv4'],
      ports: [{ port: 80, targetPort: 8080 }],
      ...spec,
    },
  } as Service;
}

/** A ready pod with an address, unless told otherwise. */
export function podOf(
  name: string,
  {
    ip = `10.244.0.${name.replace(/\D/g, '') || 1}`,
    ready = true,
    terminating = false,
    spec = {},
    phase = 'Running',
    readyAt = '2026-01-01T00:00:05Z',
  }: {
    ip?: string;
    ready?: boolean;
    terminating?: boolean;
    spec?: Part<NonNullable<Pod['spec']>>;
    phase?: string;
    readyAt?: string;
  } = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `${name}-uid`,
      labels: { app: 'web' },
      ...(terminating ? { deletionTimestamp: '2026-01-01T00:01:00Z' } : {}),
    },
    spec: { nodeName: 'node-0', containers: [{ name: 'main', image: 'shop/web:1' }], ...spec },
    status: {
      phase,
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: readyAt },
      ],
    },
  } as unknown as Pod;
}

/** The slices after `write`, as a server would hold them. */
export function stored(service: Service, content: SliceContent, at: number): EndpointSlice {
  const { addressType, endpoints, ports, live } = content;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: live?.metadata.name ?? `web-${at}`,
      namespace: 'shop',
      labels: sliceLabels(service),
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name: 'web', uid: service.metadata.uid ?? '' },
      ],
    },
    addressType,
    endpoints,
    ports,
  };
}

let created = 0;

/** Decides and does: the slices that are there afterwards, and what was done. */
export function converge(
  service: Service,
  pods: readonly Pod[],
  slices: readonly EndpointSlice[] = [],
  zoneOf: ServiceView['zoneOf'] = () => undefined,
  shares?: ZoneShares,
) {
  const changes = decideSlices({ service, pods, slices, zoneOf, zoneShares: () => shares });
  const gone = new Set([...changes.remove, ...changes.write.map(({ live }) => live)]);
  const kept = slices.filter((slice) => !gone.has(slice));
  return {
    changes,
    slices: [...kept, ...changes.write.map((content) => stored(service, content, created++))],
  };
}
