import type { ServiceSpec } from '../../../../generated/core/v1/types.ts';
import { jsonEqual } from '../../../meta/index.ts';
import { hasAddress, hasNodePorts, needsHealthPort, type StoredService } from './service.ts';

type Draft = Record<string, unknown>;

const OF_ADDRESS = [
  'clusterIP',
  'clusterIPs',
  'ipFamilies',
  'ipFamilyPolicy',
  'internalTrafficPolicy',
];

/** An update that leaves out what was allocated keeps it; a changed type lets go of what it no longer has. */
export function keepAllocated(
  service: StoredService,
  { spec: old = {} }: StoredService,
): StoredService {
  const { spec = {} } = service;
  const draft: Draft = { ...spec };
  if (!hasAddress(spec)) {
    for (const field of OF_ADDRESS)
      if (jsonEqual(draft[field], (old as Draft)[field])) delete draft[field];
  } else if (hasAddress(old)) keepAddress(draft, spec, old);
  if (hasNodePorts(spec) && hasNodePorts(old)) keepNodePorts(draft, spec, old);
  else if (!hasNodePorts(spec) && hasNodePorts(old)) dropNodePorts(draft, spec, old);
  if (needsHealthPort(spec))
    draft.healthCheckNodePort = spec.healthCheckNodePort || old.healthCheckNodePort;
  else if (needsHealthPort(old) && spec.healthCheckNodePort === old.healthCheckNodePort)
    delete draft.healthCheckNodePort;
  for (const key of Object.keys(draft)) if (draft[key] === undefined) delete draft[key];
  return { ...service, spec: draft as ServiceSpec };
}

function keepAddress(draft: Draft, spec: ServiceSpec, old: ServiceSpec): void {
  if (!spec.clusterIP && !spec.clusterIPs?.length) {
    draft.clusterIP = old.clusterIP;
    draft.clusterIPs = old.clusterIPs;
  } else if (
    spec.clusterIP &&
    spec.clusterIP !== old.clusterIP &&
    jsonEqual(spec.clusterIPs, old.clusterIPs)
  )
    draft.clusterIPs = [spec.clusterIP];
  draft.ipFamilies = spec.ipFamilies ?? old.ipFamilies;
  draft.ipFamilyPolicy = spec.ipFamilyPolicy ?? old.ipFamilyPolicy;
}

function keepNodePorts(draft: Draft, { ports }: ServiceSpec, old: ServiceSpec): void {
  const taken = new Set(ports?.map(({ nodePort }) => nodePort));
  draft.ports = ports?.map((port) => {
    const before = old.ports?.find(
      (each) => each.port === port.port && each.protocol === port.protocol,
    );
    const kept = before?.nodePort;
    return port.nodePort || !kept || taken.has(kept) ? port : { ...port, nodePort: kept };
  });
}

/** Only those that the client merely repeats: a port that it changes it wants, and is told that it cannot have it. */
function dropNodePorts(draft: Draft, { ports, externalIPs }: ServiceSpec, old: ServiceSpec): void {
  draft.ports = ports?.map((port) => {
    const isRepeated = old.ports?.some(({ nodePort }) => nodePort === port.nodePort);
    if (!isRepeated) return port;
    const { nodePort: _, ...rest } = port;
    return rest;
  });
  if (!externalIPs?.length && draft.externalTrafficPolicy === old.externalTrafficPolicy)
    delete draft.externalTrafficPolicy;
  if (draft.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
    delete draft.allocateLoadBalancerNodePorts;
}
