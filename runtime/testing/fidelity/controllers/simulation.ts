import type { Pod } from '../../../../generated/core/v1/types.ts';
import type { Cluster } from '../../../cluster/index.ts';
import { controllerOf, formatMicroTime, formatTime, isConditionTrue } from '../../../meta/index.ts';
import type { SimulatedNode } from './cases.ts';
import type { Desk } from './desk.ts';

const LEASES = 'kube-node-lease';
const RENEW_MS = 1000;
const DEFAULT_AFTER_MS = 300;
const DEFAULT_STOP_MS = 150;
const KILLED = 143;

interface Life {
  readonly startedMs: number;
  deletedMs?: number;
}

/**
 * The nodes that the cases were recorded on: they renew leases and run pods at once, unless annotations of the pod say
 * otherwise. They stand in for ours, so that only the control plane is compared.
 */
export class Simulation {
  readonly #cluster: Cluster;
  readonly #desk: Desk;
  readonly #running = new Set<string>();
  readonly #renewedMs = new Map<string, number>();
  readonly #lives = new Map<string, Life>();
  #addresses = 0;

  constructor(cluster: Cluster, desk: Desk) {
    this.#cluster = cluster;
    this.#desk = desk;
  }

  async join({
    name,
    labels = {},
    taints = [],
    unschedulable = false,
  }: SimulatedNode): Promise<void> {
    const quantities = { cpu: '64', memory: '256Gi', pods: '500', 'ephemeral-storage': '500Gi' };
    this.#running.add(name);
    await this.#desk.create({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      ...{ spec: { taints, ...(unschedulable ? { unschedulable } : {}) } },
      status: {
        capacity: quantities,
        allocatable: quantities,
        addresses: [{ type: 'InternalIP', address: `192.0.2.${this.#running.size}` }],
        nodeInfo: { kubeletVersion: 'v1.28.0' },
      },
    });
    await this.report(name, 'Ready', 'True', 'KubeletReady');
    await this.#renew(name);
  }

  stop(name: string): void {
    this.#running.delete(name);
  }

  start(name: string): void {
    this.#running.add(name);
  }

  async report(node: string, type: string, status: string, reason: string): Promise<void> {
    const now = formatTime(this.#cluster.now());
    const times = { lastHeartbeatTime: now, lastTransitionTime: now };
    const condition = { type, status, reason, message: 'simulated', ...times };
    const found = this.#desk.find(`Node/${node}`) as {
      status?: { conditions?: { type: string }[] };
    };
    const others = found?.status?.conditions?.filter((each) => each.type !== type) ?? [];
    const status_ = { conditions: [...others, condition] };
    await this.#desk.merge(`Node/${node}`, { status: status_ }, { subresource: 'status' });
  }

  /**
   * What is due at this moment. The control plane sees one pod's news before the next: so it was at the recording, but for Jobs,
   * whose controller gathers for a second.
   */
  async tick(): Promise<void> {
    const now = this.#cluster.now();
    for (const name of this.#running)
      if (now - (this.#renewedMs.get(name) ?? 0) >= RENEW_MS) await this.#renew(name);
    for (const pod of this.#desk.list('Pod') as unknown as readonly Pod[])
      if (this.#running.has(pod.spec?.nodeName ?? '')) {
        await this.#live(pod, now);
        if (controllerOf(pod)?.kind !== 'Job') await this.#cluster.drain();
      }
  }

  async #renew(name: string): Promise<void> {
    this.#renewedMs.set(name, this.#cluster.now());
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: formatMicroTime(this.#cluster.now()),
    };
    const metadata = { name, namespace: LEASES };
    const found = await this.#desk.merge(`Lease/${name}`, { spec }, { namespace: LEASES });
    if (found.code === 404)
      await this.#desk.create({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata,
        ...{ spec },
      });
  }

  async #live(pod: Pod, now: number): Promise<void> {
    const { name = '', uid = '', deletionTimestamp } = pod.metadata;
    const life = this.#lives.get(uid) ?? { startedMs: now };
    this.#lives.set(uid, life);
    if (deletionTimestamp) {
      life.deletedMs ??= now;
      if (now - life.deletedMs >= numberOf(pod, 'stop-after', DEFAULT_STOP_MS))
        await this.#end(pod);
      return;
    }
    const wanted = this.#statusOf(pod, now - life.startedMs);
    const isReady = isConditionTrue(pod.status?.conditions, 'Ready');
    if (pod.status?.phase === wanted.phase && isReady === wanted.ready && pod.status?.podIP) return;
    await this.#report(pod, name, wanted);
  }

  async #end(pod: Pod): Promise<void> {
    const { name = '' } = pod.metadata;
    const isOver = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
    if ((pod.spec?.restartPolicy ?? 'Always') !== 'Always' && !isOver)
      await this.#report(pod, name, { phase: 'Failed', ready: false, code: KILLED });
    await this.#desk.delete(`Pod/${name}`, { gracePeriodSeconds: 0 });
  }

  #statusOf(pod: Pod, ageMs: number): { phase: string; ready: boolean; code?: number } {
    const isMissing = pod.spec?.containers.some(({ image }) => image?.includes('missing'));
    if (isMissing || annotation(pod, 'image-fails')) return { phase: 'Pending', ready: false };
    if (annotation(pod, 'fail-now')) return { phase: 'Failed', ready: false, code: 1 };
    const exit = annotation(pod, 'exit');
    if (exit !== undefined && ageMs >= numberOf(pod, 'after', DEFAULT_AFTER_MS)) {
      const code = Number(exit.split(',')[completionIndex(pod)]);
      return { phase: code === 0 ? 'Succeeded' : 'Failed', ready: false, code };
    }
    const ready = annotation(pod, 'ready') !== 'false' && ageMs >= numberOf(pod, 'ready-after', 0);
    return { phase: 'Running', ready };
  }

  async #report(
    pod: Pod,
    name: string,
    { phase, ready, code }: { phase: string; ready: boolean; code?: number },
  ): Promise<void> {
    const time = formatTime(this.#cluster.now());
    const ip = annotation(pod, 'ip') ?? pod.status?.podIP ?? `10.244.60.${++this.#addresses}`;
    const state =
      code !== undefined
        ? { terminated: { exitCode: code, startedAt: time, finishedAt: time } }
        : phase === 'Pending'
          ? { waiting: { reason: 'ImagePullBackOff' } }
          : { running: { startedAt: time } };
    const containers = pod.spec?.containers ?? [];
    const others = pod.status?.conditions?.filter(({ type }) => type !== 'Ready') ?? [];
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      lastTransitionTime: time,
      ...whyNotReady(
        phase,
        ready,
        containers.map((each) => each.name),
      ),
    };
    const status = {
      phase,
      podIP: ip,
      podIPs: [{ ip }],
      startTime: pod.status?.startTime ?? time,
      conditions: [...others, condition],
      containerStatuses: containers.map(({ name: container, image }) => ({
        name: container,
        image,
        imageID: '',
        ready,
        restartCount: 0,
        state,
      })),
    };
    await this.#desk.merge(`Pod/${name}`, { status }, { subresource: 'status' });
  }
}

function whyNotReady(phase: string, ready: boolean, containers: readonly string[]): object {
  if (ready) return {};
  if (phase === 'Succeeded') return { reason: 'PodCompleted' };
  if (phase === 'Failed') return { reason: 'PodFailed' };
  return {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${containers.join(' ')}]`,
  };
}

const annotation = ({ metadata }: Pod, name: string): string | undefined =>
  metadata.annotations?.[`sim.example/${name}`];

/** Exit codes may be a list by the index that the pod of a Job works on. */
const completionIndex = ({ metadata }: Pod): number =>
  Number(metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? 0);

const numberOf = (pod: Pod, name: string, otherwise: number): number =>
  Number(annotation(pod, name) ?? otherwise);
