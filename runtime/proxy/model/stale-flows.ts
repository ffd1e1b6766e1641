import type { ModelChange, ProxyEndpoint, ServicePortRules, ServiceRules } from './types.ts';

/**
 * Flows that the kernel would go on sending where they no longer belong. Only UDP has them: without a connection to break, a
 * client that keeps its port keeps its way. What is absent of a flow matches any.
 */
export interface StaleFlows {
  /** The service's address that the client sends to. */
  readonly destination?: string;
  readonly nodePort?: number;
  /** The endpoint that they were sent on to. */
  readonly endpoint?: string;
}

/**
 * What a change leaves behind: flows to endpoints that are gone, flows to a service from before it had any endpoints, and
 * those to a service port that is gone.
 */
export function staleFlows({ before, after, services }: ModelChange): StaleFlows[] {
  const found = new Map<string, StaleFlows>();
  const add = (flow: StaleFlows): void => void found.set(JSON.stringify(flow), flow);
  for (const key of services) {
    const now = udpPorts(after.services.get(key));
    for (const old of udpPorts(before.services.get(key)))
      if (!samePort(now, old)) add({ destination: old.clusterIP });
    for (const port of now) {
      const old = samePort(udpPorts(before.services.get(key)), port);
      const served = old?.all.filter(({ serving }) => serving) ?? [];
      const targets = targetsOf(port);
      if (served.length === 0 && port.all.some(({ serving }) => serving)) targets.forEach(add);
      for (const { ip } of served.filter((each) => !holds(port.all, each)))
        for (const target of targets) add({ ...target, endpoint: ip });
    }
  }
  return [...found.values()];
}

const udpPorts = (rules: ServiceRules | undefined): readonly ServicePortRules[] =>
  rules?.ports.filter(({ protocol }) => protocol === 'UDP') ?? [];

const samePort = (
  ports: readonly ServicePortRules[],
  { name }: ServicePortRules,
): ServicePortRules | undefined => ports.find((each) => each.name === name);

const holds = (endpoints: readonly ProxyEndpoint[], { text }: ProxyEndpoint): boolean =>
  endpoints.some((each) => each.text === text);

/** Everything that clients may send to. */
function targetsOf(port: ServicePortRules): StaleFlows[] {
  const { clusterIP, externalIPs, loadBalancerIPs, nodePort } = port;
  return [
    ...[clusterIP, ...externalIPs, ...loadBalancerIPs].map((destination) => ({ destination })),
    ...(nodePort === 0 ? [] : [{ nodePort }]),
  ];
}
