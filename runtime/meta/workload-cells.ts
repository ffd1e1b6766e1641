import type { ControllerRevision, DaemonSet } from '../../generated/apps/v1/types.ts';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
} from '../../generated/autoscaling/v2/types.ts';
import type { CronJob, Job, JobSpec } from '../../generated/batch/v1/types.ts';
import type { PodDisruptionBudget } from '../../generated/policy/v1/types.ts';
import type { PriorityClass } from '../../generated/scheduling/v1/types.ts';
import { ago, type Cell, joined, NONE, cellOf as of } from './cell.ts';
import type { ConditionLike } from './conditions.ts';
import { splitApiVersion } from './object.ts';
import { formatSelector } from './selectors.ts';
import { humanDuration, parseTime } from './time.ts';

const UNKNOWN = '<unknown>';
const UNSET = '<unset>';

const bool = (value: boolean | undefined): string => (value ? 'True' : 'False');

const count = (name: keyof NonNullable<DaemonSet['status']>): Cell =>
  of<DaemonSet>(({ status }) => String(status?.[name] ?? 0));

/** Conditions that name a Job's state, the first that holds first: when it has ended, and before. */
const ENDED = ['Complete', 'Failed'];
const UNDER_WAY = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function jobStatus({ metadata, status }: Job): string {
  const conditions: readonly ConditionLike[] = status?.conditions ?? [];
  const holding = (types: readonly string[]): string | undefined =>
    types.find((type) => conditions.some((each) => each.type === type && each.status === 'True'));
  const ended = holding(ENDED);
  if (ended) return ended;
  return metadata.deletionTimestamp ? 'Terminating' : (holding(UNDER_WAY) ?? 'Running');
}

function jobCompletions({ spec, status }: Job): string {
  const { completions, parallelism = 0 } = spec ?? ({} as JobSpec);
  const succeeded = status?.succeeded ?? 0;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration({ status }: Job, nowMs: number): string {
  const { startTime, completionTime } = status ?? {};
  if (!startTime) return '';
  const end = completionTime ? parseTime(completionTime) : nowMs;
  return humanDuration(end - parseTime(startTime));
}

const jobPod = ({ spec }: CronJob) => spec?.jobTemplate?.spec?.template?.spec;

/** Metrics shown before the rest is only counted. */
const METRICS_MAX = 2;

function autoscalerTargets({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return NONE;
  const shown = metrics
    .slice(0, METRICS_MAX)
    .map((metric, at) => metricText(metric, status?.currentMetrics?.[at]))
    .join(', ');
  const more = metrics.length - METRICS_MAX;
  return more > 0 ? `${shown} + ${more} more...` : shown;
}

/** Present value and target of a metric, each as the metric's source counts it. */
function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  const { object, external, pods, resource, containerResource } = metric;
  const values = object ?? external;
  if (values) {
    const now = (status?.object ?? status?.external)?.current;
    const { averageValue, value } = values.target;
    return averageValue === undefined
      ? `${now?.value ?? UNKNOWN}/${value ?? UNKNOWN}`
      : `${now?.averageValue ?? UNKNOWN}/${averageValue} (avg)`;
  }
  if (pods) return `${status?.pods?.current.averageValue ?? UNKNOWN}/${pods.target.averageValue}`;
  const used = resource ?? containerResource;
  if (!used) return '<unknown type>';
  const now = (status?.resource ?? status?.containerResource)?.current;
  const { averageValue, averageUtilization } = used.target;
  if (averageValue !== undefined)
    return `${used.name}: ${now?.averageValue ?? UNKNOWN}/${averageValue}`;
  const present = now?.averageUtilization;
  const target = averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`;
  return `${used.name}: ${present === undefined ? UNKNOWN : `${present}%`}/${target}`;
}

function revisionController({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return NONE;
  const { group } = splitApiVersion(owner.apiVersion);
  return `${owner.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${owner.name}`;
}

/** Cells of what keeps pods running, and of what limits and ranks them. */
export const WORKLOAD_CELLS: Readonly<Record<string, Cell>> = {
  daemonSetDesired: count('desiredNumberScheduled'),
  daemonSetCurrent: count('currentNumberScheduled'),
  daemonSetReady: count('numberReady'),
  daemonSetUpToDate: count('updatedNumberScheduled'),
  daemonSetAvailable: count('numberAvailable'),
  templateNodeSelector: of<DaemonSet>(
    ({ spec }) => formatSelector({ matchLabels: spec?.template?.spec?.nodeSelector ?? {} }) || NONE,
  ),
  revisionController: of<ControllerRevision>(revisionController),
  jobStatus: of<Job>(jobStatus),
  jobCompletions: of<Job>(jobCompletions),
  jobDuration: of<Job>(jobDuration),
  cronJobTimeZone: of<CronJob>(({ spec }) => spec?.timeZone ?? NONE),
  cronJobSuspend: of<CronJob>(({ spec }) => bool(spec?.suspend)),
  cronJobActive: of<CronJob>(({ status }) => String(status?.active?.length ?? 0)),
  cronJobLastSchedule: of<CronJob>(({ status }, nowMs) =>
    status?.lastScheduleTime ? ago(status.lastScheduleTime, nowMs) : NONE,
  ),
  cronJobContainers: of<CronJob>((cronJob) =>
    joined(jobPod(cronJob)?.containers?.map(({ name }) => name)),
  ),
  cronJobImages: of<CronJob>((cronJob) =>
    joined(jobPod(cronJob)?.containers?.map(({ image }) => image)),
  ),
  cronJobSelector: of<CronJob>(({ spec }) => {
    const selector = spec?.jobTemplate?.spec?.selector;
    return (selector && formatSelector(selector)) || NONE;
  }),
  autoscalerReference: of<HorizontalPodAutoscaler>(
    ({ spec }) => `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`,
  ),
  autoscalerTargets: of<HorizontalPodAutoscaler>(autoscalerTargets),
  autoscalerMinPods: of<HorizontalPodAutoscaler>(({ spec }) => String(spec?.minReplicas ?? UNSET)),
  autoscalerReplicas: of<HorizontalPodAutoscaler>(({ status }) =>
    String(status?.currentReplicas ?? 0),
  ),
  budgetMinAvailable: of<PodDisruptionBudget>(({ spec }) => String(spec?.minAvailable ?? 'N/A')),
  budgetMaxUnavailable: of<PodDisruptionBudget>(({ spec }) =>
    String(spec?.maxUnavailable ?? 'N/A'),
  ),
  budgetAllowedDisruptions: of<PodDisruptionBudget>(({ status }) =>
    String(status?.disruptionsAllowed ?? 0),
  ),
  priorityGlobalDefault: of<PriorityClass>(({ globalDefault }) => String(globalDefault ?? false)),
};
