import type {
  CustomResourceConversion,
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceValidation,
} from '../../../../generated/apiextensions/v1/types.ts';
import { FORMAT_CHECKS, jsonEqual } from '../../../../generator/model/index.ts';
import { isConditionTrue, type KubeObject } from '../../../meta/index.ts';
import { forbidden, invalid, notSupported, type Problem, required } from '../problem.ts';
import { approvalProblems } from './approval.ts';
import { labelProblem, missingNames, nameProblems } from './names.ts';
import {
  columnProblems,
  deprecationProblems,
  selectableProblems,
  subresourceProblems,
  type VersionParts,
  validationProblems,
} from './version-rules.ts';

export type StoredDefinition = CustomResourceDefinition & KubeObject;

const SCOPES = ['Cluster', 'Namespaced'];

/** What is wrong with a definition, in the order in which the API tells it. */
export function definitionProblems(
  definition: StoredDefinition,
  old?: StoredDefinition,
): readonly Problem[] {
  const { metadata, spec = {}, status } = definition;
  const plain = spec as CustomResourceDefinitionSpec;
  const isNamedRight = metadata.name === `${plain.names?.plural ?? ''}.${plain.group ?? ''}`;
  return [
    ...(old || isNamedRight
      ? []
      : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...specProblems(
      plain,
      (old?.spec?.versions ?? []).flatMap(({ schema }) => schema ?? []),
    ),
    ...(old ? changeProblems(plain, old) : []),
    ...(status?.acceptedNames ? nameProblems(status.acceptedNames, 'status.acceptedNames') : []),
    ...storedProblems(status?.storedVersions ?? [], plain.versions ?? []),
    ...approvalProblems(definition, old),
    ...(plain.preserveUnknownFields
      ? [
          invalid(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ];
}

function groupProblems(group: string): Problem[] {
  const at = 'spec.group';
  if (group === '') return [required(at)];
  const wrong = FORMAT_CHECKS['dns-subdomain'](group);
  if (wrong) return [invalid(at, group, wrong)];
  return group.includes('.')
    ? []
    : [invalid(at, group, 'should be a domain with at least one dot')];
}

function scopeProblems(scope = ''): Problem[] {
  if (scope === '') return [required('spec.scope')];
  return SCOPES.includes(scope) ? [] : [notSupported('spec.scope', scope, SCOPES)];
}

function specProblems(
  spec: CustomResourceDefinitionSpec,
  stored: readonly CustomResourceValidation[],
): Problem[] {
  const { group = '', scope, versions = [], names, conversion } = spec;
  const common = shared(versions);
  const missing = versions.flatMap(({ schema }, index) =>
    schema?.openAPIV3Schema ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`)],
  );
  return [
    ...groupProblems(group),
    ...scopeProblems(scope),
    ...missing,
    ...versions.flatMap((version, index) => versionProblems(version, common, index, stored)),
    ...severalProblems(versions),
    ...missingNames(spec, 'spec'),
    ...(names ? nameProblems(names, 'spec.names') : []),
    ...partProblems(common, versions.some(hasStatus), PLACES, common, stored),
    ...(conversion ? conversionProblems(conversion) : []),
  ];
}

const hasStatus = ({ subresources }: CustomResourceDefinitionVersion): boolean =>
  subresources?.status !== undefined;

/** Where what all versions have alike is looked for by the messages: a definition once had it in one place. */
const PLACES: Readonly<Record<keyof VersionParts, string>> = {
  schema: 'spec.validation',
  subresources: 'spec.subresources',
  additionalPrinterColumns: 'spec.additionalPrinterColumns',
  selectableFields: 'spec.selectableFields',
};
const PARTS = Object.keys(PLACES) as (keyof VersionParts)[];

/** What all versions have alike. */
function shared(versions: readonly CustomResourceDefinitionVersion[]): VersionParts {
  const [first, ...others] = versions;
  const same = PARTS.filter(
    (part) => first?.[part] && others.every((each) => jsonEqual(each[part], first[part])),
  );
  return Object.fromEntries(same.map((part) => [part, first![part]]));
}

function versionProblems(
  version: CustomResourceDefinitionVersion,
  common: VersionParts,
  index: number,
  stored: readonly CustomResourceValidation[],
): Problem[] {
  const at = `spec.versions[${index}]`;
  const own = Object.fromEntries(
    PARTS.filter((part) => !(part in common)).map((part) => [part, version[part]]),
  );
  const places = Object.fromEntries(PARTS.map((part) => [part, `${at}.${part}`]));
  return [
    ...labelProblem(`${at}.name`, version.name ?? ''),
    ...deprecationProblems(version, at),
    ...partProblems(own, hasStatus(version), places as typeof PLACES, version, stored),
  ];
}

function partProblems(
  { schema, subresources, additionalPrinterColumns = [], selectableFields }: VersionParts,
  statusIsApart: boolean,
  at: typeof PLACES,
  whole: VersionParts,
  stored: readonly CustomResourceValidation[],
): Problem[] {
  return [
    ...validationProblems(schema, statusIsApart, at.schema, stored),
    ...(subresources ? subresourceProblems(subresources, at.subresources) : []),
    ...additionalPrinterColumns.flatMap((column, index) =>
      columnProblems(column, `${at.additionalPrinterColumns}[${index}]`),
    ),
    ...(selectableFields?.length && whole.schema
      ? selectableProblems(selectableFields, whole.schema, at.selectableFields)
      : []),
  ];
}

function severalProblems(versions: readonly CustomResourceDefinitionVersion[]): Problem[] {
  const at = 'spec.versions';
  const found: Problem[] = [];
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    found.push(invalid(at, versions, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    found.push(invalid(at, versions, 'must have exactly one version marked as storage version'));
  return found;
}

function conversionProblems({ strategy, webhook }: CustomResourceConversion): Problem[] {
  const at = 'spec.conversion';
  const [client, reviews] = [`${at}.webhookClientConfig`, `${at}.conversionReviewVersions`];
  if (!strategy) return [required(`${at}.strategy`)];
  if (strategy !== 'None' && strategy !== 'Webhook')
    return [notSupported(`${at}.strategy`, strategy, ['None', 'Webhook'])];
  const { clientConfig, conversionReviewVersions: versions = [] } = webhook ?? {};
  if (strategy === 'Webhook')
    return [
      ...(clientConfig ? [] : [required(client, 'required when strategy is set to Webhook')]),
      ...reviewProblems(versions, reviews),
    ];
  const words = 'should not be set when strategy is not set to Webhook';
  return [
    ...(clientConfig ? [forbidden(client, words)] : []),
    ...(versions.length > 0 ? [forbidden(reviews, words)] : []),
  ];
}

/** The versions of the question that a webhook understands. */
function reviewProblems(versions: readonly string[], at: string): Problem[] {
  if (versions.length === 0) return [required(at)];
  const found = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${at}[${index}]`, version, 'duplicate version')]
      : labelProblem(`${at}[${index}]`, version),
  );
  return versions.some((each) => each === 'v1' || each === 'v1beta1')
    ? found
    : [...found, invalid(at, versions, 'must include at least one of v1, v1beta1')];
}

/** What can no longer change, once and for all or once objects are stored. */
function changeProblems(
  { scope, names, group }: CustomResourceDefinitionSpec,
  { spec: was = {}, status }: StoredDefinition,
): Problem[] {
  const before = was as CustomResourceDefinitionSpec;
  const isEstablished = isConditionTrue(status?.conditions, 'Established');
  const fixed: [string, unknown, unknown][] = [
    ...(isEstablished
      ? ([
          ['scope', scope, before.scope],
          ['names.kind', names?.kind, before.names?.kind],
        ] satisfies [string, unknown, unknown][])
      : []),
    ['group', group, before.group],
    ['names.plural', names?.plural, before.names?.plural],
  ];
  return fixed
    .filter(([, now, then]) => now !== then)
    .map(([field, now]) => invalid(`spec.${field}`, now, 'field is immutable'));
}

/** Versions in which objects may still be stored must be there. */
function storedProblems(
  stored: readonly string[],
  versions: readonly CustomResourceDefinitionVersion[],
): Problem[] {
  const at = 'status.storedVersions';
  if (stored.length === 0) return [invalid(at, null, 'must have at least one stored version')];
  const names = versions.map(({ name }) => name);
  const unlisted = versions.filter(
    ({ name = '', storage }, index) =>
      storage && (!stored.includes(name) || names.indexOf(name) < index),
  );
  return [
    ...unlisted.map(({ name }) => invalid(at, stored, `must have the storage version ${name}`)),
    ...stored.flatMap((name, index) =>
      names.includes(name)
        ? []
        : [
            invalid(
              `${at}[${index}]`,
              name,
              `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
            ),
          ],
    ),
  ];
}
