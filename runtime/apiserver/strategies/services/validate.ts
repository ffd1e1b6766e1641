import type { ServiceSpec } from '../../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { specialAddress } from '../addresses.ts';
import { duplicate, forbidden, invalid, type Problem, required } from '../problem.ts';
import { hasAddress, needsHealthPort, type StoredService } from './service.ts';

/** What the schema cannot say against a service. */
export function serviceProblems(service: StoredService): Problem[] {
  const { spec = {} } = service;
  return [
    ...portProblems(spec),
    ...externalAddressProblems(spec),
    ...sourceRangeProblems(spec),
    ...(service.metadata.annotations ? annotationProblems(service) : []),
  ];
}

function portProblems({ ports = [], type = 'ClusterIP' }: ServiceSpec): Problem[] {
  const names = new Set<string>();
  const pairs = new Set<string>();
  const nodePorts = new Set<string>();
  const isNew = (known: Set<string>, key: string): boolean => known.size < known.add(key).size;
  return ports.flatMap(({ name, port, protocol, nodePort }, at) => {
    const path = `spec.ports[${at}]`;
    const problems: Problem[] = [];
    if (!name && ports.length > 1) problems.push(required(`${path}.name`));
    if (name && !isNew(names, name)) problems.push(duplicate(`${path}.name`, name));
    if (!isNew(pairs, `${protocol}/${port}`)) problems.push(duplicate(path, { protocol, port }));
    if (!nodePort) return problems;
    if (type === 'ClusterIP')
      problems.push(forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    if (!isNew(nodePorts, `${protocol}/${nodePort}`))
      problems.push(duplicate(`${path}.nodePort`, nodePort));
    return problems;
  });
}

function externalAddressProblems({ externalIPs = [] }: ServiceSpec): Problem[] {
  return externalIPs.flatMap((address, at) => {
    const wrong = specialAddress(address);
    return wrong ? [invalid(`spec.externalIPs[${at}]`, address, wrong)] : [];
  });
}

/** Ranges may be padded with blanks, as they were in the annotation that came before the field. */
function sourceRangeProblems({ loadBalancerSourceRanges = [], type }: ServiceSpec): Problem[] {
  if (type !== 'LoadBalancer') return []; // The schema forbids the whole field.
  return loadBalancerSourceRanges.flatMap((range, at) =>
    rangeProblems(`spec.LoadBalancerSourceRanges[${at}]`, range),
  );
}

function rangeProblems(field: string, range: string): Problem[] {
  const wrong = FORMAT_CHECKS.cidr(range.trim());
  return wrong ? [invalid(field, range.trim(), wrong)] : [];
}

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

function annotationProblems({ metadata, spec = {} }: StoredService): Problem[] {
  const { annotations = {} } = metadata;
  const problems: Problem[] = [];
  const ranges = annotations[SOURCE_RANGES];
  const field = `metadata.annotations[${SOURCE_RANGES}]`;
  if (ranges !== undefined && spec.type !== 'LoadBalancer')
    problems.push(forbidden(field, "may only be used when `type` is 'LoadBalancer'"));
  if (ranges?.trim())
    problems.push(...ranges.split(',').flatMap((range) => rangeProblems(field, range)));
  const [mode, hints] = [annotations[TOPOLOGY_MODE], annotations[TOPOLOGY_HINTS]];
  if (mode !== undefined && hints !== undefined && mode !== hints)
    problems.push(
      invalid(
        `metadata.annotations[${TOPOLOGY_MODE}]`,
        mode,
        `must match annotations[${TOPOLOGY_HINTS}] when both are specified`,
      ),
    );
  return problems;
}

const FIXED = 'may not change once set';

/** What stays as long as the service has it at all. */
export function fixedProblems(spec: ServiceSpec, old: ServiceSpec): Problem[] {
  const problems: Problem[] = [];
  if (hasAddress(spec) && hasAddress(old)) {
    const [now, before] = [spec.clusterIPs?.[0], old.clusterIPs?.[0]];
    if (before && !now)
      problems.push(
        invalid('spec.clusterIPs[0]', spec.clusterIPs, 'primary clusterIP can not be unset'),
      );
    else if (before && now !== before) problems.push(invalid('spec.clusterIPs[0]', now, FIXED));
    const [family, former] = [spec.ipFamilies?.[0], old.ipFamilies?.[0]];
    if (former && family && family !== former)
      problems.push(invalid('spec.ipFamilies[0]', family, FIXED));
  }
  const staysBalanced = spec.type === 'LoadBalancer' && old.type === 'LoadBalancer';
  if (staysBalanced && spec.loadBalancerClass !== old.loadBalancerClass)
    problems.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, FIXED));
  const keepsHealthPort = needsHealthPort(spec) && needsHealthPort(old);
  if (keepsHealthPort && spec.healthCheckNodePort !== old.healthCheckNodePort)
    problems.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  return problems;
}
