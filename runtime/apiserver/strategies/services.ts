import type { Service, ServicePort, ServiceSpec } from '../../../generated/core/v1/types.ts';
import { ApiError, type KubeObject, type StatusCause } from '../../meta/index.ts';
import { invalidObject } from '../../meta/index.ts';
import { type FieldProblem, invalid, required } from '../../../generator/model/index.ts';
import { CLUSTER_IP, freeAddress, freeNodePort, inServiceRange, NODE_PORT } from './service-allocation.ts';
import type { Strategy, StrategyContext } from './strategy.ts';

type StoredService = Service & KubeObject;
type Port = ServicePort;

const CLIENT_IP_SECONDS = 10_800;

/**
 * Services: defaults that depend on the type, addresses from the service range, node ports. What is allocated is found through
 * indexes over the services themselves, so that nothing can leak.
 */
export const services: Strategy<StoredService> = {
  returnsDeleted: true,
  indexes: {
    [CLUSTER_IP]: ({ spec }) => spec?.clusterIPs?.filter((each) => each !== 'None') ?? [],
    [NODE_PORT]: ({ spec }) => [
      ...(spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])),
      ...(spec?.healthCheckNodePort ? [String(spec.healthCheckNodePort)] : []),
    ],
  },
  prepareCreate(service, context) {
    return allocated(completed(service), undefined, context);
  },
  prepareUpdate(service, old, context) {
    return allocated(completed(keepAllocated(service, old)), old, context);
  },
  validate(service, old) {
    return [...portProblems(service.spec ?? {}), ...(old ? fixedProblems(service, old) : [])];
  },
};

