import type { JobStatus } from '../../../../generated/batch/v1/types.ts';
import { jsonEqual } from '../../../meta/index.ts';
import { invalid, type Problem, required } from '../problem.ts';
import type { StoredJob } from './jobs.ts';

const has = ({ conditions = [] }: JobStatus, type: string): boolean =>
  conditions.some((each) => each.type === type && each.status === 'True');

interface Check {
  readonly field: string;
  /** What it looks at: where none of these has changed, the stored status may be as odd as it is. */
  readonly reads: readonly (keyof JobStatus)[];
  readonly fails: (status: JobStatus) => boolean;
  readonly problem: (field: string, status: JobStatus) => Problem;
}

const isFinished = (status: JobStatus): boolean => has(status, 'Complete') || has(status, 'Failed');

const says =
  (name: keyof JobStatus, detail: string): Check['problem'] =>
  (field, status) =>
    invalid(field, status[name] ?? null, detail);

const excludes = (one: string, other: string, detail: string): Check => ({
  field: 'conditions',
  reads: ['conditions'],
  fails: (status) => has(status, one) && has(status, other),
  problem: says('conditions', detail),
});

const CHECKS: readonly Check[] = [
  excludes('Complete', 'Failed', 'cannot set Complete=True and Failed=true conditions'),
  excludes(
    'Complete',
    'FailureTarget',
    'cannot set Complete=True and FailureTarget=true conditions',
  ),
  {
    field: 'completionTime',
    reads: ['completionTime', 'conditions'],
    fails: (status) => status.completionTime !== undefined && !has(status, 'Complete'),
    problem: says(
      'completionTime',
      'cannot set completionTime when there is no Complete=True condition',
    ),
  },
  {
    field: 'completionTime',
    reads: ['completionTime', 'conditions'],
    fails: (status) => status.completionTime === undefined && has(status, 'Complete'),
    problem: (field) => required(field, 'completionTime is required for Complete jobs'),
  },
  {
    field: 'completionTime',
    reads: ['completionTime', 'startTime'],
    fails: ({ completionTime, startTime }) =>
      completionTime !== undefined && startTime !== undefined && completionTime < startTime,
    problem: says('completionTime', 'completionTime cannot be set before startTime'),
  },
  {
    field: 'startTime',
    reads: ['startTime', 'conditions'],
    fails: (status) => isFinished(status) && status.startTime === undefined,
    problem: (field) => required(field, 'startTime is required for finished job'),
  },
  {
    field: 'active',
    reads: ['active', 'conditions'],
    fails: (status) => isFinished(status) && (status.active ?? 0) > 0,
    problem: says('active', 'active>0 is invalid for finished job'),
  },
  {
    field: 'terminating',
    reads: ['terminating', 'conditions'],
    fails: (status) => isFinished(status) && (status.terminating ?? 0) > 0,
    problem: says('terminating', 'terminating>0 is invalid for finished job'),
  },
  {
    field: 'ready',
    reads: ['ready', 'active'],
    fails: ({ ready = 0, active = 0 }) => ready > active,
    problem: says('ready', 'cannot set more ready pods than active'),
  },
  {
    field: 'uncountedTerminatedPods',
    reads: ['uncountedTerminatedPods', 'conditions'],
    fails: (status) => {
      const { failed = [], succeeded = [] } = status.uncountedTerminatedPods ?? {};
      return isFinished(status) && failed.length + succeeded.length > 0;
    },
    problem: says(
      'uncountedTerminatedPods',
      'uncountedTerminatedPods needs to be empty for finished job',
    ),
  },
  {
    field: 'conditions',
    reads: ['conditions'],
    fails: (status) => has(status, 'Failed') && !has(status, 'FailureTarget'),
    problem: says(
      'conditions',
      'cannot set Failed=True condition without the FailureTarget=true condition',
    ),
  },
  {
    field: 'conditions',
    reads: ['conditions'],
    fails: (status) => has(status, 'Complete') && !has(status, 'SuccessCriteriaMet'),
    problem: says(
      'conditions',
      'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    ),
  },
];

/** A status that contradicts itself, whoever the controller is that wrote it. */
export function jobStatusProblems(job: StoredJob, old: StoredJob): Problem[] {
  const { status = {} } = job;
  const { status: before = {} } = old;
  return CHECKS.filter(
    ({ reads, fails }) =>
      fails(status) && reads.some((name) => !jsonEqual(status[name], before[name])),
  ).map(({ field, problem }) => problem(`status.${field}`, status));
}
