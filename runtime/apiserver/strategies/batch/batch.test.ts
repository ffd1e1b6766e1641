import { describe, expect, it } from 'vitest';
import { cronjobs, jobs } from '../../../../generated/batch/v1/resources.ts';
import type { CronJobSpec, JobSpec } from '../../../../generated/batch/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { refusal, serverForTests } from '../../server.fakes.ts';
import { countIndexes } from './indexes.ts';

const IN = { namespace: 'default' };
const pod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'i:1' }] } as const;
const labelled = { metadata: { labels: { app: 'a' } }, spec: pod };

async function jobOf(spec: object) {
  const { client } = await serverForTests();
  return client.create(jobs, { metadata: { name: 'j', ...IN }, spec: spec as JobSpec });
}

/** The fields that a Job is refused for. */
async function wrong(spec: object): Promise<string[]> {
  const answer = await refusal(jobOf({ template: { spec: pod }, ...spec }));
  return (answer as { fields: string[] }).fields;
}

describe('a job', () => {
  it('chooses its pods by labels that only it has, and shares theirs', async () => {
    const { metadata, spec } = await jobOf({ template: labelled });
    const { uid } = metadata;
    const labels = {
      app: 'a',
      'controller-uid': uid,
      'job-name': 'j',
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'j',
    };
    expect(spec?.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    expect([spec?.template?.metadata?.labels, metadata.labels]).toEqual([labels, labels]);
  });

  it('has defaults that depend on each other', async () => {
    const plain = await jobOf({ template: labelled });
    expect(plain.spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    });
    const { spec } = await jobOf({
      template: labelled,
      parallelism: 2,
      completions: 3,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 1,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'Gone' }] }] },
    });
    expect([spec?.backoffLimit, spec?.podReplacementPolicy]).toEqual([2 ** 31 - 1, 'Failed']);
    const open = await jobOf({ template: labelled, parallelism: 2 });
    expect(open.spec?.completions).toBeUndefined();
  });

  it('may choose by hand, if its pods fit', async () => {
    const selector = { matchLabels: { app: 'a' } };
    const { spec } = await jobOf({ manualSelector: true, selector, template: labelled });
    expect([spec?.selector, spec?.template?.metadata?.labels]).toEqual([selector, { app: 'a' }]);
    const manual = { manualSelector: true, selector: { matchLabels: { app: 'b' } } };
    expect(await wrong({ ...manual, template: labelled })).toEqual([
      'spec.template.metadata.labels',
    ]);
    expect(await wrong({ manualSelector: true, template: labelled })).toEqual([
      'spec.selector',
      'spec.template.metadata.labels',
    ]);
    expect(await wrong({ selector: { matchLabels: { app: 'a' } }, template: labelled })).toEqual([
      'spec.selector',
    ]);
    const taken = { metadata: { labels: { 'job-name': 'k' } }, spec: pod };
    expect(await wrong({ template: taken })).toEqual(['spec.template.metadata.labels[job-name]']);
  });

  const policy = (rule: object, more: object = {}) => ({
    podFailurePolicy: { rules: [{ action: 'FailJob', ...rule }] },
    ...more,
  });
  const codes = (more: object) => policy({ onExitCodes: { operator: 'In', values: [1], ...more } });
  const success = (rule: object) => ({
    completionMode: 'Indexed',
    completions: 5,
    successPolicy: { rules: [rule] },
  });
  const many = { completionMode: 'Indexed', completions: 100_001, backoffLimitPerIndex: 1 };

  it.each<[string, object, string[]]>([
    [
      'ends',
      { template: { spec: { ...pod, restartPolicy: 'Always' } } },
      ['template.spec.restartPolicy'],
    ],
    ['counts its indexes', { completionMode: 'Indexed', parallelism: 1 }, ['completions']],
    ['has indexes where they are limited', { backoffLimitPerIndex: 1 }, ['backoffLimitPerIndex']],
    [
      'has indexes where few are enough',
      { successPolicy: { rules: [{ succeededCount: 1 }] } },
      ['successPolicy'],
    ],
    [
      'limits failures by index and in all',
      { completionMode: 'Indexed', completions: 1, maxFailedIndexes: 2 },
      ['backoffLimitPerIndex', 'maxFailedIndexes'],
    ],
    [
      'limits many indexes more',
      { ...many, parallelism: 10_001 },
      ['maxFailedIndexes', 'parallelism'],
    ],
    ['is managed by a name below a domain', { managedBy: 'me' }, ['managedBy']],
    ['is managed by a domain', { managedBy: '_/me' }, ['managedBy']],
    ['has a mode', { completionMode: '' }, ['completionMode']],
    [
      'judges containers that it has',
      codes({ containerName: 'other' }),
      ['podFailurePolicy.rules[0].onExitCodes.containerName'],
    ],
    ['judges codes', codes({ values: [] }), ['podFailurePolicy.rules[0].onExitCodes.values']],
    [
      'judges failures',
      codes({ values: [0] }),
      ['podFailurePolicy.rules[0].onExitCodes.values[0]'],
    ],
    [
      'judges in order',
      codes({ values: [2, 1] }),
      ['podFailurePolicy.rules[0].onExitCodes.values'],
    ],
    [
      'fails indexes that may fail',
      policy({ action: 'FailIndex', onPodConditions: [{ type: 'a' }] }),
      ['podFailurePolicy.rules[0].action'],
    ],
    [
      'waits for pods that it judges',
      policy({ onPodConditions: [{ type: 'a' }] }, { podReplacementPolicy: 'TerminatingOrFailed' }),
      ['podReplacementPolicy'],
    ],
    [
      'never restarts what it judges',
      {
        ...policy({ onPodConditions: [{ type: 'a' }] }),
        template: { spec: { ...pod, restartPolicy: 'OnFailure' } },
      },
      ['template.spec.restartPolicy'],
    ],
    [
      'succeeds by some rule',
      { ...success({}), successPolicy: { rules: [] } },
      ['successPolicy.rules'],
    ],
    [
      'succeeds by indexes that it has',
      success({ succeededIndexes: '1,5' }),
      ['successPolicy.rules[0].succeededIndexes'],
    ],
    [
      'succeeds by as many as there are',
      success({ succeededIndexes: '0-1', succeededCount: 6 }),
      ['successPolicy.rules[0].succeededCount', 'successPolicy.rules[0].succeededCount'],
    ],
  ])('%s', async (_, spec, fields) => {
    expect(await wrong(spec)).toEqual(fields.map((field) => `spec.${field}`));
  });
});

