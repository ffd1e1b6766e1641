import type { Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { jsonEqual } from '../../meta/index.ts';
import { categorise, policyUse } from './categorise.ts';
import { endpointsByPort, portKey } from './endpoints.ts';
import { concernsProxy, servicePorts } from './service.ts';
import type {
  IPFamily,
  ProxyEndpoint,
  ProxyNode,
  ProxySettings,
  ServicePortRules,
  ServiceRules,
} from './types.ts';

/** Where one service is looked at from. */
export interface Viewpoint {
  readonly family: IPFamily;
  readonly node: ProxyNode;
  readonly settings: ProxySettings;
}

const NONE: readonly ProxyEndpoint[] = [];

/**
 * The rules of one service from its slices, or undefined if it needs none. What equals the same port in `before` keeps its
 * reference, so that whoever remembers by identity finds it again.
 */
export function serviceRules(
  service: Service,
  slices: readonly EndpointSlice[],
  { family, node, settings }: Viewpoint,
  before?: ServiceRules,
): ServiceRules | undefined {
  const infos = servicePorts(service, family, settings.version);
  if (infos.length === 0) return undefined;
  const visible = slices.filter(({ metadata }) => concernsProxy(metadata.labels));
  const places = endpointsByPort(visible, family, node.name);
  const ports = infos.map((info): ServicePortRules => {
    const all = places.get(portKey(info.portName, info.protocol)) ?? NONE;
    const use = policyUse(info);
    const endpoints = categorise(all, info, use, node, settings.version);
    const rules = { ...info, ...use, all, endpoints };
    const known = before?.ports.find(
      ({ name, protocol }) => name === info.name && protocol === info.protocol,
    );
    return known && jsonEqual(known, rules) ? known : rules;
  });
  if (
    before &&
    ports.length === before.ports.length &&
    ports.every((p, i) => p === before.ports[i])
  )
    return before;
  const { namespace = '', name = '' } = service.metadata;
  return { key: `${namespace}/${name}`, namespace, name, ports };
}
