import type {
  MutatingWebhook,
  RuleWithOperations,
  ValidatingWebhook,
} from '../../../../generated/admissionregistration/v1/types.ts';
import { forbidden, isApiError, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { about, type ServedKind } from '../../kind.ts';
import { BY_RESOURCE } from '../../strategies/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';
import { isExempt, namesOf, selectsNamespace, selectsObject } from '../policies/matching.ts';
import { meetsConditions, scopeOf, textOf } from '../policies/scope.ts';
import { type Reviewed, reviewedIn } from './reviewed.ts';

export type AnyWebhook = MutatingWebhook | ValidatingWebhook;

/** A webhook of a configuration. */
export interface Hook<W extends AnyWebhook> {
  readonly configuration: string;
  readonly at: number;
  readonly webhook: W;
}

/** Webhooks whose rules may mean a request, in their order: by the names of configurations, and as those list them. */
export function hooksOf<W extends AnyWebhook>(
  resource: string,
  attributes: AdmissionAttributes,
  core: Core,
): readonly Hook<W>[] {
  if (!core.kindById(resource)?.cache.size || isExempt(attributes)) return NONE;
  const found = new Map<string, readonly W[]>();
  for (const name of namesOf(attributes))
    for (const each of core.byIndex(resource, BY_RESOURCE, name)) {
      const { webhooks = [] } = each as KubeObject & { readonly webhooks?: readonly W[] };
      found.set(each.metadata.name ?? '', webhooks);
    }
  const names = [...found.keys()].sort();
  return names.flatMap((configuration) =>
    found.get(configuration)!.map((webhook, at) => ({ configuration, at, webhook })),
  );
}

const NONE: readonly never[] = [];

/**
 * The form in which a webhook is to be asked about a request; undefined where it is not to be. Throws a refusal where its conditions
 * cannot be evaluated and it must not be done without.
 */
export function matchedBy(
  webhook: AnyWebhook,
  attributes: AdmissionAttributes,
  core: Core,
): Reviewed | undefined {
  if (!selectsNamespace(webhook, attributes, core)) return undefined;
  if (!selectsObject(webhook, attributes)) return undefined;
  const seen = versionFor(webhook, attributes, core);
  if (!seen) return undefined;
  const reviewed = reviewedIn(seen, attributes);
  return isConditionMet(webhook, attributes, reviewed, core) ? reviewed : undefined;
}

function isConditionMet(
  { matchConditions = [], failurePolicy }: AnyWebhook,
  attributes: AdmissionAttributes,
  reviewed: Reviewed,
  core: Core,
): boolean {
  if (matchConditions.length === 0) return true;
  const { kind, name } = attributes;
  try {
    return meetsConditions(
      matchConditions,
      scopeOf(attributes, undefined, [], core, reviewed.show),
    );
  } catch (error) {
    if (isApiError(error)) throw error;
    if (failurePolicy === 'Ignore') return false;
    throw forbidden(about(kind, name), textOf(error));
  }
}

/** The request's own version of the resource where a rule means it, else the first of the others that one means. */
function versionFor(
  { rules = [], matchPolicy }: AnyWebhook,
  attributes: AdmissionAttributes,
  core: Core,
): ServedKind | undefined {
  const { kind } = attributes;
  const likely = rules.filter((rule) => mayMean(rule, attributes));
  if (likely.length === 0) return undefined;
  if (likely.some((rule) => isVersionOf(rule, kind))) return kind;
  if (matchPolicy === 'Exact') return undefined;
  const others = equivalents(kind, core);
  for (const rule of likely) for (const other of others) if (isVersionOf(rule, other)) return other;
  return undefined;
}

const includes = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((each) => each === '*' || each === value) ?? false;

/** Whether a rule means a request but for group and version. */
function mayMean(
  { operations, resources, scope = '*' }: RuleWithOperations,
  attributes: AdmissionAttributes,
): boolean {
  const { kind, operation } = attributes;
  const ownScope = kind.descriptor.namespaced ? 'Namespaced' : 'Cluster';
  return (
    includes(operations, operation) &&
    (scope === '*' || scope === ownScope) &&
    namesOf(attributes).some((each) => resources?.includes(each))
  );
}

function isVersionOf({ apiGroups, apiVersions }: RuleWithOperations, kind: ServedKind): boolean {
  const { group, version } = (kind.version?.face ?? kind).descriptor;
  return includes(apiGroups, group) && includes(apiVersions, version);
}

/** The resource in all versions in which it is served, in whatever groups, but the one of `kind`. */
function equivalents(kind: ServedKind, core: Core): readonly ServedKind[] {
  const own = (kind.version?.face ?? kind).descriptor;
  const stored = own.storageVersion ?? apiVersionOf(own);
  return core.schemas.kinds
    .filter(
      (each) =>
        each.kind === own.kind &&
        each.plural === own.plural &&
        (each.storageVersion ?? apiVersionOf(each)) === stored &&
        apiVersionOf(each) !== apiVersionOf(own),
    )
    .map(({ group, version, plural }) => core.kindOf({ group, version, resource: plural }));
}

const apiVersionOf = ({ group, version }: { readonly group: string; readonly version: string }) =>
  group === '' ? version : `${group}/${version}`;
