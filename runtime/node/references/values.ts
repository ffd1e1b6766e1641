import type {
  Container,
  EnvFromSource,
  EnvVar,
  Service,
} from '../../../generated/core/v1/types.ts';
import type { Lister } from '../../client/index.ts';
import { bytesOf, expanded } from '../programs/index.ts';
import { fieldText, type PodPlace, resourceText } from './fields.ts';
import type { References } from './references.ts';

type Variables = readonly (readonly [string, string])[];

/**
 * The variables that a container's program finds, in bytes: what the runtime sets, the services of its namespace, and what its spec says,
 * of which the later wins.
 */
export function environmentOf(
  references: References,
  services: Lister<Service>,
  spec: Container,
  place: PodPlace,
): Variables {
  const { pod } = place;
  const namespace = pod.metadata.namespace ?? '';
  const all = new Map<string, string>();
  const linked = serviceVariables(services, namespace, pod.spec?.enableServiceLinks !== false);
  for (const [name, value] of linked) all.set(name, value);
  for (const source of spec.envFrom ?? [])
    for (const [name, value] of sourceValues(references, namespace, source)) all.set(name, value);
  for (const variable of spec.env ?? []) {
    const value = valueFor(references, variable, spec, place, all);
    if (value !== undefined) all.set(variable.name, value);
  }
  return [...all];
}

function sourceValues(
  { configMaps, secrets }: References,
  namespace: string,
  { prefix = '', configMapRef, secretRef }: EnvFromSource,
): Variables {
  const { name = '' } = configMapRef ?? secretRef ?? {};
  const data = (configMapRef ? configMaps : secrets).get(name, namespace)?.data ?? {};
  return Object.keys(data)
    .sort()
    .map((key) => [prefix + key, configMapRef ? bytesOf(data[key]!) : decoded(data[key]!)]);
}

function valueFor(
  { configMaps, secrets }: References,
  { value, valueFrom }: EnvVar,
  spec: Container,
  place: PodPlace,
  before: ReadonlyMap<string, string>,
): string | undefined {
  const namespace = place.pod.metadata.namespace ?? '';
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (fieldRef) return bytesOf(fieldText(fieldRef, place) ?? '');
  if (resourceFieldRef)
    return resourceText(
      resourceFieldRef,
      containerNamed(resourceFieldRef.containerName, spec, place),
      place,
    );
  if (configMapKeyRef) {
    const text = configMaps.get(configMapKeyRef.name ?? '', namespace)?.data?.[configMapKeyRef.key];
    return text === undefined ? undefined : bytesOf(text);
  }
  if (secretKeyRef) {
    const text = secrets.get(secretKeyRef.name ?? '', namespace)?.data?.[secretKeyRef.key];
    return text === undefined ? undefined : decoded(text);
  }
  return expanded(bytesOf(value ?? ''), before);
}

/** The container that a resource is asked of: itself where no name is given. */
export function containerNamed(
  name: string | undefined,
  own: Container,
  { pod }: PodPlace,
): Container {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  return (
    (name ? [...containers, ...initContainers].find((each) => each.name === name) : own) ?? own
  );
}

/** What is written in base64, as bytes. */
export function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

/** Where services are, in the variables that containers of old read. The API's own service is there always. */
function serviceVariables(services: Lister<Service>, namespace: string, all: boolean): Variables {
  const kubernetes = services.get('kubernetes', 'default');
  const own = all ? services.list(namespace) : [];
  const wanted = [...(kubernetes && namespace !== 'default' ? [kubernetes] : []), ...own];
  if (!all && kubernetes && namespace === 'default') wanted.push(kubernetes);
  return wanted.flatMap(variablesOf);
}

function variablesOf({ metadata, spec }: Service): Variables {
  const { clusterIP, ports = [] } = spec ?? {};
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return [];
  const name = (metadata.name ?? '').toUpperCase().replaceAll('-', '_');
  const found: [string, string][] = [
    [`${name}_SERVICE_HOST`, clusterIP],
    [`${name}_SERVICE_PORT`, String(first.port)],
  ];
  for (const port of ports)
    if (port.name)
      found.push([
        `${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`,
        String(port.port),
      ]);
  const urlOf = (port: { readonly port: number; readonly protocol?: string }): string =>
    `${(port.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${port.port}`;
  found.push([`${name}_PORT`, urlOf(first)]);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    found.push(
      [prefix, urlOf(port)],
      [`${prefix}_PROTO`, protocol.toLowerCase()],
      [`${prefix}_PORT`, String(port.port)],
      [`${prefix}_ADDR`, clusterIP],
    );
  }
  return found;
}
