import type {
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
} from '../../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import {
  CLASS_ANNOTATION,
  compareQuantities,
  jsonEqual,
  type KubeObject,
} from '../../../meta/index.ts';
import { amount } from '../pod-spec/index.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { nonnegativeProblems, positiveProblems } from './amounts.ts';

type StoredClaim = PersistentVolumeClaim & KubeObject;
type Spec = PersistentVolumeClaimSpec;

/** PersistentVolumeClaims: once made, bound to one volume; then only its size and attributes may change. */
export const persistentVolumeClaims: Strategy<StoredClaim> = {
  returnsDeleted: true,
  prepareCreate: (claim) => ({
    ...claim,
    ...(claim.spec ? { spec: withSources(claim.spec, undefined) } : {}),
    status: { phase: 'Pending' },
  }),
  prepareUpdate(claim, old) {
    if (!claim.spec || claim.spec === old.spec) return claim;
    return { ...claim, spec: withSources(claim.spec, old.spec) };
  },
  validate(claim, old) {
    const { spec = {} } = claim;
    if (old && spec === old.spec) return [];
    return [...claimSpecProblems(spec, 'spec'), ...(old ? changeProblems(claim, old) : [])];
  },
  validateStatus: ({ status }) =>
    Object.entries(status?.capacity ?? {}).flatMap(([name, quantity]) =>
      nonnegativeProblems(quantity, `status.capacity[${name}]`),
    ),
};

/**
 * `dataSource` and `dataSourceRef` say the same. The older field knows claims and snapshots only: any other object in it is as
 * good as none, unless it is stored already.
 */
function withSources(spec: Spec, old: Spec | undefined): Spec {
  const { dataSource, dataSourceRef, ...rest } = spec;
  const wasUsed = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  const source = dataSource && (wasUsed || isClassic(dataSource)) ? dataSource : undefined;
  if (source && !dataSourceRef) return { ...rest, dataSource: source, dataSourceRef: source };
  if (dataSourceRef && !source && !dataSourceRef.namespace) {
    const { namespace: _, ...local } = dataSourceRef;
    return { ...rest, dataSource: local, dataSourceRef };
  }
  return source === dataSource ? spec : { ...rest, ...(dataSourceRef ? { dataSourceRef } : {}) };
}

function isClassic({ apiGroup = '', kind }: NonNullable<Spec['dataSource']>): boolean {
  if (kind === 'PersistentVolumeClaim') return apiGroup === '';
  return kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io';
}

/** Of a claim's spec, also in the template of a volume that lives with its pod. */
function claimSpecProblems(spec: Spec, path: string): Problem[] {
  const { dataSource, dataSourceRef, resources } = spec;
  const storage = resources?.requests?.storage;
  const isDivided = dataSource && dataSourceRef && !isSameObject(dataSource, dataSourceRef);
  return [
    ...(storage === undefined ? [] : positiveProblems(storage, `${path}.resources[storage]`)),
    ...(dataSource ? sourceProblems(dataSource, `${path}.dataSource`) : []),
    ...(dataSourceRef ? sourceProblems(dataSourceRef, `${path}.dataSourceRef`) : []),
    ...(isDivided ? [invalid(path, `${path}.dataSource`, 'must match dataSourceRef')] : []),
  ];
}

type Source = NonNullable<Spec['dataSourceRef']>;

function isSameObject(a: NonNullable<Spec['dataSource']>, b: Source): boolean {
  return !b.namespace && a.kind === b.kind && a.name === b.name && a.apiGroup === b.apiGroup;
}

function sourceProblems({ apiGroup = '', kind }: Source, path: string): Problem[] {
  const wrong = apiGroup && FORMAT_CHECKS['dns-subdomain'](apiGroup);
  return [
    ...(apiGroup === '' && kind && kind !== 'PersistentVolumeClaim'
      ? [
          invalid(
            path,
            kind,
            "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
          ),
        ]
      : []),
    ...(wrong ? [invalid(`${path}.apiGroup`, apiGroup, wrong)] : []),
  ];
}

const SIZE = 'spec.resources.requests.storage';
const ATTRIBUTES = 'spec.volumeAttributesClassName';

function changeProblems(claim: StoredClaim, old: StoredClaim): Problem[] {
  const [spec, before] = [claim.spec ?? {}, old.spec ?? {}];
  const size = amount(spec.resources?.requests?.storage ?? '0');
  const sizeBefore = amount(before.resources?.requests?.storage ?? '0');
  const sizeNow = amount(old.status?.capacity?.storage ?? '0');
  const isTooSmall =
    compareQuantities(size, sizeBefore) < 0 && compareQuantities(size, sizeNow) <= 0;
  const { volumeAttributesClassName: attributes } = spec;
  return [
    ...(jsonEqual(asBefore(claim, old), before)
      ? []
      : [
          forbidden(
            'spec',
            'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
          ),
        ]),
    ...(isTooSmall ? [forbidden(SIZE, 'field can not be less than status.capacity')] : []),
    ...(spec.volumeMode === before.volumeMode
      ? []
      : [invalid('volumeMode', spec.volumeMode, 'field is immutable')]),
    ...(before.volumeAttributesClassName && !attributes
      ? [forbidden(ATTRIBUTES, 'update from non-empty value to empty is forbidden')]
      : []),
  ];
}

/** The spec with what may change put back to what it was: a volume and a class may be named once, a bound claim may grow. */
function asBefore({ spec = {}, status }: StoredClaim, old: StoredClaim): Spec {
  const { spec: before = {}, metadata } = old;
  const { volumeName, volumeAttributesClassName: _, storageClassName, ...rest } = spec;
  const storage = before.resources?.requests?.storage;
  const requests = { ...spec.resources?.requests, ...(storage === undefined ? {} : { storage }) };
  const isBound = status?.phase === 'Bound' && spec.resources?.requests !== undefined;
  const annotated = metadata.annotations?.[CLASS_ANNOTATION];
  const keepsClass =
    before.storageClassName !== undefined ||
    (annotated !== undefined && annotated !== storageClassName);
  return defined<Spec>({
    ...rest,
    ...(isBound ? { resources: { ...spec.resources, requests } } : {}),
    volumeName: before.volumeName === undefined ? undefined : volumeName,
    storageClassName: keepsClass ? storageClassName : undefined,
    volumeAttributesClassName: before.volumeAttributesClassName,
  });
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
