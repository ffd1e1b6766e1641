import type { StatefulSet, StatefulSetSpec } from '../../../generated/apps/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../meta/index.ts';
import { completeTemplate, templateProblems } from './pod-spec/index.ts';
import { forbidden, invalid, type Problem } from './problem.ts';
import { isSelectorSound, mismatchProblems } from './selectors.ts';
import type { Strategy } from './strategy.ts';

type StoredSet = StatefulSet & KubeObject;

/** StatefulSets: much of them is fixed, and each claim of theirs stands for a volume of their pods. */
export const statefulSets: Strategy<StoredSet> = {
  prepareCreate: complete,
  prepareUpdate: complete,
  validate(set, old, found) {
    const { spec } = set;
    if (!spec || spec === old?.spec) return [];
    return [
      ...selectorProblems(spec, found),
      ...podProblems(set, old, found),
      ...(old?.spec ? changeProblems(spec, old.spec) : []),
    ];
  },
};

type ClaimTemplate = NonNullable<StatefulSetSpec['volumeClaimTemplates']>[number];

const ROLLING = { type: 'RollingUpdate', rollingUpdate: {} } as const;

function complete(object: StoredSet): StoredSet {
  const set = completeTemplate(object);
  const { spec } = set;
  if (!spec) return set;
  const { updateStrategy, volumeClaimTemplates: claims } = spec;
  const isUntyped = updateStrategy !== undefined && updateStrategy.type === undefined;
  const completed = {
    ...(isUntyped ? { updateStrategy: { ...ROLLING, ...updateStrategy } } : {}),
    ...(claims?.some((claim) => completeClaim(claim) !== claim)
      ? { volumeClaimTemplates: claims.map(completeClaim) }
      : {}),
  };
  if (Object.keys(completed).length === 0) return set;
  return { ...set, spec: { ...spec, ...completed } };
}

/** A claim in a template is written down as a whole object, which waits for a volume. */
function completeClaim(claim: ClaimTemplate): ClaimTemplate {
  const { apiVersion = 'v1', kind = 'PersistentVolumeClaim', status } = claim;
  if (claim.apiVersion && claim.kind && status?.phase) return claim;
  return { ...claim, apiVersion, kind, status: { phase: 'Pending', ...status } };
}

function selectorProblems(spec: StatefulSetSpec, found: readonly Problem[]): Problem[] {
  if (!isSelectorSound('spec', found)) return [invalid('spec.selector', spec.selector, '')];
  return mismatchProblems(spec, 'spec', found);
}

/** Of the template, in which every claim that the pods get counts as a volume that they may mount. */
function podProblems(set: StoredSet, old: StoredSet | undefined, found: readonly Problem[]) {
  const pod = set.spec?.template?.spec;
  if (!pod || pod === old?.spec?.template?.spec) return [];
  const own = new Set(pod.volumes?.map(({ name }) => name));
  const volumes = (set.spec.volumeClaimTemplates ?? [])
    .flatMap(({ metadata }) => metadata?.name ?? [])
    .filter((name) => !own.has(name))
    .map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const spec = volumes.length > 0 ? { ...pod, volumes: [...(pod.volumes ?? []), ...volumes] } : pod;
  return templateProblems({ spec: { template: { spec } } }, undefined, found);
}

const MUTABLE = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

function changeProblems(spec: StatefulSetSpec, old: StatefulSetSpec): Problem[] {
  const fixed = (of: StatefulSetSpec): object =>
    Object.fromEntries(Object.entries(of).filter(([name]) => !MUTABLE.has(name)));
  if (jsonEqual(fixed(spec), fixed(old))) return [];
  return [
    forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
        "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}
