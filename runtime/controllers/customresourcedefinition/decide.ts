import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../../generated/apiextensions/v1/types.ts';
import { conditionOf, formatTime, isConditionTrue, withCondition } from '../../meta/index.ts';

/** Holds a definition until all objects of its kind are gone. */
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

const NONE: CustomResourceDefinitionNames = { plural: '', kind: '' };

/** Names that other definitions of a group have. */
export interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

export function takenNames(others: readonly CustomResourceDefinition[]): TakenNames {
  const names = others.map(({ status }) => status?.acceptedNames ?? NONE);
  return {
    resources: new Set(
      names.flatMap(({ plural, singular = '', shortNames = [] }) => [
        plural,
        singular,
        ...shortNames,
      ]),
    ),
    kinds: new Set(names.flatMap(({ kind, listKind = '' }) => [kind, listKind])),
  };
}

interface Claim {
  readonly names: CustomResourceDefinitionNames;
  /** The last name that is taken already, and which it is. */
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

/** The names that a definition gets: each that it wants and nobody has, and those that it had for the others. */
function claim(definition: CustomResourceDefinition, taken: TakenNames): Claim {
  const wanted = (definition.spec?.names ?? NONE) as CustomResourceDefinitionNames;
  const had = definition.status?.acceptedNames ?? NONE;
  let conflict: Claim['conflict'];
  const pick = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    used: ReadonlySet<string>,
  ): string | undefined => {
    const name = wanted[field] ?? '';
    if (name === (had[field] ?? '') || !used.has(name)) return wanted[field];
    const reason = `${field.charAt(0).toUpperCase()}${field.slice(1)}Conflict`;
    conflict = { reason, message: inUse(name) };
    return had[field];
  };
  const plural = pick('plural', taken.resources) ?? '';
  const singular = pick('singular', taken.resources);
  const lost = (wanted.shortNames ?? []).filter(
    (name) => !had.shortNames?.includes(name) && taken.resources.has(name),
  );
  if (lost.length > 0) {
    const texts = lost.map(inUse);
    const message = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
    conflict = { reason: 'ShortNamesConflict', message };
  }
  const shortNames = lost.length > 0 ? had.shortNames : wanted.shortNames;
  const kind = pick('kind', taken.kinds) ?? '';
  const listKind = pick('listKind', taken.kinds);
  const names = {
    plural,
    kind,
    ...(singular ? { singular } : {}),
    ...(shortNames ? { shortNames } : {}),
    ...(listKind ? { listKind } : {}),
    ...(wanted.categories ? { categories: wanted.categories } : {}),
  };
  return { names, conflict };
}

const inUse = (name: string): string => `${JSON.stringify(name)} is already in use`;

/** The status once the names have been looked at. */
export function named(
  definition: CustomResourceDefinition,
  taken: TakenNames,
  nowMs: number,
): CustomResourceDefinitionStatus {
  const { names, conflict } = claim(definition, taken);
  const conditions = withCondition(
    definition.status?.conditions,
    condition('NamesAccepted', nowMs, {
      status: conflict ? 'False' : 'True',
      reason: conflict?.reason ?? 'NoConflicts',
      message: conflict?.message ?? 'no conflicts found',
    }),
  );
  const established = conditionOf(conditions, 'Established');
  const next =
    established?.status === 'True'
      ? conditions
      : withCondition(conditions, establishing(nowMs, conflict === undefined));
  return { ...definition.status, acceptedNames: names, conditions: next };
}

function establishing(nowMs: number, isAccepted: boolean): CustomResourceDefinitionCondition {
  return condition('Established', nowMs, {
    status: 'False',
    reason: isAccepted ? 'Installing' : 'NotAccepted',
    message: isAccepted ? 'the initial names have been accepted' : 'not all names are accepted',
  });
}

/** The status of a definition whose names have been accepted: it is served from here on. */
export function established(
  { status }: CustomResourceDefinition,
  nowMs: number,
): CustomResourceDefinitionStatus | undefined {
  const isDue =
    isConditionTrue(status?.conditions, 'NamesAccepted') &&
    !isConditionTrue(status?.conditions, 'Established');
  if (!isDue) return undefined;
  const conditions = withCondition(
    status?.conditions,
    condition('Established', nowMs, {
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    }),
  );
  return { ...status, conditions };
}

type Said = Pick<CustomResourceDefinitionCondition, 'status' | 'reason' | 'message'>;

/** How far the deletion of the objects has come. */
export const DELETING: Readonly<Record<'begun' | 'done' | 'never', Said>> = {
  begun: {
    status: 'True',
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  },
  done: {
    status: 'False',
    reason: 'InstanceDeletionCompleted',
    message: 'removed all instances',
  },
  never: {
    status: 'False',
    reason: 'NeverEstablished',
    message: 'resource was never established',
  },
};

export const failed = (errors: readonly string[]): Said => ({
  status: 'True',
  reason: 'InstanceDeletionFailed',
  message: `could not issue all deletes: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`,
});

export function terminating(
  { status }: CustomResourceDefinition,
  said: Said,
  nowMs: number,
): CustomResourceDefinitionStatus {
  return {
    ...status,
    conditions: withCondition(status?.conditions, condition('Terminating', nowMs, said)),
  };
}

function condition(type: string, nowMs: number, said: Said): CustomResourceDefinitionCondition {
  return { type, ...said, lastTransitionTime: formatTime(nowMs) };
}
