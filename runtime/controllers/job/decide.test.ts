import { describe, expect, it } from 'vitest';
import type { Job, JobSpec, JobStatus } from '../../../generated/batch/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { formatTime } from '../../meta/index.ts';
import { type Backoff, NO_BACKOFF } from './backoff.ts';
import { decide } from './decide.ts';
import { INDEX_KEY, TRACKING_FINALIZER } from './job.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';

function jobOf(spec: Partial<JobSpec>, status: JobStatus = {}): Job {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c' }] } } as const;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'default', uid: 'u' },
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, ...spec, template },
    status,
  };
}

interface Shape {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly index?: number;
  readonly exitCode?: number;
  /** Seconds before now at which it ended. */
  readonly ago?: number;
  readonly failures?: number;
  readonly isDeleting?: boolean;
  readonly conditions?: readonly string[];
}

let made = 0;
function pod(shape: Shape): Pod {
  const { phase = 'Running', index, exitCode, ago = 0, failures, isDeleting } = shape;
  const finishedAt = formatTime(NOW_MS - ago * 1000);
  return {
    metadata: {
      name: `p${made}`,
      namespace: 'default',
      uid: `p${made++}`,
      creationTimestamp: formatTime(NOW_MS - 3_600_000),
      finalizers: [TRACKING_FINALIZER],
      ...(isDeleting ? { deletionTimestamp: formatTime(NOW_MS) } : {}),
      annotations: {
        ...(index === undefined ? {} : { [INDEX_KEY]: `${index}` }),
        ...(failures === undefined ? {} : { [FAILURES]: `${failures}` }),
      },
    },
    spec: { containers: [] },
    status: {
      phase,
      conditions: (shape.conditions ?? []).map((type) => ({ type, status: 'True' })),
      ...(phase === 'Failed' || phase === 'Succeeded'
        ? {
            containerStatuses: [
              { name: 'c', state: { terminated: { exitCode: exitCode ?? 0, finishedAt } } },
            ],
          }
        : {}),
    },
  } as unknown as Pod;
}

const decided = (job: Job, shapes: readonly Shape[], backoff: Backoff = NO_BACKOFF) =>
  decide({ job, pods: shapes.map(pod), backoff, nowMs: NOW_MS });

const created = (job: Job, shapes: readonly Shape[], backoff?: Backoff) => {
  const { create, remove, waitMs } = decided(job, shapes, backoff).plan;
  return { create: create.map(({ index }) => index), remove: remove.length, waitMs };
};

const indexed = (spec: Partial<JobSpec> = {}): Partial<JobSpec> => ({
  completionMode: 'Indexed',
  completions: 4,
  parallelism: 2,
  ...spec,
});

describe('the number of pods of a Job', () => {
  it('is what is left to do, up to its parallelism', () => {
    const job = jobOf({ parallelism: 3, completions: 5 }, { succeeded: 3 });
    expect(created(job, []).create).toHaveLength(2);
    expect(created(job, [{}, {}, {}])).toMatchObject({ create: [], remove: 1 });
  });

  it('without completions stays as it is once one has succeeded', () => {
    const { completions: _none, ...spec } = jobOf({ parallelism: 3 }).spec!;
    const job = { ...jobOf({}), spec } as Job;
    expect(created(job, []).create).toHaveLength(3);
    expect(created(job, [{ phase: 'Succeeded' }, {}])).toMatchObject({ create: [], remove: 0 });
  });

  it('waits while one that failed is fresh, longer with each', () => {
    const job = jobOf({ parallelism: 2, completions: 2 });
    expect(created(job, [{ phase: 'Failed', ago: 4 }, {}]).waitMs).toBe(6000);
    expect(created(job, [{ phase: 'Failed', ago: 10 }, {}]).create).toHaveLength(1);
    const before = { failures: 2, lastFailureMs: NOW_MS - 100_000 };
    expect(created(job, [{ phase: 'Failed', ago: 1 }, {}], before).waitMs).toBe(39_000);
  });

  it('replaces a terminating pod at once, or when it has failed if it is to', () => {
    const shapes = [{ isDeleting: true }];
    const elsewhere = { failures: 0, lastFailureMs: 0 };
    expect(created(jobOf({}), shapes, elsewhere)).toMatchObject({ create: [], waitMs: 10_000 });
    const patient = jobOf({ podReplacementPolicy: 'Failed' });
    expect(created(patient, shapes)).toEqual({ create: [], remove: 0, waitMs: undefined });
    expect(decided(patient, shapes).survey).toMatchObject({ terminating: 1, failed: 0 });
    const byPolicy = jobOf({ podFailurePolicy: { rules: [] } });
    expect(created(byPolicy, shapes)).toEqual({ create: [], remove: 0, waitMs: undefined });
  });
});

