import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HASH_LABEL } from './replica-sets.ts';
import { DESIRED_REPLICAS, MAX_REPLICAS, REVISION, REVISION_HISTORY } from './revision.ts';
import { deploymentOf, FakeRollout, type Shape, templateOf } from './rollout.fakes.ts';
import { maxReplicas, maxSurge, maxUnavailable, minAvailable } from './strategy.ts';

function rolledOut(shape: Shape = {}): FakeRollout {
  const rollout = new FakeRollout(deploymentOf(shape));
  rollout.finish();
  rollout.scalings.length = 0;
  return rollout;
}

describe('surge and unavailability', () => {
  it.each([
    [10, '25%', '25%', 3, 2],
    [1, '25%', '25%', 1, 0],
    [4, 0, 0, 0, 1],
    [4, '0%', '0%', 0, 1],
    [3, 5, 9, 5, 3],
    [0, '50%', '50%', 0, 0],
  ])('of %i with %s and %s are %i and %i', (replicas, surge, unavailable, ...expected) => {
    const deployment = deploymentOf({ replicas, maxSurge: surge, maxUnavailable: unavailable });
    expect([maxSurge(deployment), maxUnavailable(deployment)]).toEqual(expected);
  });
});

describe('a new Deployment', () => {
  it('gets a ReplicaSet whose pods share its template', () => {
    const rollout = new FakeRollout(deploymentOf());
    const { create, revision, status } = rollout.step();
    const hash = create?.metadata.labels?.[HASH_LABEL];
    expect(create?.metadata.name).toBe(`web-${hash}`);
    expect(create?.metadata.annotations).toEqual({
      [REVISION]: '1',
      [DESIRED_REPLICAS]: '3',
      [MAX_REPLICAS]: '4',
    });
    expect(create?.spec?.selector.matchLabels).toEqual({ app: 'web', [HASH_LABEL]: hash });
    expect(create?.spec?.template?.metadata?.labels).toEqual({ app: 'web', [HASH_LABEL]: hash });
    expect(create?.spec?.template?.spec).toBe(rollout.deployment.spec?.template.spec);
    expect(revision).toBe('1');
    expect(status.conditions?.map(({ type, reason, message }) => [type, reason, message])).toEqual([
      ['Progressing', 'NewReplicaSetCreated', `Created new replica set "web-${hash}"`],
      ['Available', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'],
    ]);
  });

  it('is complete when all its pods are available', () => {
    const rollout = new FakeRollout(deploymentOf());
    rollout.step();
    expect(rollout.step().deadlineMs).toBe(rollout.nowMs + 601_000);
    rollout.run(rollout.set('app:1').metadata.name ?? '', 1);
    rollout.step();
    expect(rollout.progressing()).toBe('ReplicaSetUpdated');
    rollout.finish();
    expect(rollout.deployment.status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    });
    expect(rollout.deployment.status).not.toHaveProperty('unavailableReplicas');
    expect(rollout.progressing()).toBe('NewReplicaSetAvailable');
    expect(rollout.step().deadlineMs).toBeUndefined();
  });
});

