import { nodes, services } from '../../../generated/core/v1/resources.ts';
import type { Node, Service } from '../../../generated/core/v1/types.ts';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import type { Lister } from '../../client/index.ts';
import type { Kubelets } from '../kubelets.ts';

const BY_ADDRESS = 'network/address';
const BY_SERVICE = 'network/service';
const SERVICE_NAME = 'kubernetes.io/service-name';

/** Services, their slices and nodes by what packets name. */
export interface View {
  service(namespace: string, name: string): Service | undefined;
  slices(service: Service): readonly EndpointSlice[];
  /** Services with an address of their own. */
  servicesAt(address: string): readonly Service[];
  servicesAtNodePort(port: number): readonly Service[];
  /** Slices in which an endpoint has the address. */
  slicesAt(address: string): readonly EndpointSlice[];
  nodeAt(address: string): string | undefined;
  zoneOf(node: string): string | undefined;
}

export function viewOf({
  context: { transport },
  services: lister,
  nodes: machines,
}: Kubelets): View {
  transport.addIndex<Service>(services, BY_ADDRESS, serviceAddresses);
  transport.addIndex<EndpointSlice>(endpointslices, BY_SERVICE, ({ metadata }) => {
    const name = metadata.labels?.[SERVICE_NAME];
    return name ? [`${metadata.namespace}/${name}`] : [];
  });
  transport.addIndex<EndpointSlice>(endpointslices, BY_ADDRESS, ({ endpoints = [] }) => [
    ...new Set(endpoints.flatMap(({ addresses }) => addresses)),
  ]);
  transport.addIndex<Node>(nodes, BY_ADDRESS, ({ status }) =>
    (status?.addresses ?? [])
      .filter(({ type }) => type !== 'Hostname')
      .map(({ address }) => address),
  );
  const slices: Lister<EndpointSlice> = transport.lister(endpointslices);
  return {
    service: (namespace, name) => lister.get(name, namespace),
    slices: ({ metadata }) => slices.byIndex(BY_SERVICE, `${metadata.namespace}/${metadata.name}`),
    servicesAt: (address) => lister.byIndex(BY_ADDRESS, address),
    servicesAtNodePort: (port) => lister.byIndex(BY_ADDRESS, `:${port}`),
    slicesAt: (address) => slices.byIndex(BY_ADDRESS, address),
    nodeAt: (address) => machines.byIndex(BY_ADDRESS, address)[0]?.metadata.name,
    zoneOf: (node) => machines.byKey(node)?.metadata.labels?.['topology.kubernetes.io/zone'],
  };
}

function serviceAddresses({ spec, status }: Service): readonly string[] {
  const { clusterIPs, clusterIP, externalIPs = [], ports = [] } = spec ?? {};
  const own = (clusterIPs ?? (clusterIP ? [clusterIP] : [])).filter((each) => each !== 'None');
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
    ip && ipMode !== 'Proxy' ? [ip] : [],
  );
  const nodePorts = ports.flatMap(({ nodePort }) => (nodePort ? [`:${nodePort}`] : []));
  return [...new Set([...own, ...externalIPs, ...balanced, ...nodePorts])];
}
