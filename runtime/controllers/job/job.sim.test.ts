import { describe, expect, it } from 'vitest';
import { Job } from '../../../generated/batch/v1/index.ts';
import type { JobSpec } from '../../../generated/batch/v1/types.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Pod } from '../../../generated/core/v1/index.ts';
import { formatTime } from '../../meta/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

type Spec = Partial<Omit<JobSpec, 'template'>>;

function job(spec: Spec = {}, restartPolicy: 'Never' | 'OnFailure' = 'Never'): Job {
  return new Job({
    metadata: { name: 'j' },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { app: 'j' } },
        spec: { restartPolicy, containers: [{ name: 'c', image: 'work:1' }] },
      },
    },
  });
}

interface Ends {
  readonly code?: number;
  readonly after?: '1s' | '1h';
  readonly times?: number;
}

const ends = (name: string, { code = 0, after = '1s', times }: Ends = {}) =>
  new Behaviour({
    metadata: { name },
    spec: {
      image: 'work:*',
      terminate: { duration: '1s', code: 143 },
      exit: [{ after, code, ...(times ? { times } : {}) }],
    },
  });

async function clusterWith(how: Ends, ...resources: readonly Job[]): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 2 });
  await cluster.create(ends('work', how), ...resources);
  return cluster;
}

const statusOf = (cluster: TestCluster) => cluster.get(Job, 'j').status ?? {};
const conditions = (cluster: TestCluster) =>
  (statusOf(cluster).conditions ?? []).map(({ type, status, reason }) => [type, status, reason]);
const reasons = (cluster: TestCluster) => cluster.events('j').map(({ reason }) => reason);
const finalizers = (cluster: TestCluster) =>
  cluster.list(Pod).flatMap(({ metadata }) => metadata.finalizers ?? []);
const phases = (cluster: TestCluster) => cluster.list(Pod).map(({ status }) => status?.phase);

