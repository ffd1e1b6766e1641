import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { maxReplicas, wantedReplicas } from './strategy.ts';

type Annotations = Readonly<Record<string, string>>;

const PREFIX = 'deployment.kubernetes.io';
export const REVISION = `${PREFIX}/revision`;
export const REVISION_HISTORY = `${PREFIX}/revision-history`;
export const DESIRED_REPLICAS = `${PREFIX}/desired-replicas`;
export const MAX_REPLICAS = `${PREFIX}/max-replicas`;

const HISTORY_LENGTH_MAX = 2000;
const WHOLE = /^[+-]?\d+$/;

/** What a ReplicaSet does not take over from its Deployment. */
const OWN: ReadonlySet<string> = new Set([
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
]);

/** 0 without a revision, undefined when it is no number of 64 bits. */
export function revisionOf({ metadata }: ReplicaSet): bigint | undefined {
  return revisionIn(metadata.annotations?.[REVISION]);
}

function revisionIn(text = '0'): bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  const revision = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, revision) === revision ? revision : undefined;
}

/** The revision that comes after those of `old`. */
export function nextRevision(old: readonly ReplicaSet[]): bigint {
  let max = 0n;
  for (const each of old) {
    const revision = revisionOf(each) ?? 0n;
    if (revision > max) max = revision;
  }
  return max + 1n;
}

/**
 * The annotations of the ReplicaSet that has the Deployment's template: the Deployment's own, and at least `revision`. One
 * that had a revision before is being rolled back to, and keeps the old number in its history. Never a lower revision:
 * old ReplicaSets may have been removed. The same value when nothing changes.
 */
export function newSetAnnotations(
  deployment: Deployment,
  annotations: Annotations,
  revision: bigint,
): Annotations {
  const next: Record<string, string> = { ...annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!OWN.has(key)) next[key] = value;
  const before = annotations[REVISION];
  const beforeNumber = revisionIn(before);
  if (beforeNumber !== undefined && beforeNumber < revision) {
    next[REVISION] = String(revision);
    if (before !== undefined) noteHistory(next, before);
  }
  return isSame(annotations, next) ? annotations : next;
}

export function withReplicas(annotations: Annotations, deployment: Deployment): Annotations {
  const desired = String(wantedReplicas(deployment));
  const max = String(maxReplicas(deployment));
  const same = annotations[DESIRED_REPLICAS] === desired && annotations[MAX_REPLICAS] === max;
  return same ? annotations : { ...annotations, [DESIRED_REPLICAS]: desired, [MAX_REPLICAS]: max };
}

/** A number that an annotation of the ReplicaSet holds. */
export function annotatedNumber({ metadata }: ReplicaSet, key: string): number | undefined {
  const text = metadata.annotations?.[key];
  return text === undefined ? undefined : whole(text);
}

/** Appends `revision` to the history, dropping the oldest entries when it grows too long. */
function noteHistory(annotations: Record<string, string>, revision: string): void {
  const history = annotations[REVISION_HISTORY];
  const entries = history ? [...history.split(','), revision] : [revision];
  while (entries.length > 1 && entries.join(',').length > HISTORY_LENGTH_MAX) entries.shift();
  annotations[REVISION_HISTORY] = entries.join(',');
}

function whole(text: string): number | undefined {
  return WHOLE.test(text) ? Number(text) : undefined;
}

function isSame(a: Annotations, b: Annotations): boolean {
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every((key) => a[key] === b[key]);
}
