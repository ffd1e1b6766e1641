import { placedOn } from '../eviction/index.ts';
import type { Kubelets } from '../kubelets.ts';
import { BY_NODE } from '../kubelets.ts';
import { isMirror } from '../pod-source.ts';
import { type PodNow, sumOf, usageOn } from './usage-now.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it was measured; absent where that is when it is read. */
  readonly atMs?: number;
}

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** In Prometheus' text format. */
function written(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((each) => line(name, each)).join('')}`,
    )
    .join('');
}

function line(name: string, { labels, value, atMs }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
  const braces = pairs.length > 0 ? `{${pairs.join(',')}}` : '';
  return `${name}${braces} ${value}${atMs === undefined ? '' : ` ${atMs}`}\n`;
}

const SECOND = 1e9;

/** `/metrics/resource`: processor time and memory of the node, its pods and their containers. */
export function resourceMetrics(kubelets: Kubelets, node: string): string {
  const atMs = kubelets.context.pace.now();
  const pods = usageOn(kubelets, node);
  const all = sumOf(pods);
  const perContainer = (value: (each: PodNow['containers'][number]) => number): Sample[] =>
    pods.flatMap((each) =>
      each.containers.map((own) => ({
        labels: { container: own.name, ...labelsOf(each) },
        value: value(own),
        atMs,
      })),
    );
  const perPod = (value: (each: PodNow) => number): Sample[] =>
    pods.map((each) => ({ labels: labelsOf(each), value: value(each), atMs }));
  const metric = (
    name: string,
    type: Metric['type'],
    help: string,
    samples: readonly Sample[],
  ): Metric => ({ name, type, help: `[STABLE] ${help}`, samples });
  return written([
    metric(
      'container_cpu_usage_seconds_total',
      'counter',
      'Processor time that a container has taken, in seconds.',
      perContainer(({ cpuTotalNanos }) => cpuTotalNanos / SECOND),
    ),
    metric(
      'container_memory_working_set_bytes',
      'gauge',
      'Memory that a container uses.',
      perContainer(({ memoryBytes }) => memoryBytes),
    ),
    metric(
      'container_start_time_seconds',
      'gauge',
      'When a container started, in seconds since 1970.',
      perContainer(({ startedMs }) => startedMs / 1000),
    ),
    metric('node_cpu_usage_seconds_total', 'counter', 'Processor time of the node, in seconds.', [
      { labels: {}, value: all.cpuTotalNanos / SECOND, atMs },
    ]),
    metric('node_memory_working_set_bytes', 'gauge', 'Memory that the pods of the node use.', [
      { labels: {}, value: all.memoryBytes, atMs },
    ]),
    metric(
      'pod_cpu_usage_seconds_total',
      'counter',
      'Processor time that a pod has taken, in seconds.',
      perPod(({ cpuTotalNanos }) => cpuTotalNanos / SECOND),
    ),
    metric(
      'pod_memory_working_set_bytes',
      'gauge',
      'Memory that a pod uses.',
      perPod(({ memoryBytes }) => memoryBytes),
    ),
    metric('resource_scrape_error', 'gauge', '1 if something could not be measured.', [
      { labels: {}, value: 0 },
    ]),
  ]);
}

function labelsOf({ pod: { metadata } }: PodNow): Readonly<Record<string, string>> {
  return { namespace: metadata.namespace ?? '', pod: metadata.name ?? '' };
}

/** `/metrics`: what the kubelet counts of itself, as far as it is simulated. */
export function kubeletMetrics(kubelets: Kubelets, node: string): string {
  const { state, pods } = kubelets;
  const placed = placedOn(kubelets, node).filter(({ record }) => !record.terminal);
  const upCount = usageOn(kubelets, node).flatMap(({ containers }) => containers).length;
  const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
    name,
    type: 'gauge',
    help: `[ALPHA] ${help}`,
    samples,
  });
  const statics = state.staticKeys.get(node)?.length ?? 0;
  const mirrors = pods.byIndex(BY_NODE, node).filter(isMirror).length;
  const running = placed.filter(({ record }) => record.ip !== undefined).length;
  return written([
    gauge('kubelet_desired_pods', 'Pods that the kubelet is to run.', [
      { labels: { static: '' }, value: placed.length - statics },
      { labels: { static: 'true' }, value: statics },
    ]),
    gauge('kubelet_mirror_pods', 'Mirrors of static pods.', [{ labels: {}, value: mirrors }]),
    gauge('kubelet_node_name', 'Name of the node, as a label.', [{ labels: { node }, value: 1 }]),
    gauge('kubelet_running_containers', 'Containers by their state.', [
      { labels: { container_state: 'exited' }, value: exitedIn(placed) },
      { labels: { container_state: 'running' }, value: upCount },
    ]),
    gauge('kubelet_running_pods', 'Pods that have a sandbox.', [{ labels: {}, value: running }]),
  ]);
}

function exitedIn(placed: ReturnType<typeof placedOn>): number {
  return placed
    .flatMap(({ record }) => [...record.main, ...record.init])
    .filter(({ stage }) => stage.at === 'exited').length;
}