describe('a Job', () => {
  it('runs a pod to its end, counts it and lets it go', async () => {
    const cluster = await clusterWith({}, job());
    await cluster.advance('10s');
    const { startTime, completionTime, ...status } = statusOf(cluster);
    expect(status).toMatchObject({
      succeeded: 1,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    expect(conditions(cluster)).toEqual([
      ['SuccessCriteriaMet', 'True', 'CompletionsReached'],
      ['Complete', 'True', 'CompletionsReached'],
    ]);
    expect(Date.parse(completionTime!)).toBeGreaterThan(Date.parse(startTime!));
    expect(reasons(cluster)).toEqual(['SuccessfulCreate', 'Completed']);
    expect([phases(cluster), finalizers(cluster)]).toEqual([['Succeeded'], []]);
    expect(cluster.converged).toBe(true);
  });

  it('runs no more pods at a time than it may, nor in all than it needs', async () => {
    const cluster = await clusterWith({ after: '1h' }, job({ parallelism: 2, completions: 3 }));
    await cluster.advance('10s');
    expect(statusOf(cluster)).toMatchObject({ active: 2, ready: 2 });
    expect(finalizers(cluster)).toHaveLength(2);
    await cluster.patch(Job, 'j', { spec: { parallelism: 5 } });
    await cluster.advance('10s');
    expect(statusOf(cluster).active).toBe(3);
    await cluster.patch(Job, 'j', { spec: { parallelism: 1 } });
    await cluster.advance('1m');
    expect(statusOf(cluster)).toMatchObject({ active: 1, ready: 1, terminating: 0 });
    expect(statusOf(cluster).failed).toBeUndefined();
    await cluster.advance('4h');
    expect(statusOf(cluster).succeeded).toBe(3);
  });

  it('without a number of completions ends with the last pod after a success', async () => {
    const cluster = await clusterWith({}, job({ parallelism: 3 }));
    await cluster.advance('10s');
    expect(statusOf(cluster).succeeded).toBe(3);
    expect(conditions(cluster).at(-1)).toEqual(['Complete', 'True', 'CompletionsReached']);
  });

  it('gives every index its pod', async () => {
    const cluster = await clusterWith({}, job({ completions: 3, completionMode: 'Indexed' }));
    await cluster.advance('30s');
    expect(statusOf(cluster)).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
    const [, second] = cluster.list(Pod);
    const key = 'batch.kubernetes.io/job-completion-index';
    expect(second?.metadata).toMatchObject({
      generateName: 'j-1-',
      labels: { app: 'j', [key]: '1' },
      annotations: { [key]: '1' },
    });
    expect(second?.spec).toMatchObject({
      hostname: 'j-1',
      containers: [
        {
          env: [
            {
              name: 'JOB_COMPLETION_INDEX',
              valueFrom: { fieldRef: { fieldPath: `metadata.labels['${key}']` } },
            },
          ],
        },
      ],
    });
  });
});

describe('a Job whose pods fail', () => {
  it('waits longer each time, and gives up', async () => {
    const cluster = await clusterWith({ code: 1 }, job({ backoffLimit: 2 }));
    await cluster.advance('5m');
    const made = cluster.list(Pod).map(({ metadata }) => Date.parse(metadata.creationTimestamp!));
    const [first = 0, second = 0, third = 0] = made.sort((a, b) => a - b);
    expect(third - second - (second - first)).toBe(10_000);
    expect(statusOf(cluster).failed).toBe(3);
    expect(conditions(cluster)).toEqual([
      ['FailureTarget', 'True', 'BackoffLimitExceeded'],
      ['Failed', 'True', 'BackoffLimitExceeded'],
    ]);
    expect(cluster.events('j').at(-1)).toMatchObject({
      type: 'Warning',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    });
  });

  it('counts restarts where containers are restarted in their pods', async () => {
    const cluster = await clusterWith({ code: 1 }, job({ backoffLimit: 2 }, 'OnFailure'));
    await cluster.advance('10m');
    expect(conditions(cluster).at(-1)).toEqual(['Failed', 'True', 'BackoffLimitExceeded']);
    expect(cluster.list(Pod)).toEqual([]);
  });

  it('is over when all its pods have ended after the deadline', async () => {
    const cluster = await clusterWith({ after: '1h' }, job({ activeDeadlineSeconds: 20 }));
    await cluster.advance('20s');
    expect(conditions(cluster)).toEqual([['FailureTarget', 'True', 'DeadlineExceeded']]);
    expect(statusOf(cluster)).toMatchObject({ ready: 0, terminating: 1, failed: 1 });
    await cluster.advance('1m');
    expect(conditions(cluster)[1]).toEqual(['Failed', 'True', 'DeadlineExceeded']);
    expect(statusOf(cluster)).toMatchObject({ terminating: 0, failed: 1 });
    expect(cluster.list(Pod)).toEqual([]);
    expect(reasons(cluster)).toEqual(['SuccessfulCreate', 'SuccessfulDelete', 'DeadlineExceeded']);
  });

  it.each([
    ['FailJob', 'PodFailurePolicy', 1, 1],
    ['Count', 'BackoffLimitExceeded', 1, 1],
  ] as const)('%s: ends by %s', async (action, reason, failed, made) => {
    const rules = [{ action, onExitCodes: { operator: 'In', values: [42] } }] as const;
    const cluster = await clusterWith(
      { code: 42 },
      job({ backoffLimit: 0, podFailurePolicy: { rules } }),
    );
    await cluster.advance('5m');
    expect(conditions(cluster).at(-1)).toEqual(['Failed', 'True', reason]);
    expect(statusOf(cluster).failed).toBe(failed);
    expect(cluster.list(Pod)).toHaveLength(made);
  });

  it('ignores a disruption if it is told to', async () => {
    const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] as const;
    const cluster = await clusterWith(
      { after: '1h' },
      job({ backoffLimit: 0, podFailurePolicy: { rules } }),
    );
    await cluster.advance('10s');
    const [pod] = cluster.list(Pod);
    const name = pod?.metadata.name ?? '';
    await cluster.client.createSubresource(
      Pod.resource,
      { name, namespace: 'default' },
      'eviction',
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } },
    );
    await cluster.advance('5m');
    expect(statusOf(cluster)).toMatchObject({ active: 1 });
    expect(statusOf(cluster).failed).toBeUndefined();
    expect(cluster.find(Pod, name)).toBeUndefined();
  });

  it('gives up indexes one by one', async () => {
    const cluster = await clusterWith(
      { code: 1 },
      job({ completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 }),
    );
    await cluster.advance('5s');
    expect(statusOf(cluster).failedIndexes).toBe('');
    await cluster.advance('2m');
    expect(statusOf(cluster)).toMatchObject({ failed: 4, failedIndexes: '0,1' });
    expect(conditions(cluster).at(-1)).toEqual(['Failed', 'True', 'FailedIndexes']);
    const counts = cluster
      .list(Pod)
      .map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-index-failure-count']);
    expect(counts.sort()).toEqual(['0', '0', '1', '1']);
    expect(finalizers(cluster)).toEqual([]);
  });
});

