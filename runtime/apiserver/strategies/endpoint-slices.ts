import type { Endpoint, EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { isIPv4Address, isIPv6Address, specialAddress } from './addresses.ts';
import { duplicate, invalid, type Problem } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredSlice = EndpointSlice & KubeObject;

/** EndpointSlices: addresses of the slice's kind, and ports and hints named once. What is stored already was checked then. */
export const endpointSlices: Strategy<StoredSlice> = {
  prepareCreate: withoutTopology,
  validate(slice, old) {
    const { endpoints, ports, addressType } = slice;
    return [
      ...(endpoints && endpoints !== old?.endpoints
        ? endpoints.flatMap((each, at) => checked(each, `endpoints[${at}]`, addressType))
        : []),
      ...(ports && ports !== old?.ports ? repeatedNames(ports, 'ports') : []),
    ];
  },
};

const OF_OWN_FIELDS = new Set(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);

/** What older clients put among the topology labels and has fields of its own since. */
function withoutTopology(slice: StoredSlice): StoredSlice {
  if (!slice.endpoints?.some(({ deprecatedTopology }) => deprecatedTopology)) return slice;
  const endpoints = slice.endpoints.map(({ deprecatedTopology = {}, ...endpoint }) => {
    const left = Object.entries(deprecatedTopology).filter(([key]) => !OF_OWN_FIELDS.has(key));
    if (left.length === 0) return endpoint;
    return { ...endpoint, deprecatedTopology: Object.fromEntries(left) };
  });
  return { ...slice, endpoints };
}

const clean = new WeakMap<Endpoint, EndpointSlice['addressType']>();
const NONE: readonly Problem[] = [];

/** Most endpoints of a changed slice are those of before: what was found clean once is clean in every slice of its kind. */
function checked(
  endpoint: Endpoint,
  path: string,
  addressType: EndpointSlice['addressType'],
): readonly Problem[] {
  if (clean.get(endpoint) === addressType) return NONE;
  const problems = endpointProblems(endpoint, path, addressType);
  if (problems.length === 0) clean.set(endpoint, addressType);
  return problems;
}

function endpointProblems(
  { addresses = [], hints }: Endpoint,
  path: string,
  addressType: EndpointSlice['addressType'],
): Problem[] {
  return [
    ...addresses.flatMap((address, at) => {
      const wrong = addressProblem(address, addressType);
      return wrong ? [invalid(`${path}.addresses[${at}]`, address, wrong)] : [];
    }),
    ...repeatedNames(hints?.forZones ?? [], `${path}.hints.forZones`),
    ...repeatedNames(hints?.forNodes ?? [], `${path}.hints.forNodes`),
  ];
}

function addressProblem(address: string, type: EndpointSlice['addressType']): string | undefined {
  switch (type) {
    case 'IPv4':
      return isIPv4Address(address) ? specialAddress(address) : 'must be an IPv4 address';
    case 'IPv6':
      return isIPv6Address(address) ? specialAddress(address) : 'must be an IPv6 address';
    case 'FQDN':
      return fullNameProblem(address);
    default:
      return undefined;
  }
}

function fullNameProblem(name: string): string | undefined {
  const wrong = FORMAT_CHECKS['dns-subdomain'](name.replace(/\.$/, ''));
  if (wrong) return wrong;
  return name.includes('.')
    ? undefined
    : 'should be a domain with at least two segments separated by dots';
}

/** Names that came before in the list; no name is a name too. */
function repeatedNames(items: readonly { readonly name?: string }[], path: string): Problem[] {
  if (items.length < 2) return [];
  const seen = new Set<string>();
  return items.flatMap(({ name = '' }, at) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated ? [duplicate(`${path}[${at}].name`, name)] : [];
  });
}
