import type { Node } from '../../../generated/core/v1/types.ts';
import type { ProxyVersion, RuleModel, ServiceRules } from './types.ts';

/** What a node answers on a service's health check node port, where load balancers ask whether to send traffic here. */
export interface HealthCheckAnswer {
  readonly port: number;
  readonly code: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly service: { readonly namespace: string; readonly name: string };
    readonly localEndpoints: number;
    /** Whether the proxy itself keeps up. */
    readonly serviceProxyHealthy: boolean;
  };
}

/**
 * The answers of all health check node ports of a node: 200 where a local endpoint is ready, 503 where none is or the proxy
 * is not healthy. A service of two families answers once, for the first model that has it.
 */
export function healthChecks(models: readonly RuleModel[], healthy = true): HealthCheckAnswer[] {
  const answers = new Map<string, HealthCheckAnswer>();
  for (const { services } of models)
    for (const rules of services.values()) {
      const port = rules.ports.find(({ healthCheckNodePort }) => healthCheckNodePort !== 0);
      if (!port || answers.has(rules.key)) continue;
      answers.set(rules.key, answerOf(rules, port.healthCheckNodePort, localReady(rules), healthy));
    }
  return [...answers.values()];
}

/** What the proxy answers on `/healthz` of its health port: load balancers take no new connections to a node that goes away. */
export interface ProxyHealth {
  readonly code: 200 | 503;
  readonly body: { readonly nodeEligible: boolean };
}

const LEAVING = 'ToBeDeletedByClusterAutoscaler';

/** A node that is deleted, or that the cluster autoscaler is about to delete, is not eligible (since 1.30). */
export function proxyHealth(node: Node, version: ProxyVersion, healthy = true): ProxyHealth {
  const leaving =
    node.metadata.deletionTimestamp !== undefined ||
    (node.spec?.taints ?? []).some(({ key }) => key === LEAVING);
  const nodeEligible = version !== '1.36' || !leaving;
  return { code: healthy && nodeEligible ? 200 : 503, body: { nodeEligible } };
}

/** What is answered for a service that has so many endpoints here. */
export function answerOf(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  port: number,
  localEndpoints: number,
  healthy: boolean,
): HealthCheckAnswer {
  return {
    port,
    code: healthy && localEndpoints > 0 ? 200 : 503,
    headers: {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
    },
    body: { service: { namespace, name }, localEndpoints, serviceProxyHealthy: healthy },
  };
}

/** Local endpoints by address: one that serves several ports counts once. */
function localReady({ ports }: ServiceRules): number {
  const ips = new Set<string>();
  for (const { all } of ports)
    for (const { ip, local, ready } of all) if (local && ready) ips.add(ip);
  return ips.size;
}