describe('a rolling update', () => {
  it('with no surge first takes an old pod away', () => {
    const rollout = rolledOut({ replicas: 4, maxSurge: 0, maxUnavailable: 1 });
    rollout.change({ template: templateOf('app:2') });
    rollout.step();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([3, 0]);
    rollout.finish();
    const [old, fresh] = [rollout.set('app:1'), rollout.set('app:2')].map(
      ({ metadata }) => metadata.name,
    );
    expect(rollout.scalings).toEqual([
      `${old} 4->3`,
      `${fresh} 0->1`,
      `${old} 3->2`,
      `${fresh} 1->2`,
      `${old} 2->1`,
      `${fresh} 2->3`,
      `${old} 1->0`,
      `${fresh} 3->4`,
    ]);
  });

  it('takes broken pods of old ReplicaSets away first', () => {
    const rollout = rolledOut({ replicas: 10, maxSurge: 3, maxUnavailable: 2 });
    rollout.change({ template: templateOf('app:2') });
    rollout.step();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([8, 3]);
    rollout.run(rollout.set('app:1').metadata.name ?? '', 5);
    rollout.run(rollout.set('app:2').metadata.name ?? '', 3);
    rollout.step();
    rollout.step();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([5, 5]);
  });

  it('never has more pods or fewer available ones than allowed, and ends', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('0%', '25%', '60%', '100%'),
    );
    const property = fc.property(
      fc.integer({ min: 1, max: 12 }),
      amount,
      amount,
      fc.array(fc.tuple(fc.constantFrom('app:1', 'app:2', 'app:3'), fc.nat(12)), { maxLength: 40 }),
      fc.nat(40),
      (replicas, surge, unavailable, moves, turn) => {
        const rollout = rolledOut({ replicas, maxSurge: surge, maxUnavailable: unavailable });
        const { deployment } = rollout;
        const check = (): void => {
          const sizes = rollout.sets.map(({ spec }) => spec?.replicas ?? 0);
          const available = rollout.sets.map(({ spec, status }) =>
            Math.min(spec?.replicas ?? 0, status?.availableReplicas ?? 0),
          );
          expect(sum(sizes)).toBeLessThanOrEqual(maxReplicas(deployment));
          expect(sum(available)).toBeGreaterThanOrEqual(minAvailable(deployment));
        };
        rollout.change({ template: templateOf('app:2') });
        for (const [at, [image, available]] of moves.entries()) {
          if (at === turn) rollout.change({ template: templateOf('app:3') });
          rollout.step();
          check();
          const set = rollout.sets.find(
            ({ spec }) => spec?.template?.spec?.containers[0]?.image === image,
          );
          const now = set?.status?.availableReplicas ?? 0;
          if (set) rollout.run(set.metadata.name ?? '', Math.max(now, available));
          check();
        }
        rollout.finish();
        const image = turn < moves.length ? 'app:3' : 'app:2';
        expect(rollout.size(image)).toBe(replicas);
        expect(sum(rollout.sets.map(({ spec }) => spec?.replicas ?? 0))).toBe(replicas);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});

describe('revisions', () => {
  it('make an old ReplicaSet the new one again, with its history', () => {
    const rollout = rolledOut();
    rollout.change({ template: templateOf('app:2') });
    rollout.finish();
    rollout.change({ template: templateOf('app:1') });
    rollout.finish();
    expect(rollout.sets).toHaveLength(2);
    expect(rollout.set('app:1').metadata.annotations).toMatchObject({
      [REVISION]: '3',
      [REVISION_HISTORY]: '1',
    });
    expect(rollout.deployment.metadata.annotations?.[REVISION]).toBe('3');
    expect(rollout.size('app:1')).toBe(3);
    rollout.change({ template: templateOf('app:2') });
    rollout.finish();
    rollout.change({ template: templateOf('app:1') });
    rollout.finish();
    expect(rollout.set('app:1').metadata.annotations?.[REVISION_HISTORY]).toBe('1,3');
  });

  it('keep as many empty ReplicaSets as the history allows', () => {
    const rollout = rolledOut({ spec: { revisionHistoryLimit: 2 } });
    for (const image of ['app:2', 'app:3', 'app:4', 'app:5']) {
      rollout.change({ template: templateOf(image) });
      rollout.finish();
    }
    const revisions = rollout.sets.map(({ metadata }) => metadata.annotations?.[REVISION]);
    expect(revisions).toEqual(['3', '4', '5']);
  });

  it('hand on the annotations of the Deployment, apart from its own', () => {
    const rollout = rolledOut();
    rollout.deployment = {
      ...rollout.deployment,
      metadata: { ...rollout.deployment.metadata, annotations: { [REVISION]: '1', note: 'why' } },
    };
    rollout.step();
    expect(rollout.set('app:1').metadata.annotations).toMatchObject({
      [REVISION]: '1',
      note: 'why',
    });
  });
});

describe('a paused Deployment', () => {
  it('is scaled but not rolled, and goes on when resumed', () => {
    const rollout = rolledOut({ replicas: 2 });
    rollout.change({ paused: true, template: templateOf('app:2'), replicas: 4 });
    rollout.finish();
    expect(rollout.sets.map(({ spec }) => spec?.replicas)).toEqual([4]);
    expect(rollout.progressing()).toBe('DeploymentPaused');
    expect(rollout.deployment.status).not.toHaveProperty('updatedReplicas');
    expect(rollout.deployment.metadata.annotations?.[REVISION]).toBe('1');
    rollout.change({ paused: false });
    rollout.step();
    expect(rollout.progressing()).toBe('NewReplicaSetCreated');
    rollout.finish();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([0, 4]);
  });

  it('in the middle of a rollout is scaled in proportion', () => {
    const rollout = rolledOut({ replicas: 10, maxSurge: 3, maxUnavailable: 2 });
    rollout.change({ template: templateOf('app:2') });
    rollout.step();
    rollout.run(rollout.set('app:1').metadata.name ?? '', 8);
    rollout.run(rollout.set('app:2').metadata.name ?? '', 0);
    rollout.step();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([8, 5]);
    rollout.change({ replicas: 20, paused: true });
    rollout.step();
    expect([rollout.size('app:1'), rollout.size('app:2')]).toEqual([14, 9]);
  });
});

describe('recreation', () => {
  it('waits until the last old pod is gone', () => {
    const rollout = rolledOut({ spec: { strategy: { type: 'Recreate' } } });
    rollout.change({ template: templateOf('app:2') });
    rollout.step();
    expect(rollout.sets.map(({ spec }) => spec?.replicas)).toEqual([0]);
    rollout.step();
    expect(rollout.sets).toHaveLength(1);
    rollout.run(rollout.set('app:1').metadata.name ?? '', 0);
    rollout.lingering = true;
    rollout.step();
    expect(rollout.sets).toHaveLength(1);
    rollout.lingering = false;
    rollout.step();
    expect(rollout.size('app:2')).toBe(3);
  });
});

describe('the progress deadline', () => {
  it('is missed by a rollout that does not move, and forgiven when it does', () => {
    const rollout = rolledOut();
    rollout.change({ template: templateOf('app:2') });
    rollout.step();
    rollout.run(rollout.set('app:2').metadata.name ?? '', 0);
    const { deadlineMs } = rollout.step();
    expect(deadlineMs).toBe(rollout.nowMs + 601_000);
    rollout.nowMs += 600_000;
    rollout.step();
    expect(rollout.progressing()).toBe('ReplicaSetUpdated');
    rollout.nowMs += 1_000;
    expect(rollout.step().deadlineMs).toBeUndefined();
    expect(rollout.deployment.status?.conditions?.at(-1)).toMatchObject({
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${rollout.set('app:2').metadata.name}" has timed out progressing.`,
    });
    rollout.finish();
    expect(rollout.progressing()).toBe('NewReplicaSetAvailable');
  });

  it('does not count for pods lost after the rollout', () => {
    const rollout = rolledOut();
    rollout.run(rollout.set('app:1').metadata.name ?? '', 1);
    rollout.step();
    rollout.nowMs += 3_600_000;
    expect(rollout.step().deadlineMs).toBeUndefined();
    expect(rollout.progressing()).toBe('NewReplicaSetAvailable');
  });
});

describe('the failure of a ReplicaSet', () => {
  it('is the Deployment failure as long as it lasts', () => {
    const rollout = rolledOut();
    const failure = {
      type: 'ReplicaFailure',
      status: 'True' as const,
      reason: 'FailedCreate',
      message: 'exceeded quota',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const [set] = rollout.sets;
    rollout.sets = [{ ...set!, status: { ...set!.status!, conditions: [failure] } }];
    rollout.step();
    expect(rollout.deployment.status?.conditions?.at(-1)).toEqual({
      ...failure,
      lastUpdateTime: failure.lastTransitionTime,
    });
    rollout.sets = [set!];
    rollout.step();
    expect(rollout.deployment.status?.conditions?.map(({ type }) => type)).toEqual([
      'Available',
      'Progressing',
    ]);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