describe('an Indexed Job', () => {
  it('takes the lowest indexes that nobody has', () => {
    const job = jobOf(indexed({ parallelism: 3 }), { completedIndexes: '1', succeeded: 1 });
    expect(created(job, [{ index: 0 }]).create).toEqual([2, 3]);
  });

  it('drops pods whose index is taken, beyond its completions, or none', () => {
    const job = jobOf(indexed());
    expect(created(job, [{ index: 0 }, { index: 0 }, { index: 7 }, {}]).remove).toBe(3);
  });

  it('forgets indexes that fall away when it shrinks', () => {
    const job = jobOf(indexed({ completions: 2 }), { completedIndexes: '0,2-3', succeeded: 3 });
    const { succeededIndexes, succeeded } = decided(job, [{ index: 3, phase: 'Succeeded' }]).survey;
    expect([`${succeededIndexes}`, succeeded]).toEqual(['0', 1]);
  });

  it('delays each index by its own failures', () => {
    const job = jobOf(indexed({ parallelism: 4, backoffLimitPerIndex: 3 }));
    const shapes = [
      { index: 0, phase: 'Failed', ago: 1, failures: 0 },
      { index: 1, phase: 'Failed', ago: 15, failures: 1 },
      { index: 2, phase: 'Failed', ago: 10, failures: 0 },
    ] as const;
    expect(created(job, shapes)).toMatchObject({ create: [2, 3], waitMs: 5000 });
  });

  it('replaces the pod of an index that failed last', () => {
    const job = jobOf(indexed({ backoffLimitPerIndex: 3 }));
    const shapes = [
      { index: 0, phase: 'Failed', ago: 20, failures: 1 },
      { index: 0, phase: 'Failed', ago: 90, failures: 1 },
      { index: 0, phase: 'Failed', ago: 10, failures: 0 },
    ] as const;
    const { replace, survey } = decided(job, shapes);
    expect(replace.get(0)).toBe(survey.pods[0]);
  });

  it('gives an index up, and itself with too many', () => {
    const limits = { parallelism: 4, backoffLimitPerIndex: 1 };
    const shapes = [
      { index: 0, phase: 'Failed', ago: 99, failures: 1 },
      { index: 1, phase: 'Failed', ago: 99, failures: 0 },
      { index: 2, phase: 'Failed', ago: 99, failures: 1 },
    ] as const;
    const { failedIndexes, plan, verdict } = decided(jobOf(indexed(limits)), shapes);
    expect([`${failedIndexes}`, verdict]).toEqual(['0,2', undefined]);
    expect(plan.create.map(({ index }) => index)).toEqual([1, 3]);
    const strict = jobOf(indexed({ ...limits, maxFailedIndexes: 1 }));
    expect(decided(strict, shapes).verdict?.reason).toBe('MaxFailedIndexesExceeded');
  });

  it('fails when each index has succeeded or failed', () => {
    const job = jobOf(indexed({ completions: 2, backoffLimitPerIndex: 0 }));
    const ends = [
      { index: 0, phase: 'Succeeded' },
      { index: 1, phase: 'Failed' },
    ] as const;
    expect(decided(job, ends).verdict?.reason).toBe('FailedIndexes');
  });

  it.each([
    [{ succeededIndexes: '0,2' }, '0,2', true],
    [{ succeededIndexes: '0,2' }, '0-1', false],
    [{ succeededIndexes: '0-2', succeededCount: 2 }, '1-3', true],
    [{ succeededCount: 3 }, '1-2', false],
    [{ succeededCount: 2 }, '1,3', true],
  ])('with the success policy %j is done by %s: %s', (rule, completedIndexes, isDone) => {
    const job = jobOf(indexed({ successPolicy: { rules: [rule] } }), { completedIndexes });
    expect(decided(job, []).verdict?.reason).toBe(isDone ? 'SuccessPolicy' : undefined);
  });
});

describe('the end of a Job', () => {
  it('counts failures in its status, noted ones and new ones against the limit', () => {
    const status = { failed: 1, uncountedTerminatedPods: { failed: ['elsewhere'] } };
    const job = jobOf({ backoffLimit: 2 }, status);
    expect(decided(job, []).verdict).toBeUndefined();
    expect(decided(job, [{ phase: 'Failed' }]).verdict?.reason).toBe('BackoffLimitExceeded');
  });

  it('is its deadline, unless it is suspended', () => {
    const startTime = formatTime(NOW_MS - 10_000);
    const job = jobOf({ activeDeadlineSeconds: 10 }, { startTime });
    const { verdict, discard } = decided(job, [{}]);
    expect([verdict?.reason, discard.length]).toEqual(['DeadlineExceeded', 1]);
    const held = jobOf({ activeDeadlineSeconds: 10, suspend: true }, { startTime });
    expect(decided(held, []).verdict).toBeUndefined();
  });

  it('is what its failure policy says, before any limit', () => {
    const onExitCodes = { operator: 'In', values: [42] } as const;
    const rules = [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', onExitCodes },
    ] as const;
    const job = jobOf({ backoffLimit: 0, podFailurePolicy: { rules } });
    const bug = { phase: 'Failed', exitCode: 42 } as const;
    expect(decided(job, [bug]).verdict?.reason).toBe('PodFailurePolicy');
    const evicted = { ...bug, conditions: ['DisruptionTarget'] };
    expect(decided(job, [evicted]).verdict).toBeUndefined();
    const elsewhere = { phase: 'Failed', exitCode: 7 } as const;
    expect(decided(job, [elsewhere]).verdict?.reason).toBe('BackoffLimitExceeded');
  });

  it('stands once it was said', () => {
    const said = { type: 'SuccessCriteriaMet', status: 'True', reason: 'SuccessPolicy' } as const;
    const job = jobOf({ backoffLimit: 0 }, { conditions: [said] });
    const { verdict } = decided(job, [{ phase: 'Failed' }]);
    expect(verdict).toMatchObject({ type: 'Complete', reason: 'SuccessPolicy' });
  });
});
