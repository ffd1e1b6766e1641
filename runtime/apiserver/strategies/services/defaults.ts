import type { ServicePort } from '../../../../generated/core/v1/types.ts';
import { mapItems } from '../pod-spec/index.ts';
import { hasAddress, hasNodePorts, type StoredService } from './service.ts';

const CLIENT_IP_SECONDS = 10_800;

export function completed(service: StoredService): StoredService {
  const spec = service.spec ?? {};
  const isExternal = hasNodePorts(spec) || (spec.externalIPs?.length ?? 0) > 0;
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
      ...(spec.ports ? { ports: mapItems(spec.ports, withTarget) } : {}),
      ...affinity,
      ...(isExternal && !spec.externalTrafficPolicy ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(hasAddress(spec) && !spec.internalTrafficPolicy
        ? { internalTrafficPolicy: 'Cluster' }
        : {}),
      ...(spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined
        ? { allocateLoadBalancerNodePorts: true }
        : {}),
    },
  };
}

function withTarget(port: ServicePort): ServicePort {
  const { targetPort } = port;
  if (targetPort !== undefined && targetPort !== 0 && targetPort !== '') return port;
  return { ...port, targetPort: port.port };
}

/** A load balancer's address is met as it is unless somebody says otherwise. */
export function completedStatus(service: StoredService): StoredService {
  const { ingress } = service.status?.loadBalancer ?? {};
  if (!ingress) return service;
  const next = mapItems(ingress, (each) =>
    each.ip && !each.ipMode ? { ...each, ipMode: 'VIP' as const } : each,
  );
  if (next === ingress) return service;
  const loadBalancer = { ...service.status?.loadBalancer, ingress: next };
  return { ...service, status: { ...service.status, loadBalancer } };
}
