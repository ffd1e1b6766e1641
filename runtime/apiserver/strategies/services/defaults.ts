import type { ServicePort } from '../../../../generated/core/v1/types.ts';
import { formatTime } from '../../../meta/index.ts';
import { mapItems } from '../pod-spec/index.ts';
import type { StrategyContext } from '../strategy.ts';
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

/**
 * A load balancer's address is met as it is unless somebody says otherwise. A condition without a time changed now: upstream asks for
 * none and stores none.
 */
export function completedStatus(
  service: StoredService,
  _: StoredService,
  context: Pick<StrategyContext, 'now'>,
): StoredService {
  const { loadBalancer, conditions } = service.status ?? {};
  const ingress =
    loadBalancer?.ingress &&
    mapItems(loadBalancer.ingress, (each) =>
      each.ip && !each.ipMode ? { ...each, ipMode: 'VIP' as const } : each,
    );
  const timed =
    conditions &&
    mapItems(conditions, (each) =>
      each.lastTransitionTime ? each : { ...each, lastTransitionTime: formatTime(context.now()) },
    );
  if (ingress === loadBalancer?.ingress && timed === conditions) return service;
  return {
    ...service,
    status: {
      ...service.status,
      ...(ingress ? { loadBalancer: { ...loadBalancer, ingress } } : {}),
      ...(timed ? { conditions: timed } : {}),
    },
  };
}
