import type { Endpoints, Service } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';

/** A port of a Service, as a webhook names it. */
export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** An address behind a Service, and the pod that has it if one does. */
export interface HookEndpoint {
  readonly host: string;
  readonly port: number;
  readonly node: string;
  readonly pod: KubeObject | undefined;
}

/** The first ready endpoint of a service's port, where upstream takes any; or why there is none, in the API server's words. */
export function endpointOf(core: Core, asked: ServicePort): HookEndpoint | string {
  const { namespace, name, port } = asked;
  const key = `${namespace}/${name}`;
  const service = core.object('services', key) as (Service & KubeObject) | undefined;
  if (!service) return `service "${name}" not found`;
  const found = service.spec?.ports?.find((each) => each.port === port);
  if (!found) return `no service port ${port} found for service "${name}"`;
  if (service.spec?.type === 'ExternalName')
    return `dial tcp: lookup ${service.spec.externalName}: no such host`;
  const { subsets = [] } = (core.object('endpoints', key) ?? {}) as Partial<Endpoints>;
  for (const { addresses = [], ports = [] } of subsets) {
    const target = ports.find((each) => (each.name ?? '') === (found.name ?? ''));
    const [address] = addresses;
    if (!target || !address) continue;
    const { ip, nodeName = '', targetRef } = address;
    const isPod = targetRef?.kind === 'Pod';
    const pod = isPod ? core.object('pods', `${namespace}/${targetRef.name}`) : undefined;
    return { host: ip, port: target.port, node: nodeName, pod };
  }
  return `no endpoints available for service "${name}"`;
}

/** How an address is written in front of what went wrong there. */
export const dialed = ({ host, port }: HookEndpoint, why: string): string =>
  `dial tcp ${host.includes(':') ? `[${host}]` : host}:${port}: ${why}`;
