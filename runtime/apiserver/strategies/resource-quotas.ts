import type {
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from '../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import {
  isCountedWhole,
  isQuotaResource,
  isScopeFor,
  type KubeObject,
  QUOTA_SCOPES,
} from '../../meta/index.ts';
import { amountProblems } from './pod-spec/index.ts';
import { invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredQuota = ResourceQuota & KubeObject;
type Requirement = ScopedResourceSelectorRequirement;
type List = Readonly<Record<string, string | number>>;

/** ResourceQuotas: names that can be limited, and scopes that go with them and stay. */
export const resourceQuotas: Strategy<StoredQuota> = {
  returnsDeleted: true,
  validate({ spec = {} }, old) {
    if (old && spec === old.spec) return [];
    return [
      ...listProblems(spec.hard, 'spec.hard'),
      ...scopeProblems(spec),
      ...selectorProblems(spec),
      ...(old && !haveSame(spec.scopes, old.spec?.scopes)
        ? [invalid(SCOPES, spec.scopes ?? [], 'field is immutable')]
        : []),
    ];
  },
  validateStatus: ({ status }) => [
    ...listProblems(status?.hard, 'status.hard'),
    ...listProblems(status?.used, 'status.used'),
  ],
};

const SCOPES = 'spec.scopes';
const SELECTOR = 'spec.scopeSelector';

function haveSame(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.every((each) => b.includes(each)) && b.every((each) => a.includes(each));
}

function listProblems(list: List = {}, path: string): Problem[] {
  return Object.entries(list).flatMap(([name, quantity]) => {
    const field = `${path}[${name}]`;
    return [...nameProblems(name, field), ...amountProblems(field, quantity, isCountedWhole(name))];
  });
}

function nameProblems(name: string, field: string): Problem[] {
  const wrong = FORMAT_CHECKS['label-key'](name);
  if (wrong) return [invalid(field, name, wrong)];
  return name.includes('/') || isQuotaResource(name)
    ? []
    : [invalid(field, name, 'must be a standard resource for quota')];
}

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const conflict = (scopes: readonly string[]): boolean =>
  OPPOSITES.some((pair) => pair.every((each) => scopes.includes(each)));

function scopeProblems({ scopes = [], hard = {} }: ResourceQuotaSpec): Problem[] {
  const say = (why: string): Problem => invalid(SCOPES, scopes, why);
  return [
    ...scopes.flatMap((scope) => [
      ...(QUOTA_SCOPES.has(scope) ? [] : [say('unsupported scope')]),
      ...misapplied(scope, hard).map(() => say('unsupported scope applied to resource')),
    ]),
    ...(conflict(scopes) ? [say('conflicting scopes')] : []),
  ];
}

const misapplied = (scope: string, hard: List): string[] =>
  Object.keys(hard).filter((name) => QUOTA_SCOPES.has(scope) && !isScopeFor(scope, name));

/** The API names the list of requirements, not the one that is wrong. */
const AT = `${SELECTOR}.matchExpressions`;

function selectorProblems({ scopeSelector, hard = {} }: ResourceQuotaSpec): Problem[] {
  const requirements = scopeSelector?.matchExpressions ?? [];
  const scopes = requirements.map(({ scopeName }) => scopeName);
  return [
    ...requirements.flatMap((each) => [
      ...(QUOTA_SCOPES.has(each.scopeName)
        ? []
        : [invalid(`${AT}.scopeName`, each.scopeName, 'unsupported scope')]),
      ...misapplied(each.scopeName, hard).map(() =>
        invalid(AT, scopeSelector, 'unsupported scope applied to resource'),
      ),
      ...requirementProblems(each),
    ]),
    ...(conflict(scopes) ? [invalid(AT, scopes, 'conflicting scopes')] : []),
  ];
}

const WITH_VALUES = new Set(['PriorityClass', 'VolumeAttributesClass']);

function requirementProblems({ scopeName, operator, values = [] }: Requirement): Problem[] {
  const isPlain = QUOTA_SCOPES.has(scopeName) && !WITH_VALUES.has(scopeName);
  return [
    ...(isPlain && operator !== 'Exists' ? [invalid(`${AT}.operator`, operator, ONLY_EXISTS)] : []),
    ...operatorProblems(operator, values),
  ];
}

const ONLY_EXISTS =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

function operatorProblems(operator: string, values: readonly string[]): Problem[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [required(`${AT}.values`, NO_VALUES)];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? [] : [invalid(`${AT}.values`, values, SOME_VALUES)];
    default:
      return [invalid(`${AT}.operator`, operator, 'not a valid selector operator')];
  }
}

const NO_VALUES =
  "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
const SOME_VALUES =
  "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
