import type {
  MatchResources,
  NamedRuleWithOperations,
} from '../../../../generated/admissionregistration/v1/types.ts';
import { type KubeObject, matchesLabelSelector } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import type { AdmissionAttributes } from '../plugin.ts';

const GROUP = 'admissionregistration.k8s.io';

/** Kinds that policies are made of are exempt: a policy could not be taken back otherwise. */
export const isExempt = ({ kind }: AdmissionAttributes): boolean => kind.descriptor.group === GROUP;

/** What a rule may name a request's resource by; under these a policy is indexed. */
export function namesOf({ kind, subresource }: AdmissionAttributes): readonly string[] {
  const { plural } = kind.descriptor;
  if (!subresource) return [plural, '*', `${plural}/*`, '*/*'];
  return [`${plural}/${subresource}`, `${plural}/*`, `*/${subresource}`, '*/*'];
}

/** Whether constraints mean a request. Those of bindings may be absent, and mean all then. */
export function matches(
  constraints: MatchResources | undefined,
  attributes: AdmissionAttributes,
  core: Core,
): boolean {
  if (!constraints) return true;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = constraints;
  const isEquivalent = matchPolicy !== 'Exact';
  const hit = (rule: NamedRuleWithOperations): boolean =>
    hits(rule, attributes, isEquivalent ? versionsOf(attributes, core) : [ownVersion(attributes)]);
  return (
    selectsNamespace(constraints, attributes, core) &&
    selectsObject(constraints, attributes) &&
    !excludeResourceRules.some(hit) &&
    (resourceRules.length === 0 || resourceRules.some(hit))
  );
}

const includes = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((each) => each === '*' || each === value) ?? false;

function hits(
  rule: NamedRuleWithOperations,
  attributes: AdmissionAttributes,
  versions: readonly string[],
): boolean {
  const { kind, operation, name } = attributes;
  const { scope = '*', resourceNames = [] } = rule;
  const ownScope = kind.descriptor.namespaced ? 'Namespaced' : 'Cluster';
  return (
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, kind.descriptor.group) &&
    versions.some((version) => includes(rule.apiVersions, version)) &&
    namesOf(attributes).some((each) => rule.resources?.includes(each)) &&
    (scope === '*' || scope === ownScope) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

const ownVersion = ({ kind }: AdmissionAttributes): string =>
  (kind.version?.face ?? kind).descriptor.version;

/** All versions in which the resource is served. */
function versionsOf(attributes: AdmissionAttributes, core: Core): readonly string[] {
  const { group, plural } = attributes.kind.descriptor;
  const others = core.schemas.kinds.filter(
    (each) => each.group === group && each.plural === plural,
  );
  return [ownVersion(attributes), ...others.map(({ version }) => version)];
}

/** Whether a selector chooses the namespace that a request is in, if it is in one. */
export function selectsNamespace(
  { namespaceSelector }: Pick<MatchResources, 'namespaceSelector'>,
  attributes: AdmissionAttributes,
  core: Core,
): boolean {
  if (isEmpty(namespaceSelector)) return true;
  const { kind, namespace, object } = attributes;
  if (kind.id === 'namespaces')
    return matchesLabelSelector(namespaceSelector, object.metadata.labels);
  if (!namespace) return true;
  return matchesLabelSelector(namespaceSelector, namespaceOf(attributes, core)?.metadata.labels);
}

/** The namespace that an object is in; undefined where it is in none, as namespaces are. */
export function namespaceOf(
  { kind, namespace }: AdmissionAttributes,
  core: Core,
): KubeObject | undefined {
  return namespace && kind.id !== 'namespaces' ? core.object('namespaces', namespace) : undefined;
}

/** Whether a selector chooses the object of a request, as it is or as it was. */
export function selectsObject(
  { objectSelector }: Pick<MatchResources, 'objectSelector'>,
  attributes: AdmissionAttributes,
): boolean {
  if (isEmpty(objectSelector)) return true;
  const either = [attributes.object, attributes.old];
  return either.some(
    (each) =>
      each?.metadata !== undefined && matchesLabelSelector(objectSelector, each.metadata.labels),
  );
}

const isEmpty = (selector: MatchResources['objectSelector']): boolean =>
  !selector?.matchLabels && !selector?.matchExpressions;
