import { pods } from '../../../../generated/core/v1/resources.ts';
import type { Pod, PodSpec } from '../../../../generated/core/v1/types.ts';
import { stopwatch } from '../../../base/index.ts';
import type { Cluster } from '../../../cluster/index.ts';
import { type Case, type Figure, figure } from '../figure.ts';
import { requests } from './pods.ts';
import { emptyCluster, type Fleet, NEW } from './setting.ts';

/** Pods of one kind. */
export interface Pods {
  readonly count: number;
  /** Namespaces that they are spread over. */
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: string[];
  readonly spec?: Partial<PodSpec>;
  /** What the spec of each has besides. */
  readonly specOf?: (pod: Named, at: number) => Partial<PodSpec>;
  /** Makes what a pod needs before it is there. */
  readonly prepare?: (cluster: Cluster, pod: Named) => Promise<void>;
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

/** Something that goes on while pods are scheduled. */
export interface Disturbance {
  /** How often it happens, evenly among the measured pods. */
  readonly times: number;
  readonly happen: (cluster: Cluster, at: number) => Promise<void>;
}

/** A workload of kube-scheduler's own benchmark, and the pods a second that upstream demands of it. */
export interface Workload {
  readonly name: string;
  readonly fleet: Fleet;
  /** Undefined where upstream demands nothing. */
  readonly floor?: number;
  /** Objects that are there before any pod. */
  readonly given?: (cluster: Cluster) => Promise<void>;
  readonly before: readonly Pods[];
  readonly measured: Pods;
  /** Come at the same time and are not counted. */
  readonly besides?: Pods;
  readonly during?: Disturbance;
}

/** Ours must reach this many times upstream's floor, in process. */
const TIMES = 3;

export async function add(
  cluster: Cluster,
  prefix: string,
  { count, namespaces, labels, finalizers, specOf, prepare, ...made }: Pods,
): Promise<void> {
  const spec: PodSpec = { containers: requests('100m'), ...made.spec };
  for (let at = 0; at < count; at++) {
    const name = `${prefix}-${at}`;
    const namespace = namespaces[at % namespaces.length]!;
    await prepare?.(cluster, { name, namespace });
    await cluster.client.create(pods, {
      metadata: {
        name,
        namespace,
        ...(labels ? { labels } : {}),
        ...(finalizers ? { finalizers } : {}),
      },
      spec: specOf ? { ...spec, ...specOf({ name, namespace }, at) } : spec,
    });
  }
}

/** Each workload begins on a fork of an empty cluster. */
async function measure(workload: Workload): Promise<Figure[]> {
  const { name, fleet, floor, given, before, measured, besides, during } = workload;
  const cluster = await (await emptyCluster(fleet)).fork();
  await given?.(cluster);
  for (const [at, each] of before.entries()) {
    await add(cluster, `before-${at}`, each);
    await cluster.drain();
  }
  if (besides) await add(cluster, 'besides', besides);
  await add(cluster, 'measured', measured);
  const elapsed = stopwatch();
  if (during) await disturbed(cluster, measured.count, during);
  await cluster.drain();
  // Preemptors come back after their back-off, once their victims are gone.
  for (let round = 0; round < 20 && bound(cluster) < measured.count; round++)
    await cluster.advance(1000);
  const seconds = elapsed() / 1000;
  if (bound(cluster) !== measured.count)
    throw new Error(`${name}: ${bound(cluster)} of ${measured.count} pods are bound`);
  const nodes = fleet.count === 1 ? '1 node' : `${fleet.count} nodes`;
  const title = `${name}, ${nodes}`;
  return [figure(title, measured.count / seconds, 'pods/s', floor && floor * TIMES)];
}

/** Measured pods that have a node. */
function bound({ transport }: Cluster): number {
  const isMeasured = ({ metadata, spec }: Pod): boolean =>
    metadata.name!.startsWith('measured-') && spec?.nodeName !== undefined;
  return transport.lister<Pod>(pods).list(NEW[0]).filter(isMeasured).length;
}

/** Works, and lets the disturbance happen each time after its share of the steps that the pods take. */
async function disturbed(
  cluster: Cluster,
  podCount: number,
  { times, happen }: Disturbance,
): Promise<void> {
  const share = Math.ceil(podCount / times);
  for (let at = 0; at < times; at++) {
    for (let step = 0; step < share && (await cluster.loop.step()); step++);
    await happen(cluster, at);
  }
}

export function casesOf(workloads: readonly Workload[]): readonly Case[] {
  return workloads.map((workload) => ({
    name: `scheduler-${workload.name}`,
    run: () => measure(workload),
  }));
}
