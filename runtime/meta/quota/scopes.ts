import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../object.ts';
import { resourcesFor } from './usage.ts';

type Requirement = ScopedResourceSelectorRequirement;

/** All requirements of a quota on the objects that count. */
export function scopesOf({ spec = {} }: ResourceQuota): readonly Requirement[] {
  const plain = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...plain, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

/** Whether objects like this one count in the quota: it limits something that they use, and they are in all its scopes. */
export function quotaCovers(quota: ResourceQuota, resource: string, object: KubeObject): boolean {
  const names = Object.keys(quota.status?.hard ?? {});
  if (resourcesFor(resource, names).length === 0) return false;
  return scopesOf(quota).every((scope) => SCOPES[resource]?.(scope, object) ?? false);
}

const SCOPES: Readonly<Record<string, (scope: Requirement, object: KubeObject) => boolean>> = {
  pods: (scope, object) => isPodIn(scope, object as Pod & KubeObject),
  persistentvolumeclaims: (scope, object) =>
    scope.scopeName === 'VolumeAttributesClass' &&
    isNamed(scope, attributeClasses(object as PersistentVolumeClaim & KubeObject)),
};

function isPodIn(scope: Requirement, { spec, status }: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return spec?.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec?.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return status?.qosClass === 'BestEffort';
    case 'NotBestEffort':
      return status?.qosClass !== 'BestEffort';
    case 'PriorityClass':
      return isNamed(scope, spec?.priorityClassName ? [spec.priorityClassName] : []);
    case 'CrossNamespacePodAffinity':
      return termsOf(spec).some(isCrossNamespace);
    default:
      return false;
  }
}

/** An object of no class meets what asks for its absence. */
function isNamed({ operator, values = [] }: Requirement, names: readonly string[]): boolean {
  switch (operator) {
    case 'Exists':
      return names.length > 0;
    case 'DoesNotExist':
      return names.length === 0;
    case 'In':
      return names.some((name) => values.includes(name));
    default:
      return names.length === 0 || names.some((name) => !values.includes(name));
  }
}

/** The classes of attributes that a claim has, had or shall have. */
function attributeClasses({ spec, status }: PersistentVolumeClaim): string[] {
  return [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== '') as string[];
}

function termsOf(spec: Pod['spec']): PodAffinityTerm[] {
  const both = [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity];
  return both.flatMap((each) => [
    ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
}

function isCrossNamespace({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean {
  return namespaces.length > 0 || namespaceSelector !== undefined;
}
