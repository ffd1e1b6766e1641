import type { Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { MANAGED_BY, MANAGER, SERVICE_NAME } from './labels.ts';
import { followsTopology } from './topology.ts';

const NONE: readonly string[] = [];
/** What `topologyKeys` says of services that go by the CPU of zones. */
export const FOLLOWS = 'yes';
const YES: readonly string[] = [FOLLOWS];

/** The service of a slice that this controller made. */
export function serviceKeys({ metadata }: EndpointSlice): readonly string[] {
  const { labels, namespace } = metadata;
  const service = labels?.[SERVICE_NAME];
  return service && labels[MANAGED_BY] === MANAGER ? [`${namespace}/${service}`] : NONE;
}

export function topologyKeys(service: Service): readonly string[] {
  return followsTopology(service) ? YES : NONE;
}
