import type {
  Container,
  ObjectFieldSelector,
  Pod,
  ResourceFieldSelector,
} from '../../../generated/core/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';
import type { Amounts } from '../amounts.ts';
import type { PodTokens } from './tokens.ts';

/** Where a pod is, as its containers may ask: the downward API. */
export interface PodPlace {
  readonly pod: Pod;
  readonly podIp: string;
  readonly hostIp: string;
  readonly nodeName: string;
  /** Of the node, in base units: what a container may use that has no limit. */
  readonly allocatable: Amounts;
  /** What its kubelet has got for it. */
  readonly tokens?: PodTokens;
}

/** What a field of the pod says; undefined for one that cannot be asked for. */
export function fieldText({ fieldPath }: ObjectFieldSelector, place: PodPlace): string | undefined {
  const { metadata, spec } = place.pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return pairs(metadata.labels);
    case 'metadata.annotations':
      return pairs(metadata.annotations);
    case 'spec.nodeName':
      return place.nodeName;
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return place.hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return place.podIp;
    default:
      return undefined;
  }
}

/** One `key="value"` a line, sorted. */
function pairs(map: Readonly<Record<string, string>> = {}): string {
  const keys = Object.keys(map).sort();
  return keys.map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');
}

/** What a resource of a container says, in units of the divisor, rounded up. A limit that is not set is the node's. */
export function resourceText(
  { resource, divisor }: ResourceFieldSelector,
  { resources = {} }: Container,
  { allocatable }: PodPlace,
): string {
  const [kind = '', ...rest] = resource.split('.');
  const name = rest.join('.');
  const set = resources[kind as 'limits' | 'requests']?.[name];
  const fallback = kind === 'limits' ? (allocatable[name] ?? 0) : 0;
  const amount = set === undefined ? fallback : baseUnits(name, set);
  const unit =
    divisor === undefined || String(divisor) === '0' ? defaultUnit(name) : baseUnits(name, divisor);
  return String(Math.ceil(amount / unit));
}

/** One processor, one byte. */
const defaultUnit = (name: string): number => (name === 'cpu' ? 1000 : 1);