describe('a Job that is told more', () => {
  it('stops when it is suspended and starts anew when resumed', async () => {
    const cluster = await clusterWith({ after: '1h' }, job({ parallelism: 2, completions: 2 }));
    await cluster.advance('10s');
    const { startTime } = statusOf(cluster);
    await cluster.patch(Job, 'j', { spec: { suspend: true } });
    await cluster.advance('1m');
    expect(conditions(cluster)).toEqual([['Suspended', 'True', 'JobSuspended']]);
    expect(statusOf(cluster)).not.toHaveProperty('failed');
    expect([statusOf(cluster).active, cluster.list(Pod)]).toEqual([undefined, []]);
    expect(statusOf(cluster)).not.toHaveProperty('startTime');
    await cluster.patch(Job, 'j', { spec: { suspend: false } });
    const resumedMs = cluster.now;
    await cluster.advance('10s');
    expect(conditions(cluster)).toEqual([['Suspended', 'False', 'JobResumed']]);
    expect(statusOf(cluster)).toMatchObject({ active: 2, startTime: formatTime(resumedMs) });
    expect(startTime).not.toBe(formatTime(resumedMs));
    const told = reasons(cluster).filter((reason) => /Suspended|Resumed/.test(reason ?? ''));
    expect(told).toEqual(['Suspended', 'Resumed']);
  });

  it('is content with what its success policy asks for', async () => {
    const cluster = await createCluster({ nodes: 2 });
    const successPolicy = { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] };
    await cluster.create(
      ends('slow', { after: '1h' }),
      job({ completions: 3, parallelism: 3, completionMode: 'Indexed', successPolicy }),
    );
    await cluster.advance('10s');
    const [pod] = cluster.list(Pod);
    const phase = { status: { phase: 'Succeeded' } } as const;
    const target = { name: pod?.metadata.name ?? '', namespace: 'default' };
    await cluster.client.patch(Pod.resource, target, phase, { subresource: 'status' });
    await cluster.advance('2m');
    expect(conditions(cluster)).toEqual([
      ['SuccessCriteriaMet', 'True', 'SuccessPolicy'],
      ['Complete', 'True', 'SuccessPolicy'],
    ]);
    expect(statusOf(cluster)).toMatchObject({ succeeded: 1, completedIndexes: '0' });
    expect(statusOf(cluster).failed).toBeUndefined();
  });

  it('leaves no pod behind that only it could let go', async () => {
    const cluster = await clusterWith({ after: '1h' }, job());
    await cluster.advance('10s');
    await cluster.client.delete(
      Job.resource,
      { name: 'j', namespace: 'default' },
      { propagationPolicy: 'Orphan' },
    );
    await cluster.advance('10s');
    expect([cluster.list(Pod).length, finalizers(cluster)]).toEqual([1, []]);
  });

  it('lets go of pods that came to it when it was over', async () => {
    const cluster = await clusterWith({}, job());
    await cluster.advance('20s');
    expect(conditions(cluster).at(-1)?.[0]).toBe('Complete');
    const { uid = '' } = cluster.get(Job, 'j').metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid, controller: true };
    const late = {
      name: 'late',
      ownerReferences: [owner],
      finalizers: ['batch.kubernetes.io/job-tracking'],
    };
    await cluster.create(
      new Pod({ metadata: late, spec: { containers: [{ name: 'c', image: 'work:1' }] } }),
    );
    await cluster.advance('1s');
    expect(finalizers(cluster)).toEqual([]);
  });

  it('replaces a pod that somebody deletes after a while', async () => {
    const cluster = await clusterWith({ after: '1h' }, job({ parallelism: 2, completions: 2 }));
    await cluster.advance('10s');
    await cluster.delete(Pod, cluster.list(Pod)[0]?.metadata.name ?? '');
    await cluster.advance('3s');
    expect(statusOf(cluster)).toMatchObject({ active: 1, failed: 1, ready: 1 });
    await cluster.advance('10s');
    expect(statusOf(cluster)).toMatchObject({ active: 2, ready: 2 });
  });

  it('goes with its pods', async () => {
    const cluster = await clusterWith({ after: '1h' }, job({ parallelism: 2 }));
    await cluster.advance('10s');
    await cluster.client.delete(
      Job.resource,
      { name: 'j', namespace: 'default' },
      { propagationPolicy: 'Foreground' },
    );
    await cluster.advance('2m');
    expect([cluster.list(Job), cluster.list(Pod)]).toEqual([[], []]);
  });

  it('leaves the work to whom it names', async () => {
    const cluster = await clusterWith({}, job({ managedBy: 'example.com/other' }));
    await cluster.advance('1m');
    expect([cluster.list(Pod), cluster.get(Job, 'j').status]).toEqual([[], {}]);
  });
});
