import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { PodTemplateSpec } from '../../../generated/core/v1/types.ts';
import { jsonEqual, ownerReference, podTemplateHash } from '../../meta/index.ts';
import { newSetAnnotations, revisionOf, withReplicas } from './revision.ts';

export const HASH_LABEL = 'pod-template-hash';
const NAME_LENGTH_MAX = 253;

type Order = (a: ReplicaSet, b: ReplicaSet) => number;

export const replicasOf = ({ spec }: ReplicaSet): number => spec?.replicas ?? 1;
export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0;

/** Sums of a field of the status over ReplicaSets. */
export function totalOf(
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas',
): number {
  return sets.reduce((sum, { status }) => sum + (status?.[field] ?? 0), 0);
}

export function totalWanted(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, each) => sum + replicasOf(each), 0);
}

/**
 * Pods that the sets have or are to have. Upstream counts only what they are to have when it lets a set grow, and its
 * ReplicaSet controller has mostly shrunk another by then; here nothing runs in between, so what is still there counts.
 */
export function totalHeld(sets: readonly ReplicaSet[]): number {
  return sets.reduce(
    (sum, each) => sum + Math.max(replicasOf(each), each.status?.replicas ?? 0),
    0,
  );
}

/** Undefined as long as one that was observed says nothing about it. */
export function totalTerminating(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    const terminating = status?.terminatingReplicas;
    if (terminating === undefined && status?.observedGeneration) return undefined;
    sum += terminating ?? 0;
  }
  return sum;
}

export const byAge: Order = (a, b) =>
  compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compare(a.metadata.name ?? '', b.metadata.name ?? '');
export const bySizeThenOlder: Order = (a, b) => replicasOf(b) - replicasOf(a) || byAge(a, b);
export const bySizeThenNewer: Order = (a, b) => replicasOf(b) - replicasOf(a) || byAge(b, a);
export const byRevision: Order = (a, b) =>
  compare(revisionOf(a) ?? 0n, revisionOf(b) ?? 0n) || byAge(a, b);

/** The oldest ReplicaSet that has the Deployment's template, and all others. */
export function splitByTemplate(
  { spec }: Deployment,
  sets: readonly ReplicaSet[],
): { newSet: ReplicaSet | undefined; oldSets: ReplicaSet[] } {
  const sorted = [...sets].sort(byAge);
  const newSet = sorted.find((each) => isSameTemplate(each.spec?.template, spec?.template));
  return { newSet, oldSets: sorted.filter((each) => each !== newSet) };
}

/** Whether two templates differ in nothing but the hash label. */
export function isSameTemplate(a: PodTemplateSpec = {}, b: PodTemplateSpec = {}): boolean {
  return (
    jsonEqual(a.spec, b.spec) &&
    jsonEqual(withoutHash(a.metadata ?? {}), withoutHash(b.metadata ?? {}))
  );
}

function withoutHash(metadata: NonNullable<PodTemplateSpec['metadata']>): object {
  const { [HASH_LABEL]: _hash, ...labels } = metadata.labels ?? {};
  return { ...metadata, labels };
}

/**
 * The ReplicaSet for the Deployment's template. The template's spec stays the Deployment's own object; only its labels
 * and the selector gain the hash.
 */
export function buildNewSet(
  deployment: Deployment,
  replicas: number,
  revision: bigint,
): ReplicaSet {
  const { metadata, spec, status } = deployment;
  const template = spec?.template ?? {};
  const hash = podTemplateHash(template, status?.collisionCount ?? 0);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const selector = spec?.selector ?? {};
  const minReadySeconds = spec?.minReadySeconds ?? 0;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: nameOf(metadata.name ?? '', hash),
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      labels,
      annotations: withReplicas(newSetAnnotations(deployment, {}, revision), deployment),
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds > 0 ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function nameOf(deployment: string, hash: string): string {
  return `${deployment.slice(0, NAME_LENGTH_MAX - hash.length - 1)}-${hash}`;
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
