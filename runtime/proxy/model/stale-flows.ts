import { jsonEqual } from '../../meta/index.ts';
import type {
  IPFamily,
  ModelChange,
  ProxyEndpoint,
  ServicePortRules,
  ServiceRules,
} from './types.ts';

/**
 * Flows that the kernel would go on sending where they no longer belong. Only UDP has them: without a connection to break, a
 * client that keeps its port keeps its way. What is absent of a flow matches any.
 */
export interface StaleFlows {
  readonly family: IPFamily;
  /** The service's address that the client sends to. */
  readonly destination?: string;
  /** The port at `destination`. */
  readonly port?: number;
  readonly nodePort?: number;
  /** The endpoint that they were sent on to. */
  readonly endpoint?: string;
  /** Those to these endpoints are as they should be. */
  readonly exceptEndpoints?: readonly string[];
}

/** What a change leaves behind, as the release says whose rules are made. */
export function staleFlows(change: ModelChange): StaleFlows[] {
  const found = new Map<string, StaleFlows>();
  const find = change.after.settings.version === '1.36' ? misled : uprooted;
  for (const flow of find(change)) found.set(JSON.stringify(flow), flow);
  return [...found.values()];
}

/**
 * Since 1.32: where the endpoints of a service have changed, all flows to it that lead to none that serves. One that only
 * ends keeps its clients; where nobody serves they are left alone, and so are those of a service that is gone.
 */
function* misled({ before, after, services }: ModelChange): Generator<StaleFlows> {
  const { family } = after;
  for (const key of services)
    for (const port of udpPorts(after.services.get(key))) {
      const old = samePort(udpPorts(before.services.get(key)), port);
      const serving = ipsOf(port.all);
      if (serving.length === 0 || jsonEqual(old?.all, port.all)) continue;
      for (const target of targetsOf(port, family, port.port))
        yield { ...target, exceptEndpoints: serving };
    }
}

const ipsOf = (endpoints: readonly ProxyEndpoint[]): string[] => [
  ...new Set(endpoints.filter(({ serving }) => serving).map(({ ip }) => ip)),
];

/**
 * Until then: flows to endpoints that were ready and are no longer what they were, flows to a service from before it had any
 * that is ready, and those to the cluster IP of a service port that is gone.
 */
function* uprooted({ before, after, services }: ModelChange): Generator<StaleFlows> {
  const { family } = after;
  for (const key of services) {
    const now = udpPorts(after.services.get(key));
    const then = udpPorts(before.services.get(key));
    for (const old of then) if (!samePort(now, old)) yield { family, destination: old.clusterIP };
    for (const port of now) {
      const ready = samePort(then, port)?.all.filter((each) => each.ready) ?? [];
      const targets = targetsOf(port, family);
      if (ready.length === 0 && port.all.some((each) => each.ready)) yield* targets;
      for (const old of ready)
        if (!port.all.some((each) => sameEndpoint(each, old)))
          for (const target of targets) yield { ...target, endpoint: old.ip };
    }
  }
}

const udpPorts = (rules: ServiceRules | undefined): readonly ServicePortRules[] =>
  rules?.ports.filter(({ protocol }) => protocol === 'UDP') ?? [];

const samePort = (
  ports: readonly ServicePortRules[],
  { name }: ServicePortRules,
): ServicePortRules | undefined => ports.find((each) => each.name === name);

const sameEndpoint = (a: ProxyEndpoint, b: ProxyEndpoint): boolean =>
  a.text === b.text && a.local === b.local && a.ready === b.ready;

/** Everything that clients may send to. */
function targetsOf(service: ServicePortRules, family: IPFamily, port?: number): StaleFlows[] {
  const { clusterIP, externalIPs, loadBalancerIPs, nodePort } = service;
  return [
    ...[clusterIP, ...externalIPs, ...loadBalancerIPs].map((destination) => ({
      family,
      destination,
      ...(port === undefined ? {} : { port }),
    })),
    ...(nodePort === 0 ? [] : [{ family, nodePort }]),
  ];
}
