import { describe, expect, it } from 'vitest';
import type { Namespace, Pod } from '../../../generated/core/v1/types.ts';
import type { ResourceRef } from '../../meta/index.ts';
import { type Findings, graceSeconds, lookAgainMs, type Remains, statusOf } from './decide.ts';

const ref = (resource: string, group = ''): ResourceRef => ({
  group,
  version: 'v1',
  resource,
  kind: resource,
  namespaced: true,
});
const namespace: Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop' },
  status: { phase: 'Terminating' },
};
const NOW = Date.UTC(2026, 0, 1);

function left(
  resource: ResourceRef,
  count: number,
  finalizers: Record<string, number> = {},
): Remains {
  return { resource, count, finalizers: new Map(Object.entries(finalizers)) };
}

function said(findings: Findings): Record<string, string> {
  const { conditions = [] } = statusOf(namespace, findings, NOW);
  return Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [
      type,
      `${status} ${reason}: ${message}`,
    ]),
  );
}

describe('the conditions of a namespace that goes', () => {
  it('say what holds it', () => {
    const findings = {
      remains: [
        left(ref('configmaps'), 1, { 'example.com/hold': 1 }),
        left(ref('secrets'), 0),
        left(ref('deployments', 'apps'), 2, { 'example.com/hold': 1, other: 2 }),
      ],
      errors: [],
    };
    expect(said(findings)).toEqual({
      NamespaceDeletionDiscoveryFailure:
        'False ResourcesDiscovered: All resources successfully discovered',
      NamespaceDeletionGroupVersionParsingFailure:
        'False ParsedGroupVersions: All legacy kube types successfully parsed',
      NamespaceDeletionContentFailure:
        'False ContentDeleted: All content successfully deleted, may be waiting on finalization',
      NamespaceContentRemaining:
        'True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances, deployments.apps has 2 resource instances',
      NamespaceFinalizersRemaining:
        'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances, other in 2 resource instances',
    });
  });

  it('say that nothing holds it', () => {
    expect(said({ remains: [left(ref('pods'), 0)], errors: [] })).toMatchObject({
      NamespaceContentRemaining: 'False ContentRemoved: All content successfully removed',
      NamespaceFinalizersRemaining:
        'False ContentHasNoFinalizers: All content-preserving finalizers finished',
    });
  });

  it('list what could not be deleted', () => {
    expect(said({ remains: [], errors: ['b', 'a'] })).toMatchObject({
      NamespaceDeletionContentFailure:
        'True ContentDeletionFailed: Failed to delete all resource types, 2 remaining: a, b',
    });
  });

  it('are the same status when a second look finds the same', () => {
    const findings = { remains: [left(ref('configmaps'), 1)], errors: [] };
    const status = statusOf(namespace, findings, NOW);
    expect(statusOf({ ...namespace, status }, findings, NOW + 5000)).toBe(status);
  });
});

describe('the wait for the next look', () => {
  const pods = (...graces: number[]): Pod[] =>
    graces.map(
      (terminationGracePeriodSeconds) =>
        ({ metadata: {}, spec: { terminationGracePeriodSeconds } }) as unknown as Pod,
    );

  it('is half of the longest grace period and a second', () => {
    const grace = graceSeconds(pods(5, 30), '2026-01-01T00:00:00Z', NOW + 10_000);
    expect(grace).toBe(30);
    expect(lookAgainMs({ remains: [left(ref('pods'), 2)], errors: [] }, grace)).toBe(16_000);
  });

  it('counts the grace period from the deletion of the namespace', () => {
    expect(graceSeconds(pods(30), '2026-01-01T00:00:00Z', NOW + 30_000)).toBe(0);
  });

  it('gives finalizers fifteen seconds', () => {
    expect(lookAgainMs({ remains: [left(ref('configmaps'), 1, { x: 1 })], errors: [] }, 0)).toBe(
      8_000,
    );
  });

  it('is over when nothing is left, and not while something fails', () => {
    expect(lookAgainMs({ remains: [left(ref('pods'), 0)], errors: [] }, 0)).toBeUndefined();
    expect(lookAgainMs({ remains: [], errors: ['x'] }, 0)).toBe(1_000);
  });
});
