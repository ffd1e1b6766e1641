import type { Container, PodSpec } from '../../../../generated/core/v1/types.ts';
import { mapItems } from '../pod-spec/index.ts';
import { podRequests } from './pod-requests.ts';

const prepared = new WeakMap<PodSpec, PodSpec>();

/** Defaults that hold for pods but not for templates, where whoever reads the template sees what its author left open. */
export function podDefaults(spec: PodSpec): PodSpec {
  let found = prepared.get(spec);
  if (!found) {
    found = complete(spec);
    prepared.set(spec, found);
    prepared.set(found, found);
  }
  return found;
}

function complete(spec: PodSpec): PodSpec {
  const change = (container: Container): Container =>
    withHostPorts(withRequests(container), spec.hostNetwork ?? false);
  const containers = mapItems(spec.containers ?? [], change);
  const initContainers = spec.initContainers && mapItems(spec.initContainers, change);
  const isSame =
    containers === spec.containers &&
    initContainers === spec.initContainers &&
    spec.enableServiceLinks !== undefined;
  const next: PodSpec = isSame
    ? spec
    : {
        ...spec,
        enableServiceLinks: spec.enableServiceLinks ?? true,
        ...(spec.containers ? { containers } : {}),
        ...(initContainers ? { initContainers } : {}),
      };
  const requests = podRequests(next);
  return requests === next.resources?.requests
    ? next
    : { ...next, resources: { ...next.resources, ...(requests ? { requests } : {}) } };
}

/** A limit without a request is one too. */
function withRequests(container: Container): Container {
  const { limits, requests = {} } = container.resources ?? {};
  const missing = Object.entries(limits ?? {}).filter(([name]) => requests[name] === undefined);
  if (missing.length === 0) return container;
  const resources = {
    ...container.resources,
    requests: { ...requests, ...Object.fromEntries(missing) },
  };
  return { ...container, resources };
}

/** On the network of the node a container's ports are the node's. */
function withHostPorts(container: Container, onHost: boolean): Container {
  if (!onHost || !container.ports) return container;
  const ports = mapItems(container.ports, (port) =>
    port.hostPort || !port.containerPort ? port : { ...port, hostPort: port.containerPort },
  );
  return ports === container.ports ? container : { ...container, ports };
}
