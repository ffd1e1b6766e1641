import type { Job, JobSpec } from '../../../../generated/batch/v1/types.ts';
import type { KubeObject, ObjectMeta } from '../../../meta/index.ts';
import { completeTemplate, templateProblems } from '../pod-spec/index.ts';
import { invalid, type Problem, required } from '../problem.ts';
import { mismatchProblems } from '../selectors.ts';
import type { Strategy } from '../strategy.ts';
import { changeProblems } from './job-changes.ts';
import { jobSpecProblems } from './job-spec.ts';
import { jobStatusProblems } from './job-status.ts';

export type StoredJob = Job & KubeObject;

const UID_LABEL = 'batch.kubernetes.io/controller-uid';
const NAME_LABEL = 'batch.kubernetes.io/job-name';
/** Under which names older clients look for the same labels. */
const FORMER = { [UID_LABEL]: 'controller-uid', [NAME_LABEL]: 'job-name' } as const;

/** Jobs: chosen by a label that no other Job has, unless they say that they choose by hand. */
export const jobs: Strategy<StoredJob> = {
  fieldValues: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  unknownField: (path) => `field label ${JSON.stringify(path)} not supported for batchv1.Job`,
  orphanWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set ' +
    'propagationPolicy=Orphan to suppress this warning',
  prepareCreate: (job) => withLabels(withSelector(complete(job))),
  prepareUpdate: (job) => withLabels(complete(job)),
  validate(job, old, found) {
    const { spec } = job;
    if (!spec || spec === old?.spec) return [];
    return [
      ...generatedProblems(job),
      ...(spec.selector ? [] : [required('spec.selector')]),
      ...jobSpecProblems(spec, 'spec', found),
      ...mismatchProblems(spec, 'spec', found),
      ...templateProblems(job, old, found),
      ...(old ? changeProblems(spec, old) : []),
    ];
  },
  validateStatus: jobStatusProblems,
};

const BACKOFF_LIMIT = 6;
/** A limit that nothing reaches, for jobs that count failures by index. */
const NO_LIMIT = 2 ** 31 - 1;

/** Defaults that Jobs have and the templates of CronJobs do not, since they depend on each other. */
function complete(object: StoredJob): StoredJob {
  const job = completeTemplate(object);
  const { spec } = job;
  if (!spec) return job;
  const isPlain = spec.completions === undefined && spec.parallelism === undefined;
  const defaults: Partial<JobSpec> = {
    ...(isPlain ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : NO_LIMIT,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  };
  const missing = Object.entries(defaults).filter(
    ([name]) => spec[name as keyof JobSpec] === undefined,
  );
  if (missing.length === 0) return job;
  return { ...job, spec: { ...spec, ...Object.fromEntries(missing) } };
}

/** A Job without labels has those of its pods. */
function withLabels(job: StoredJob): StoredJob {
  const labels = templateLabels(job) ?? {};
  if (!hasAny(labels) || hasAny(job.metadata.labels)) return job;
  return { ...job, metadata: { ...job.metadata, labels } };
}

const templateLabels = ({ spec }: StoredJob): ObjectMeta['labels'] =>
  spec?.template?.metadata?.labels;

const hasAny = (labels: ObjectMeta['labels']): boolean => Object.keys(labels ?? {}).length > 0;

function withSelector(job: StoredJob): StoredJob {
  const { spec, metadata } = job;
  if (!spec || spec.manualSelector) return job;
  const { template, selector } = spec;
  const { uid = '', name = '' } = metadata;
  const own = { [UID_LABEL]: uid, [NAME_LABEL]: name };
  const generated = {
    [FORMER[UID_LABEL]]: uid,
    [FORMER[NAME_LABEL]]: name,
    ...own,
  };
  const labels = { ...generated, ...templateLabels(job) };
  const matchLabels = { [UID_LABEL]: uid, ...selector?.matchLabels };
  return {
    ...job,
    spec: {
      ...spec,
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  };
}

/** Labels and selector must be those that the server made, or the Job's pods might be another's too. */
function generatedProblems(job: StoredJob): Problem[] {
  const { spec, metadata } = job;
  const { uid = '', name = '' } = metadata;
  if (!spec?.selector || spec.manualSelector) return [];
  const labels = templateLabels(job) ?? {};
  const expected = [
    [FORMER[UID_LABEL], uid],
    [FORMER[NAME_LABEL], name],
    [UID_LABEL, uid],
    [NAME_LABEL, name],
  ] as const;
  const wrong = expected.flatMap(([key, value]): Problem[] => {
    const field = `spec.template.metadata.labels[${key}]`;
    const found = labels[key];
    if (found === undefined) return [required(field, `must be '${value}'`)];
    return found === value ? [] : [invalid(field, found, `must be '${value}'`)];
  });
  const matched = spec.selector.matchLabels ?? {};
  const isOwn = Object.entries(matched).every(([key, value]) =>
    expected.some(([known, wanted]) => known === key && wanted === value),
  );
  const foreign = invalid('spec.selector', spec.selector, '`selector` not auto-generated');
  return isOwn && !spec.selector.matchExpressions?.length ? wrong : [...wrong, foreign];
}
