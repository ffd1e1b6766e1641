import { isIP } from 'node:net';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressTLS,
} from '../../../../generated/networking/v1/types.ts';
import { FORMAT_CHECKS, FORMAT_COMPLAINTS } from '../../../../generator/model/index.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { invalid, notSupported, type Problem, required } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

type StoredIngress = Ingress & KubeObject;

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Ingresses: hosts that are names, paths that are absolute, and backends that are one thing. */
export const ingresses: Strategy<StoredIngress> = {
  validate(ingress, old) {
    const { spec = {} } = ingress;
    if (old && spec === old.spec) return [];
    const { defaultBackend, rules = [], tls = [] } = spec;
    return [
      ...(rules.length === 0 && !defaultBackend ? [NOTHING] : []),
      ...(defaultBackend ? backendProblems(defaultBackend, 'spec.defaultBackend') : []),
      ...rules.flatMap((rule, at) => ruleProblems(rule, `spec.rules[${at}]`)),
      ...tls.flatMap((each, at) => tlsProblems(each, `spec.tls[${at}]`)),
      ...(old ? [] : classProblems(ingress)),
    ];
  },
};

const NOTHING = invalid('spec', null, 'either `defaultBackend` or `rules` must be specified');

/** The class as older clients name it agrees with the field. */
function classProblems({ metadata, spec }: StoredIngress): Problem[] {
  const named = metadata.annotations?.[CLASS_ANNOTATION];
  const { ingressClassName } = spec ?? {};
  if (named === undefined || ingressClassName === undefined || named === ingressClassName)
    return [];
  const wrong = 'must match `ingressClassName` when both are specified';
  return [invalid(`annotations.${CLASS_ANNOTATION}`, named, wrong)];
}

function ruleProblems({ host = '', http }: IngressRule, path: string): Problem[] {
  const paths = http?.paths ?? [];
  return [
    ...hostProblems(host, `${path}.host`),
    ...paths.flatMap((each, at) => pathProblems(each, `${path}.http.paths[${at}]`)),
  ];
}

function hostProblems(host: string, field: string): Problem[] {
  if (host === '') return [];
  const wrong = hostProblem(host);
  const isAddress = isIP(host) !== 0;
  return [
    ...(isAddress ? [invalid(field, host, 'must be a DNS name, not an IP address')] : []),
    ...(wrong ? [invalid(field, host, wrong)] : []),
  ];
}

const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case " +
  "alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for " +
  "validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function hostProblem(host: string): string | undefined {
  const check = FORMAT_CHECKS['dns-subdomain'];
  if (!host.includes('*')) return check(host);
  return host.startsWith('*.') && !check(host.slice(2)) ? undefined : WILDCARD;
}

function tlsProblems({ hosts = [] }: IngressTLS, path: string): Problem[] {
  return hosts.flatMap((host, at) => {
    const wrong = hostProblem(host);
    return wrong ? [invalid(`${path}.hosts[${at}]`, host, wrong)] : [];
  });
}

const MATCHED = ['Exact', 'Prefix'];
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const FORBIDDEN_PARTS = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_ENDS = ['/..', '/.'];

/** A path without a type is not looked at further: the schema has said that the type is missing. */
function pathProblems(each: HTTPIngressPath, field: string): Problem[] {
  const { path = '', pathType, backend } = each;
  if (!pathType) return [];
  return [
    ...(PATH_TYPES.includes(pathType)
      ? pathTextProblems(path, MATCHED.includes(pathType), `${field}.path`)
      : [notSupported(`${field}.pathType`, pathType, PATH_TYPES)]),
    ...backendProblems(backend, `${field}.backend`),
  ];
}

function pathTextProblems(path: string, isMatched: boolean, field: string): Problem[] {
  const isAbsolute = path.startsWith('/') || (path === '' && !isMatched);
  const say = (wrong: string): Problem => invalid(field, path, wrong);
  return [
    ...(isAbsolute ? [] : [say('must be an absolute path')]),
    ...(isMatched ? FORBIDDEN_PARTS : [])
      .filter((part) => path.includes(part))
      .map((part) => say(`must not contain '${part}'`)),
    ...(isMatched ? FORBIDDEN_ENDS : [])
      .filter((end) => path.endsWith(end))
      .map((end) => say(`cannot end with '${end}'`)),
  ];
}

function backendProblems({ resource, service }: IngressBackend, field: string): Problem[] {
  if (resource && service)
    return [invalid(field, '', 'cannot set both resource and service backends')];
  if (resource) return resourceProblems(resource, `${field}.resource`);
  if (service) return serviceProblems(service, field);
  return [invalid(field, '', 'resource or service backend is required')];
}

function resourceProblems(
  { apiGroup, kind, name }: NonNullable<IngressBackend['resource']>,
  field: string,
): Problem[] {
  const segment = FORMAT_CHECKS['path-segment'];
  const wrongGroup = apiGroup === undefined ? undefined : FORMAT_CHECKS['dns-subdomain'](apiGroup);
  return [
    ...(wrongGroup ? [invalid(`${field}.apiGroup`, apiGroup, wrongGroup)] : []),
    ...Object.entries({ kind, name }).flatMap(([key, text]) => {
      const wrong = text && segment(text);
      return wrong ? [invalid(`${field}.${key}`, text, wrong)] : [];
    }),
  ];
}

function serviceProblems(
  { name, port = {} }: NonNullable<IngressBackend['service']>,
  field: string,
): Problem[] {
  const wrongName = name ? FORMAT_COMPLAINTS['dns-label'](name) : [];
  return [
    ...(name ? [] : [required(`${field}.service.name`)]),
    ...wrongName.map((each) => invalid(`${field}.service.name`, name, each)),
    ...portProblems(port, field),
  ];
}

const PORT_MAX = 65_535;

function portProblems(
  { name = '', number = 0 }: NonNullable<NonNullable<IngressBackend['service']>['port']>,
  field: string,
): Problem[] {
  if (name !== '' && number !== 0)
    return [invalid(field, '', 'cannot set both port name & port number')];
  if (name !== '') {
    return FORMAT_COMPLAINTS['port-name'](name).map((each) =>
      invalid(`${field}.service.port.name`, name, each),
    );
  }
  if (number === 0) return [required(field, 'port name or number is required')];
  if (number > 0 && number <= PORT_MAX) return [];
  const wrong = `must be between 1 and ${PORT_MAX}, inclusive`;
  return [invalid(`${field}.service.port.number`, number, wrong)];
}