const hasNodePorts = ({ type }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';
const hasAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
const needsHealthPort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function completed(service: StoredService): StoredService {
  const spec = service.spec ?? {};
  const external = hasNodePorts(spec) || (spec.externalIPs?.length ?? 0) > 0;
  const { sessionAffinityConfig, ...rest } = spec;
  const affinity =
    spec.sessionAffinity === 'ClientIP'
      ? {
          sessionAffinityConfig: {
            clientIP: {
              timeoutSeconds: sessionAffinityConfig?.clientIP?.timeoutSeconds ?? CLIENT_IP_SECONDS,
            },
          },
        }
      : {};
  return {
    ...service,
    spec: {
      ...rest,
      ...(spec.ports ? { ports: spec.ports.map(withTarget) } : {}),
      ...affinity,
      ...(external && !spec.externalTrafficPolicy ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(hasAddress(spec) && !spec.internalTrafficPolicy
        ? { internalTrafficPolicy: 'Cluster' }
        : {}),
      ...(spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined
        ? { allocateLoadBalancerNodePorts: true }
        : {}),
    },
  };
}

function withTarget(port: Port): Port {
  const { targetPort } = port;
  if (targetPort !== undefined && targetPort !== 0 && targetPort !== '') return port;
  return { ...port, targetPort: port.port };
}

/** An update that leaves out what was allocated keeps it; a changed type lets go of what it no longer has. */
function keepAllocated(service: StoredService, { spec: old = {} }: StoredService): StoredService {
  const { spec = {} } = service;
  const kept: Record<string, unknown> = { ...spec };
  if (hasAddress(spec) && hasAddress(old)) {
    if (!spec.clusterIP && !spec.clusterIPs?.length) {
      kept['clusterIP'] = old.clusterIP;
      kept['clusterIPs'] = old.clusterIPs;
    } else if (spec.clusterIP && spec.clusterIP !== old.clusterIP && same(spec.clusterIPs, old.clusterIPs))
      kept['clusterIPs'] = [spec.clusterIP];
    kept['ipFamilies'] = spec.ipFamilies ?? old.ipFamilies;
    kept['ipFamilyPolicy'] = spec.ipFamilyPolicy ?? old.ipFamilyPolicy;
  } else if (!hasAddress(spec))
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
      if (same(kept[field], (old as Record<string, unknown>)[field])) delete kept[field];
  if (hasNodePorts(spec) && hasNodePorts(old)) {
    kept['ports'] = spec.ports?.map((port) => {
      const before = old.ports?.find(
        (each) => each.port === port.port && each.protocol === port.protocol,
      );
      return port.nodePort || !before?.nodePort ? port : { ...port, nodePort: before.nodePort };
    });
  } else if (!hasNodePorts(spec) && hasNodePorts(old)) {
    kept['ports'] = spec.ports?.map(({ nodePort: _, ...port }) => port);
    if (!spec.externalIPs?.length) delete kept['externalTrafficPolicy'];
    delete kept['allocateLoadBalancerNodePorts'];
  }
  if (needsHealthPort(spec)) kept['healthCheckNodePort'] = spec.healthCheckNodePort ?? old.healthCheckNodePort;
  else delete kept['healthCheckNodePort'];
  for (const key of Object.keys(kept)) if (kept[key] === undefined) delete kept[key];
  return { ...service, spec: kept as ServiceSpec };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** With an address and node ports, given or found. */
function allocated(
  service: StoredService,
  old: StoredService | undefined,
  context: StrategyContext,
): StoredService {
  const spec = service.spec ?? {};
  let next: ServiceSpec = spec;
  if (hasAddress(spec)) next = withAddress(service, next, context);
  if (hasNodePorts(next)) next = withNodePorts(service, next, context);
  if (needsHealthPort(next) && !next.healthCheckNodePort)
    next = { ...next, healthCheckNodePort: freeNodePort(context, new Set()) };
  void old;
  return next === spec ? service : { ...service, spec: next };
}

function withAddress(service: StoredService, spec: ServiceSpec, context: StrategyContext): ServiceSpec {
  const given = spec.clusterIPs?.[0] ?? spec.clusterIP;
  const families = {
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy:
      spec.ipFamilyPolicy ??
      (given === 'None' && !hasSelector(spec) ? 'RequireDualStack' : 'SingleStack'),
  } as const;
  const chosen = given || freeAddress(context);
  if (given && given !== 'None') claim(service, given, context);
  const { clusterIPs = [chosen] } = spec;
  const inStep = clusterIPs[0] === chosen ? clusterIPs : [chosen, ...clusterIPs.slice(1)];
  return { ...spec, ...families, clusterIP: chosen, clusterIPs: inStep };
}

const hasSelector = ({ selector }: ServiceSpec): boolean =>
  selector !== undefined && Object.keys(selector).length > 0;

function claim(service: StoredService, address: string, context: StrategyContext): void {
  const owner = context.byIndex('services', CLUSTER_IP, address)[0];
  const isOwn = owner?.metadata.uid === service.metadata.uid;
  if (owner && isOwn) return;
  const why = !inServiceRange(address)
    ? `the provided IP (${address}) is not in the valid range. The range of valid IPs is 10.96.0.0/16`
    : owner
      ? 'provided IP is already allocated'
      : undefined;
  if (why) refuse(service, 'spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`);
}

function withNodePorts(service: StoredService, spec: ServiceSpec, context: StrategyContext): ServiceSpec {
  if (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) return spec;
  const taken = new Set<number>();
  let changed = false;
  const ports = (spec.ports ?? []).map((port, at) => {
    const { nodePort } = port;
    if (!nodePort) {
      changed = true;
      const found = freeNodePort(context, taken);
      taken.add(found);
      return { ...port, nodePort: found };
    }
    taken.add(nodePort);
    const owner = context.byIndex('services', NODE_PORT, String(nodePort))[0];
    const field = `spec.ports[${at}].nodePort`;
    if (owner && owner.metadata.uid !== service.metadata.uid)
      refuse(service, field, nodePort, 'provided port is already allocated');
    if (!owner && (nodePort < 30_000 || nodePort > 32_767))
      refuse(
        service,
        field,
        nodePort,
        'provided port is not in the valid range. The range of valid ports is 30000-32767',
      );
    return port;
  });
  return changed ? { ...spec, ports } : spec;
}

function refuse(service: StoredService, field: string, value: unknown, detail: string): never {
  const { reason, message } = invalid(field, value, detail);
  const cause: StatusCause = { reason, message, field };
  throw invalidObject({ group: '', resource: 'Service', name: service.metadata.name ?? '' }, [
    cause,
  ]) satisfies ApiError;
}

function portProblems({ ports = [], type }: ServiceSpec): FieldProblem[] {
  return ports.flatMap(({ name, nodePort }, at) => [
    ...(ports.length > 1 && !name ? [required(`spec.ports[${at}].name`)] : []),
    ...(nodePort && (type === 'ClusterIP' || type === undefined)
      ? [
          {
            field: `spec.ports[${at}].nodePort`,
            reason: 'FieldValueForbidden',
            message: "Forbidden: may not be used when `type` is 'ClusterIP'",
          } as const,
        ]
      : []),
  ]);
}

function fixedProblems({ spec = {} }: StoredService, { spec: old = {} }: StoredService): FieldProblem[] {
  const [now, before] = [spec.clusterIPs?.[0], old.clusterIPs?.[0]];
  if (!hasAddress(spec) || !hasAddress(old) || !before || now === before) return [];
  return [invalid('spec.clusterIPs[0]', now ?? '', 'may not change once set')];
}
