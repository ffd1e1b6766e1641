import type { Namespace, Pod } from '../../../../generated/core/v1/types.ts';
import { controllerOf, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import type { Problem } from '../../strategies/problem.ts';
import { violations } from './evaluate.ts';
import { compareLevels, levelText, policyOf } from './policy.ts';

type StoredNamespace = Namespace & KubeObject;
type StoredPod = Pod & KubeObject;

/** Pods of a namespace that are looked at when it becomes stricter. */
const PODS_MAX = 3000;
const NONE: readonly string[] = [];

/** Labels that mean nothing; those that are there already may stay. */
export function namespaceProblems(
  { metadata }: StoredNamespace,
  old: StoredNamespace | undefined,
): readonly Problem[] {
  if (old && old.metadata.labels === metadata.labels) return [];
  const { problems } = policyOf(metadata.labels);
  const before = old ? policyOf(old.metadata.labels).problems : [];
  return jsonEqual(problems, before) ? [] : problems;
}

/** Of pods that a namespace would not take any more, once it enforces more than before. */
export function namespaceWarnings(
  { metadata }: StoredNamespace,
  old: StoredNamespace,
  core: Core,
): readonly string[] {
  if (old.metadata.labels === metadata.labels) return NONE;
  const { enforce: now } = policyOf(metadata.labels).policy;
  const { enforce: before } = policyOf(old.metadata.labels).policy;
  const isLooser =
    now.level === 'privileged' ||
    (now.minor === before.minor && compareLevels(now.level, before.level) <= 0);
  if (isLooser) return NONE;
  const namespace = metadata.name ?? '';
  const pods = firstOfEach(core.kindById('pods')!.cache.list(namespace) as StoredPod[]);
  const names = new Map<string, string[]>();
  for (const { metadata: about, spec } of pods.slice(0, PODS_MAX)) {
    const { reasons } = spec ? violations(now, about, spec) : { reasons: '' };
    if (reasons !== '') names.set(reasons, [...(names.get(reasons) ?? []), about.name ?? '']);
  }
  const checked =
    pods.length > PODS_MAX
      ? [
          `new PodSecurity enforce level only checked against the first ${PODS_MAX} of ${pods.length} existing pods`,
        ]
      : [];
  if (names.size === 0) return checked;
  const head = `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${levelText(now)}"`;
  return [...checked, head, ...[...names].map(lineOf).sort()];
}

function lineOf([reasons, names]: readonly [string, readonly string[]]): string {
  const [first] = [...names].sort();
  const others = names.length - 1;
  if (others === 0) return `${first}: ${reasons}`;
  return `${first} (and ${others} other pod${others === 1 ? '' : 's'}): ${reasons}`;
}

/** One pod of every controller before the rest: they are likely to be alike. */
function firstOfEach(pods: readonly StoredPod[]): StoredPod[] {
  const seen = new Set<string>();
  const [first, rest]: [StoredPod[], StoredPod[]] = [[], []];
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid;
    if (uid !== undefined && seen.has(uid)) rest.push(pod);
    else first.push(pod);
    if (uid !== undefined) seen.add(uid);
  }
  return [...first, ...rest];
}
