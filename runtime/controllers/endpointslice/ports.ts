import type { Container, Pod, Service, ServicePort } from '../../../generated/core/v1/types.ts';
import type { EndpointPort } from '../../../generated/discovery/v1/types.ts';
import { portNumber } from '../service-pods.ts';

/** Ports under the key by which groups of endpoints are told apart. */
export interface PortGroup {
  readonly key: string;
  readonly ports: readonly EndpointPort[];
}

export const NO_PORTS: PortGroup = { key: '', ports: [] };

/** Resolves the ports of one service for pod after pod; pods of one template are resolved once. */
export function portResolver({ spec }: Service): (pod: Pod) => PortGroup {
  const ports = spec?.ports ?? [];
  const byContainers = new Map<readonly Container[] | undefined, PortGroup>();
  const hasNames = ports.some(({ targetPort }) => typeof targetPort === 'string');
  let numbered: PortGroup | undefined;
  return (pod) => {
    if (!hasNames) {
      numbered ??= resolve(ports, pod);
      return numbered;
    }
    let found = byContainers.get(pod.spec?.containers);
    if (!found) {
      found = resolve(ports, pod);
      byContainers.set(pod.spec?.containers, found);
    }
    return found;
  };
}

/** Ports that no container of the pod has are left out. Sorted by name. */
function resolve(ports: readonly ServicePort[], pod: Pod): PortGroup {
  const found: EndpointPort[] = [];
  for (const { name = '', port, protocol = 'TCP', targetPort, appProtocol } of ports) {
    const number = portNumber(targetPort ?? port, protocol, pod);
    if (number === undefined) continue;
    found.push({ name, protocol, port: number, ...(appProtocol ? { appProtocol } : {}) });
  }
  return portGroup(found);
}

export function portGroup(ports: readonly EndpointPort[]): PortGroup {
  if (ports.length === 0) return NO_PORTS;
  const sorted = ports
    .map((port) => ({ port, key: portKey(port) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return { key: sorted.map(({ key }) => key).join(','), ports: sorted.map(({ port }) => port) };
}

function portKey({ name = '', protocol = 'TCP', port, appProtocol = '' }: EndpointPort): string {
  return `${name}/${protocol}/${port}/${appProtocol}`;
}
