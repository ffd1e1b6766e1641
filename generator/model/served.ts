import type { KindDescriptor, SchemaSet } from './schema.ts';

/** The versions of Kubernetes whose behaviour is modelled, the default first. */
export const KUBERNETES_VERSIONS = ['1.36', '1.28', '1.21'] as const;

export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

const known = new WeakMap<SchemaSet, Map<KubernetesVersion, SchemaSet>>();

/**
 * The schemas as a version of Kubernetes serves them: without the kinds that it does not have yet, or not any more; those in whose
 * form others are stored stay as `stored`. The same set gives the same answer, and itself where nothing is to be left out, so that what is compiled from a set is shared.
 */
export function servedAt(set: SchemaSet, version: KubernetesVersion): SchemaSet {
  const answers = known.get(set) ?? new Map<KubernetesVersion, SchemaSet>();
  known.set(set, answers);
  const answer = answers.get(version) ?? filtered(set, version);
  answers.set(version, answer);
  return answer;
}

function filtered(set: SchemaSet, version: KubernetesVersion): SchemaSet {
  const kinds = set.kinds
    .filter((kind) => isServed(kind, version))
    .map((kind) => withOlderNames(notYetDeprecated(kind, version), version));
  const isSame =
    kinds.length === set.kinds.length && kinds.every((each, at) => each === set.kinds[at]);
  if (isSame) return set;
  const needed = new Set(kinds.map(({ storageVersion, kind }) => `${storageVersion} ${kind}`));
  const isNeeded = ({ group, version: own, kind }: KindDescriptor): boolean =>
    needed.has(`${group === '' ? own : `${group}/${own}`} ${kind}`);
  const stored = set.kinds.filter((kind) => !isServed(kind, version) && isNeeded(kind));
  return { ...set, kinds, ...(stored.length > 0 ? { stored } : {}) };
}

function isServed({ servedFrom, servedUntil }: KindDescriptor, version: string): boolean {
  const at = minorOf(version);
  return (
    (servedFrom === undefined || minorOf(servedFrom) <= at) &&
    (servedUntil === undefined || at < minorOf(servedUntil))
  );
}

/** Before its time, a deprecation is nothing that the server knows of. */
function notYetDeprecated(kind: KindDescriptor, version: string): KindDescriptor {
  const { deprecated, ...rest } = kind;
  return deprecated && minorOf(deprecated.since) > minorOf(version) ? rest : kind;
}

function withOlderNames(kind: KindDescriptor, version: string): KindDescriptor {
  const { nameFormatBefore: before } = kind;
  return before && minorOf(version) < minorOf(before.version)
    ? { ...kind, nameFormat: before.format }
    : kind;
}

/** `1.36` → 36. */
export const minorOf = (version: string): number => Number(version.split('.')[1]);
