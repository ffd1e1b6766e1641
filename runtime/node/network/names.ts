import type { Service } from '../../../generated/core/v1/types.ts';
import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import type { NameRecord } from '../programs/index.ts';
import type { View } from './view.ts';

const TTL = 30;

export interface Names {
  /** Whether there is such a name, whatever of that type is known of it. */
  readonly exists: boolean;
  readonly records: readonly NameRecord[];
}

const NONE: Names = { exists: false, records: [] };
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** An entry of a service: whom a name below it stands for, and at which ports. */
interface Place {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
}

interface Port {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** What the cluster's name server knows of a full name, after the specification of DNS for services and pods. */
export function namesOf(view: View, full: string, type: string, domain: string): Names {
  const name = full.toLowerCase().replace(/\.$/, '');
  const reverse = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  if (reverse) return pointers(view, name, reverse.slice(1).reverse().join('.'), type, domain);
  if (!name.endsWith(`.${domain}`)) return NONE;
  const parts = name.slice(0, -domain.length - 1).split('.');
  const kind = parts.at(-1);
  const namespace = parts.at(-2);
  if (kind === 'pod' && namespace && parts.length === 3) return ofPod(name, parts[0]!, type);
  const service = parts.at(-3);
  if (kind !== 'svc' || !namespace || !service) return NONE;
  const object = view.service(namespace, service);
  if (!object) return NONE;
  const below = parts.slice(0, -3);
  return ofService(view, object, { name, below, type, domain });
}

interface Question {
  readonly name: string;
  /** What stands before the service. */
  readonly below: readonly string[];
  readonly type: string;
  readonly domain: string;
}

function ofService(view: View, service: Service, question: Question): Names {
  const { name, below, type, domain } = question;
  const { spec, metadata } = service;
  if (spec?.type === 'ExternalName')
    return below.length > 0 ? NONE : alias(view, name, spec.externalName ?? '', type, domain);
  const own = `${metadata.name}.${metadata.namespace}.svc.${domain}`;
  const isHeadless = spec?.clusterIP === 'None';
  const places = isHeadless ? endpointPlaces(view, service, own) : [servicePlace(service, own)];
  const [first, second] = below;
  if (below.length === 2 && first?.startsWith('_') && second?.startsWith('_')) {
    const wanted = (port: Port): boolean =>
      `_${port.name}`.toLowerCase() === first && `_${port.protocol}`.toLowerCase() === second;
    return servers(places, wanted, name, type);
  }
  if (below.length === 0) {
    if (isHeadless && places.length === 0) return NONE;
    return type === 'SRV' ? servers(places, () => true, name, type) : addresses(places, name, type);
  }
  const found = isHeadless
    ? places.filter((each) => each.name === `${below.join('.')}.${own}`)
    : [];
  return found.length > 0 ? addresses(found, name, type) : NONE;
}

function servicePlace({ spec }: Service, own: string): Place {
  const ips = spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : []);
  const ports = (spec?.ports ?? []).map(({ name = '', protocol = 'TCP', port }) => ({
    name,
    protocol,
    port,
  }));
  return { name: own, addresses: ips, ports };
}

/** Of a headless service: its endpoints that are ready, each by its own name. */
function endpointPlaces(view: View, service: Service, own: string): Place[] {
  return view.slices(service).flatMap(({ endpoints = [], ports = [] }) =>
    endpoints
      .filter(({ conditions }) => conditions?.ready ?? true)
      .map((endpoint) => ({
        name: `${endpointName(endpoint)}.${own}`,
        addresses: endpoint.addresses,
        ports: ports.map(({ name, protocol, port }) => ({
          name: name ?? '',
          protocol: protocol ?? 'TCP',
          port: port ?? 0,
        })),
      })),
  );
}

function endpointName({ hostname, addresses: [address = ''] }: Endpoint): string {
  return hostname ?? address.replace(/[.:]/g, '-');
}

function addresses(places: readonly Place[], name: string, type: string): Names {
  const wanted = type === 'A' ? true : type === 'AAAA' ? false : undefined;
  const all = [...new Set(places.flatMap((each) => each.addresses))];
  const values = wanted === undefined ? [] : all.filter((each) => IPV4.test(each) === wanted);
  return { exists: true, records: values.map((value) => ({ name, type, value, ttl: TTL })) };
}

function servers(
  places: readonly Place[],
  wanted: (port: Port) => boolean,
  name: string,
  type: string,
): Names {
  const found = places.flatMap((place) =>
    place.ports.filter(wanted).map(({ port }) => `0 100 ${port} ${place.name}.`),
  );
  if (found.length === 0) return NONE;
  const records = type === 'SRV' ? found : [];
  return { exists: true, records: records.map((value) => ({ name, type, value, ttl: TTL })) };
}

/** Another name for something. What it stands for is told too, where that is in the cluster. */
function alias(view: View, name: string, target: string, type: string, domain: string): Names {
  const record: NameRecord = { name, type: 'CNAME', value: `${target}.`, ttl: TTL };
  const further = type === 'CNAME' || target === name ? NONE : namesOf(view, target, type, domain);
  return { exists: true, records: [record, ...further.records] };
}

function ofPod(name: string, dashed: string, type: string): Names {
  const value = dashed.replaceAll('-', '.');
  if (!IPV4.test(value)) return NONE;
  return { exists: true, records: type === 'A' ? [{ name, type, value, ttl: TTL }] : [] };
}

function pointers(view: View, name: string, address: string, type: string, domain: string): Names {
  const services = view
    .servicesAt(address)
    .map(({ metadata }) => `${metadata.name}.${metadata.namespace}.svc.${domain}.`);
  const values = services.length > 0 ? services : endpointPointers(view, address, domain);
  if (values.length === 0) return NONE;
  const records = values.map((value) => ({ name, type: 'PTR', value, ttl: TTL }));
  return { exists: true, records: type === 'PTR' ? records : [] };
}

function endpointPointers(view: View, address: string, domain: string): readonly string[] {
  const found = view.slicesAt(address).flatMap(({ metadata, endpoints = [] }) => {
    const service = metadata.labels?.['kubernetes.io/service-name'];
    if (!service) return [];
    return endpoints
      .filter(({ addresses: all }) => all.includes(address))
      .map((each) => `${endpointName(each)}.${service}.${metadata.namespace}.svc.${domain}.`);
  });
  return [...new Set(found)];
}