describe('a change of a job', () => {
  async function change(first: object, to: (spec: JobSpec) => object) {
    const { client } = await serverForTests();
    const spec = { template: labelled, ...first } as JobSpec;
    const made = await client.create(jobs, { metadata: { name: 'j', ...IN }, spec });
    return client.update(jobs, { ...made, spec: to(made.spec!) as JobSpec });
  }
  const refused = async (...of: Parameters<typeof change>) =>
    ((await refusal(change(...of))) as { fields: string[] }).fields;

  it('may be made to how many run, and not to what they are', async () => {
    expect((await change({}, (spec) => ({ ...spec, parallelism: 3 }))).spec?.parallelism).toBe(3);
    expect(await refused({}, (spec) => ({ ...spec, completions: 2 }))).toEqual([
      'spec.completions',
    ]);
    expect(await refused({}, (spec) => ({ ...spec, completionMode: 'Indexed' }))).toEqual([
      'spec.completionMode',
    ]);
    const other = { ...labelled, spec: { ...pod, nodeSelector: { a: 'b' } } };
    const moved = (spec: JobSpec) => ({
      ...spec,
      template: { ...other, metadata: spec.template?.metadata },
    });
    expect(await refused({}, moved)).toEqual(['spec.template']);
    expect((await change({ suspend: true }, moved)).spec?.template?.spec?.nodeSelector).toEqual({
      a: 'b',
    });
    const imaged = (spec: JobSpec) => ({
      ...spec,
      template: {
        ...spec.template,
        spec: { ...spec.template?.spec, containers: [{ name: 'main', image: 'i:2' }] },
      },
    });
    expect(await refused({ suspend: true }, imaged)).toEqual(['spec.template']);
  });

  it('lets an indexed job grow together with its parallelism', async () => {
    const indexed = { completionMode: 'Indexed', completions: 2, parallelism: 2 };
    const grown = await change(indexed, (spec) => ({ ...spec, completions: 3, parallelism: 3 }));
    expect(grown.spec?.completions).toBe(3);
    expect(await refused(indexed, (spec) => ({ ...spec, completions: 3 }))).toEqual([
      'spec.completions',
    ]);
  });
});

describe('the status of a job', () => {
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
  const condition = (type: string) => ({ type, status: 'True' });
  const ended = [condition('SuccessCriteriaMet'), condition('Complete')];

  async function written(status: object): Promise<string[]> {
    const { client } = await serverForTests();
    const made = await client.create(jobs, {
      metadata: { name: 'j', ...IN },
      spec: { template: labelled },
    });
    const write = client.updateStatus(jobs, { ...made, status });
    return ((await refusal(write).catch(() => ({ fields: [] }))) as { fields: string[] }).fields;
  }

  it.each<[object, string[]]>([
    [{ startTime: at(1), completionTime: at(2), conditions: ended }, []],
    [{ startTime: at(1), conditions: ended }, ['completionTime']],
    [{ startTime: at(3), completionTime: at(2), conditions: ended }, ['completionTime']],
    [{ completionTime: at(2) }, ['completionTime']],
    [{ conditions: [condition('Failed'), condition('FailureTarget')] }, ['startTime']],
    [{ startTime: at(1), conditions: [condition('Failed')] }, ['conditions']],
    [
      {
        startTime: at(1),
        active: 1,
        ready: 2,
        terminating: 1,
        uncountedTerminatedPods: { failed: ['u'] },
        conditions: [condition('Failed'), condition('FailureTarget')],
      },
      ['active', 'terminating', 'ready', 'uncountedTerminatedPods'],
    ],
  ])('%j', async (status, fields) => {
    expect(await written(status)).toEqual(fields.map((field) => `status.${field}`));
  });
});

