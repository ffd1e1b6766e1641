import type { ServicePort, ServiceSpec } from '../../../../generated/core/v1/types.ts';
import { invalidObject } from '../../../meta/index.ts';
import { invalid } from '../problem.ts';
import type { StrategyContext } from '../strategy.ts';
import { isInRange, serviceNetwork } from './network.ts';
import { CLUSTER_IP, freeAddress, freeNodePort, NODE_PORT } from './numbers.ts';
import { addressRanges, isTaken } from './ranges.ts';
import { hasAddress, hasNodePorts, needsHealthPort, type StoredService } from './service.ts';

/** With an address and node ports, given or found. */
export function allocated(service: StoredService, context: StrategyContext): StoredService {
  const spec = service.spec ?? {};
  let next: ServiceSpec = spec;
  if (hasAddress(spec)) next = withAddress(service, next, context);
  if (hasNodePorts(next)) next = withNodePorts(service, next, context);
  if (needsHealthPort(next) && !next.healthCheckNodePort) {
    const taken = new Set((next.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []));
    next = { ...next, healthCheckNodePort: freeNodePort(context, taken) };
  }
  return next === spec ? service : { ...service, spec: next };
}

function withAddress(
  service: StoredService,
  spec: ServiceSpec,
  context: StrategyContext,
): ServiceSpec {
  const given = spec.clusterIPs?.[0] ?? spec.clusterIP;
  const isHeadless = given === 'None';
  const policy = isHeadless && !hasSelector(spec) ? 'RequireDualStack' : 'SingleStack';
  if (given && !isHeadless) claimAddress(service, given, context);
  const chosen = given || freeAddress(context);
  const { clusterIPs = [chosen] } = spec;
  return {
    ...spec,
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? policy,
    clusterIP: chosen,
    clusterIPs: clusterIPs[0] === chosen ? clusterIPs : [chosen, ...clusterIPs.slice(1)],
  };
}

const hasSelector = ({ selector }: ServiceSpec): boolean =>
  selector !== undefined && Object.keys(selector).length > 0;

function claimAddress(service: StoredService, address: string, context: StrategyContext): void {
  const owner = context.byIndex('services', CLUSTER_IP, address)[0];
  if (owner && owner.metadata.uid === service.metadata.uid) return;
  const refuse = (why: string): never =>
    refuseField(service, 'spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`);
  const ranges = addressRanges(context);
  if (!ranges.some((range) => isInRange(range, address)))
    refuse(
      `the provided IP (${address}) is not in the valid range. ` +
        `The range of valid IPs is ${(ranges[0] ?? serviceNetwork(context)).cidr}`,
    );
  if (owner || isTaken(context, address)) refuse('provided IP is already allocated');
}

/** Ports of one number share a node port, whatever their protocols. */
function withNodePorts(
  service: StoredService,
  spec: ServiceSpec,
  context: StrategyContext,
): ServiceSpec {
  const ports = spec.ports ?? [];
  for (const [at, { nodePort }] of ports.entries())
    if (nodePort) claimNodePort(service, `spec.ports[${at}].nodePort`, nodePort, context);
  const isWanted = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
  if (!isWanted || ports.every(({ nodePort }) => nodePort)) return spec;
  const taken = new Set(ports.flatMap(({ nodePort }) => nodePort || []));
  const byNumber = new Map<number, Map<string, number>>();
  for (const port of ports) if (port.nodePort) share(byNumber, port, port.nodePort);
  const found = ports.map((port) => {
    if (port.nodePort) return port;
    const nodePort = shared(byNumber, port) ?? freeNodePort(context, taken);
    taken.add(nodePort);
    share(byNumber, port, nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports: found };
}

type ByNumber = Map<number, Map<string, number>>;

function share(
  byNumber: ByNumber,
  { port, protocol = 'TCP' }: ServicePort,
  nodePort: number,
): void {
  const sharers = byNumber.get(port) ?? new Map<string, number>();
  byNumber.set(port, sharers.set(protocol, nodePort));
}

/** The node port of a port of the same number and another protocol. */
function shared(byNumber: ByNumber, { port, protocol = 'TCP' }: ServicePort): number | undefined {
  const sharers = byNumber.get(port);
  return sharers?.has(protocol) ? undefined : sharers?.values().next().value;
}

function claimNodePort(
  service: StoredService,
  field: string,
  nodePort: number,
  context: StrategyContext,
): void {
  const owner = context.byIndex('services', NODE_PORT, String(nodePort))[0];
  if (owner && owner.metadata.uid === service.metadata.uid) return;
  const { portFrom, portTo } = serviceNetwork(context);
  if (nodePort < portFrom || nodePort > portTo)
    refuseField(
      service,
      field,
      nodePort,
      `provided port is not in the valid range. The range of valid ports is ${portFrom}-${portTo}`,
    );
  if (owner) refuseField(service, field, nodePort, 'provided port is already allocated');
}

function refuseField(service: StoredService, field: string, value: unknown, detail: string): never {
  const { reason, message } = invalid(field, value, detail);
  const { name = '' } = service.metadata;
  throw invalidObject({ group: '', resource: 'Service', name }, [{ reason, message, field }]);
}
