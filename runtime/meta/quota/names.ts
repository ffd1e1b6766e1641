import { FORMAT_CHECKS } from '../../../generator/model/formats.ts';

const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const COUNTED = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
];
const STANDARD = new Set([
  ...COMPUTE,
  ...COMPUTE.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...COUNTED,
]);
const WHOLE = new Set(COUNTED);

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A resource that somebody else than Kubernetes defines, such as `example.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  if (isNative(name) || name.startsWith('requests.')) return false;
  return FORMAT_CHECKS['label-key'](`requests.${name}`) === undefined;
}

/** Of which there are only whole pieces. */
export function isCountedWhole(name: string): boolean {
  return WHOLE.has(name) || isExtendedResource(name);
}

/** Of which more may be promised than there is. */
export function isOvercommitable(name: string): boolean {
  return isNative(name) && !name.startsWith('hugepages-');
}

/** A name without a domain that a quota may limit. */
export function isQuotaResource(name: string): boolean {
  return STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name);
}

const OF_PODS = new Set([
  'pods',
  ...['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
const OF_CLAIMS = new Set(['persistentvolumeclaims', 'requests.storage']);

/** Which of the standard resources each scope can narrow. */
const SCOPED: Readonly<Record<string, ReadonlySet<string>>> = {
  Terminating: OF_PODS,
  NotTerminating: OF_PODS,
  BestEffort: new Set(['pods']),
  NotBestEffort: OF_PODS,
  PriorityClass: OF_PODS,
  CrossNamespacePodAffinity: OF_PODS,
  VolumeAttributesClass: OF_CLAIMS,
};

export const QUOTA_SCOPES: ReadonlySet<string> = new Set(Object.keys(SCOPED));

/** Whether a quota with this scope can limit that resource. Names that are not Kubernetes' own are let through. */
export function isScopeFor(scope: string, resource: string): boolean {
  return !STANDARD.has(resource) || (SCOPED[scope]?.has(resource) ?? true);
}
