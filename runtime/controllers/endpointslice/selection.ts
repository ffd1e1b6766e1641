import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { MANAGED_BY, MANAGER, SERVICE_NAME } from './labels.ts';

const NONE: readonly string[] = [];

/** The service of a slice that this controller made. */
export function serviceKeys({ metadata }: EndpointSlice): readonly string[] {
  const { labels, namespace } = metadata;
  const service = labels?.[SERVICE_NAME];
  return service && labels[MANAGED_BY] === MANAGER ? [`${namespace}/${service}`] : NONE;
}
