import type {
  APIService,
  APIServiceCondition,
} from '../../../generated/apiregistration/v1/types.ts';
import type { Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { formatTime } from '../../meta/index.ts';

/** What is known of the service that an APIService names. */
export interface Known {
  readonly service: Service | undefined;
  readonly slices: readonly EndpointSlice[];
}

type Said = Pick<APIServiceCondition, 'status' | 'reason' | 'message'>;

/** What keeps a service from being asked; undefined where it can be. */
export function obstacle({ spec }: APIService, { service, slices }: Known): Said | undefined {
  const { namespace = '', name = '', port = 443 } = spec?.service ?? {};
  const where = `service/${name} in ${JSON.stringify(namespace)}`;
  const no = (reason: string, message: string): Said => ({ status: 'False', reason, message });
  if (!service) return no('ServiceNotFound', `${where} is not present`);
  if (service.spec?.type !== 'ClusterIP') return undefined;
  const found = service.spec.ports?.find((each) => each.port === port);
  if (!found) return no('ServicePortError', `${where} is not listening on port ${port}`);
  if (slices.length === 0)
    return no('EndpointsNotFound', `cannot find endpointslices for ${where}`);
  const { name: portName = '' } = found;
  if (slices.some((slice) => hasEndpoint(slice, portName))) return undefined;
  const missing = `have no addresses with port name ${JSON.stringify(portName)}`;
  return no('MissingEndpoints', `endpointslices for ${where} ${missing}`);
}

function hasEndpoint({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  const isReady = endpoints?.some(({ conditions }) => conditions?.ready !== false);
  return !!isReady && !!ports?.some(({ name, port }) => (name ?? '') === portName && !!port);
}

/** Where a service must answer if it serves the group version; by its cluster address. */
export function discoveryUrl({ spec }: APIService, service: Service): string {
  const { group = '', version = '', service: { port = 443 } = {} } = spec ?? {};
  const host = service.spec?.clusterIP ?? '';
  const address = host.includes(':') ? `[${host}]` : host;
  return `https://${address}:${port}/apis/${group}/${version}`;
}

export const PASSED: Said = { status: 'True', reason: 'Passed', message: 'all checks passed' };

/** `wrong` says how asking went: a code, or the words in which the connection failed. */
export function failedCheck(url: string, wrong: number | string): Said {
  const host = url.slice('https://'.length, url.indexOf('/apis'));
  const cause =
    typeof wrong === 'number'
      ? `bad status from ${url}: ${wrong}`
      : `Get ${JSON.stringify(url)}: dial tcp ${host}: ${wrong}`;
  return {
    status: 'False',
    reason: 'FailedDiscoveryCheck',
    message: `failing or missing response from ${url}: ${cause}`,
  };
}

export const availability = (said: Said, nowMs: number): APIServiceCondition => ({
  type: 'Available',
  lastTransitionTime: formatTime(nowMs),
  ...said,
});