describe('the deletion of a job', () => {
  it('orphans its pods, with a warning, unless it says otherwise', async () => {
    const { client, server } = await serverForTests();
    const remove = async (name: string, options: object) => {
      await client.create(jobs, { metadata: { name, ...IN }, spec: { template: labelled } });
      return server.request({
        verb: 'delete',
        resource: jobs,
        name,
        ...IN,
        options,
        user: { name: 'u', groups: [] },
        cause: { component: 'tests', record: 0 },
      });
    };
    const plain = await remove('a', {});
    expect([plain.object.metadata.finalizers, plain.warnings?.length]).toEqual([['orphan'], 1]);
    const told = await remove('b', { propagationPolicy: 'Background' });
    expect([(told.object as KubeObject & { status: string }).status, told.warnings]).toEqual([
      'Success',
      undefined,
    ]);
  });
});

describe('a cron job', () => {
  const cronOf = async (spec: object, name = 'c') => {
    const { client } = await serverForTests();
    const whole = {
      schedule: '@daily',
      jobTemplate: { spec: { template: { spec: pod } } },
      ...spec,
    };
    return client.create(cronjobs, { metadata: { name, ...IN }, spec: whole as CronJobSpec });
  };
  const refused = async (spec: object, name?: string) =>
    ((await refusal(cronOf(spec, name))) as { fields: string[] }).fields;

  it('leaves to its jobs what they fill in themselves', async () => {
    const { spec } = await cronOf({});
    expect(spec).toMatchObject({ concurrencyPolicy: 'Allow', suspend: false });
    expect(Object.keys(spec.jobTemplate.spec ?? {})).toEqual(['template']);
    expect(spec.jobTemplate.spec?.template?.spec?.containers[0]?.imagePullPolicy).toBe(
      'IfNotPresent',
    );
  });

  const template = (job: object, spec: object = pod) => ({
    jobTemplate: { spec: { template: { spec }, ...job } },
  });

  it.each<[string, object, string[]]>([
    ['has a schedule', { schedule: '' }, ['schedule']],
    ['has one that can be read', { schedule: '60 * * * *' }, ['schedule']],
    ['keeps its zone apart', { schedule: 'TZ=UTC @daily' }, ['schedule']],
    ['is in a zone that exists', { timeZone: 'Moon/Base' }, ['timeZone']],
    ['is in no offset', { timeZone: '+01:00' }, ['timeZone']],
    ['is in a zone with a name', { timeZone: 'Local' }, ['timeZone']],
    ['is in some zone', { timeZone: '' }, ['timeZone']],
    [
      'leaves selectors to its jobs',
      template({ selector: {}, manualSelector: true }),
      ['jobTemplate.spec.selector', 'jobTemplate.spec.manualSelector'],
    ],
    [
      'makes jobs that end',
      template({}, { ...pod, restartPolicy: 'Always' }),
      ['jobTemplate.spec.template.spec.restartPolicy'],
    ],
    [
      'makes jobs of pods',
      template({}, { ...pod, containers: [] }),
      ['jobTemplate.spec.template.spec.containers'],
    ],
  ])('%s', async (_, spec, fields) => {
    expect(await refused(spec)).toEqual(fields.map((field) => `spec.${field}`));
  });

  it('has a name that leaves room for the names of its jobs, and a zone', async () => {
    expect(await refused({}, 'x'.repeat(53))).toEqual(['metadata.name']);
    expect((await cronOf({ timeZone: 'Europe/Berlin' })).spec.timeZone).toBe('Europe/Berlin');
  });
});

describe('countIndexes', () => {
  it.each([
    ['', 5, 0, undefined],
    ['0-2,4', 5, 4, undefined],
    ['1,x', 5, 0, 'cannot convert string to integer for index: "x"'],
    ['2,1', 5, 0, 'non-increasing order, previous: 2, current: 1'],
    ['3-2', 5, 0, 'non-increasing order, previous: 3, current: 2'],
    ['0-5', 5, 0, 'too large index: "5"'],
    ['0-1-2', 5, 0, expect.stringContaining('at most two parts')],
  ])('%j below %i', (text, completions, total, error) => {
    expect(countIndexes(text, completions)).toEqual({ total, ...(error ? { error } : {}) });
  });
});
