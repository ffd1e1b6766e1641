import type { Namespace, NamespaceCondition, Pod } from '../../../generated/core/v1/types.ts';
import { formatTime, parseTime, type ResourceRef, withCondition } from '../../meta/index.ts';

/** How long other API servers get to learn of the deletion before content goes. */
export const OBSERVE_MS = 5_000;
/** Assumed time until a finalizer's owner has acted. */
const FINALIZER_SECONDS = 15;

/** What one look at a resource of the namespace found. */
export interface Remains {
  readonly resource: ResourceRef;
  readonly count: number;
  /** By finalizer, how many objects carry it. */
  readonly finalizers: ReadonlyMap<string, number>;
}

/** All that one pass over the namespace found. */
export interface Findings {
  readonly remains: readonly Remains[];
  readonly errors: readonly string[];
}

type Verdict = Pick<NamespaceCondition, 'status' | 'reason' | 'message'>;

const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
const yes = (reason: string, message: string): Verdict => ({ status: 'True', reason, message });

/** The five conditions, in upstream's order, as `findings` make them; the same status when nothing would change. */
export function statusOf(
  namespace: Namespace,
  findings: Findings,
  nowMs: number,
): NonNullable<Namespace['status']> {
  const verdicts: Readonly<Record<string, Verdict>> = {
    NamespaceDeletionDiscoveryFailure: no(
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    NamespaceDeletionGroupVersionParsingFailure: no(
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    NamespaceDeletionContentFailure: contentFailure(findings.errors),
    NamespaceContentRemaining: contentRemaining(findings.remains),
    NamespaceFinalizersRemaining: finalizersRemaining(findings.remains),
  };
  const before = namespace.status ?? {};
  let conditions = before.conditions ?? [];
  for (const [type, verdict] of Object.entries(verdicts))
    conditions = withCondition(conditions, {
      type,
      ...verdict,
      lastTransitionTime: formatTime(nowMs),
    } as Required<NamespaceCondition>);
  return conditions === before.conditions ? before : { ...before, conditions };
}

function contentFailure(errors: readonly string[]): Verdict {
  if (errors.length === 0)
    return no('ContentDeleted', 'All content successfully deleted, may be waiting on finalization');
  const list = [...errors].sort().join(', ');
  return yes(
    'ContentDeletionFailed',
    `Failed to delete all resource types, ${errors.length} remaining: ${list}`,
  );
}

function contentRemaining(remains: readonly Remains[]): Verdict {
  const parts = remains
    .filter(({ count }) => count > 0)
    .map(
      ({ resource, count }) =>
        `${resource.resource}.${resource.group} has ${count} resource instances`,
    );
  if (parts.length === 0) return no('ContentRemoved', 'All content successfully removed');
  return yes('SomeResourcesRemain', `Some resources are remaining: ${parts.sort().join(', ')}`);
}

function finalizersRemaining(remains: readonly Remains[]): Verdict {
  const parts = [...countFinalizers(remains)].map(
    ([finalizer, count]) => `${finalizer} in ${count} resource instances`,
  );
  if (parts.length === 0)
    return no('ContentHasNoFinalizers', 'All content-preserving finalizers finished');
  const list = parts.sort().join(', ');
  return yes(
    'SomeFinalizersRemain',
    `Some content in the namespace has finalizers remaining: ${list}`,
  );
}

function countFinalizers(remains: readonly Remains[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const { finalizers } of remains)
    for (const [finalizer, count] of finalizers)
      total.set(finalizer, (total.get(finalizer) ?? 0) + count);
  return total;
}

/** Seconds that the pods' grace periods leave them, counted from the namespace's deletion. */
export function graceSeconds(pods: readonly Pod[], deletedAt: string, nowMs: number): number {
  let longest = 0;
  for (const { spec, status } of pods) {
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    longest = Math.max(longest, spec?.terminationGracePeriodSeconds ?? 0);
  }
  return nowMs - parseTime(deletedAt) >= longest * 1000 ? 0 : longest;
}

/** When to look again, in ms; undefined when nothing is left. Half of what is expected and a second, as upstream. */
export function lookAgainMs({ remains, errors }: Findings, grace: number): number | undefined {
  if (errors.length === 0 && !remains.some(({ count }) => count > 0)) return undefined;
  const held = remains.some(({ finalizers }) => finalizers.size > 0);
  const estimate = Math.max(grace, held ? FINALIZER_SECONDS : 0);
  return (Math.floor(estimate / 2) + 1) * 1000;
}

/** What upstream says of objects that are still there although nothing should hold them. */
export function unexpected(namespace: string, { group, version, resource }: ResourceRef): string {
  return `unexpected items still remain in namespace: ${namespace} for gvr: ${group}/${version}, Resource=${resource}`;
}
