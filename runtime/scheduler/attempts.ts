import type { Pod } from '../../generated/core/v1/types.ts';
import {
  BufferedRecorder,
  type Client,
  type ComponentContext,
  createClient,
  type EventCorrelator,
} from '../client/index.ts';
import { isApiError, isConflict, isNotFound, type KubeObject } from '../meta/index.ts';
import type { BindingPods } from './binding-pods.ts';
import type { ClusterState } from './cluster-state.ts';
import { DEFAULT_SCHEDULER, type VersionTraits } from './config.ts';
import type { Diagnosis } from './framework.ts';
import { rejectorBits } from './hints.ts';
import { countReasons, NO_NODES, unschedulableMessage } from './messages.ts';
import { volumePlan } from './plugins/volume-binding.ts';
import {
  type Candidate,
  type DisruptionBudget,
  postFilter,
  preemptVictims,
} from './preemption/index.ts';
import type { Outcome, ProfileRunner } from './profile-runner.ts';
import type { QueuedPod, SchedulingQueue } from './queue.ts';
import {
  bindVolumes,
  releaseVolumes,
  reserveVolumes,
  type StorageObjects,
  type VolumeBindings,
  volumesState,
} from './volumes/index.ts';
import { bind, clearNomination, markNotScheduled, type NotScheduled, nominate } from './writes.ts';

type Placed = Extract<Outcome, { kind: 'fits' }>;
type Unschedulable = Extract<Outcome, { kind: 'unschedulable' }>;
type Report = Omit<NotScheduled, 'observesGeneration'>;

/** What an attempt came to, for the journal. */
interface Result {
  readonly outcome: 'done' | 'requeue' | 'error';
  readonly decision?: unknown;
  readonly message?: string;
}

const USER = { name: 'system:kube-scheduler', groups: ['system:authenticated'] };

/** What attempts share with the scheduler that makes them. */
export interface AttemptsContext {
  readonly context: ComponentContext;
  readonly state: ClusterState;
  readonly queue: SchedulingQueue;
  readonly binding: BindingPods;
  readonly correlator: EventCorrelator;
  readonly traits: VersionTraits;
  readonly storage: StorageObjects;
  readonly cursor: { start: number };
  budgets(): readonly DisruptionBudget[];
}

/** Scheduling and binding cycles: decides where a pod goes and writes what follows from it. */
export class Attempts {
  readonly #shared: AttemptsContext;

  constructor(shared: AttemptsContext) {
    this.#shared = shared;
  }

  /** One scheduling cycle. The pod is on its node in the snapshot before anything is written. */
  schedule(item: QueuedPod, runner: ProfileRunner): Promise<void> {
    return this.#recorded(item, (client) => {
      const { state, cursor, context } = this.#shared;
      const { key, shape, pod } = item;
      const nominatedNodeName = state.nominations.nodeOf(key) ?? pod.status?.nominatedNodeName;
      const incoming = { key, shape, nominatedNodeName };
      const outcome = runner.schedule(incoming, state, cursor, context.random);
      return outcome.kind === 'fits'
        ? this.#place(item, outcome, runner, client)
        : this.#reject(item, outcome, client);
    });
  }

  /** Goes on with a pod whose volumes were being bound, once they are, or cannot be, or it took too long. */
  async resume(key: string): Promise<void> {
    const { binding, context, state, storage } = this.#shared;
    const { item, volumes, deadlineMs } = binding.get(key)!;
    const facts = state.find(volumes.nodeName)?.facts;
    let progress = volumesState(volumes, facts, storage);
    if (progress === 'waiting') {
      if (context.pace.now() < deadlineMs) return;
      progress = { failed: 'context deadline exceeded' };
    }
    binding.delete(key);
    releaseVolumes(volumes, state.assumed);
    await this.#recorded(item, (client) =>
      progress === 'bound'
        ? this.#bind(item, volumes.nodeName, { node: volumes.nodeName }, client)
        : this.#fail(item, volumes, (progress as { failed: string }).failed, client),
    );
  }

  /** Lets a pod go that is gone while its volumes were being bound. */
  abandon(key: string): void {
    const { binding, state } = this.#shared;
    const { item, volumes } = binding.get(key)!;
    binding.delete(key);
    releaseVolumes(volumes, state.assumed);
    state.removePod(volumes.nodeName, item.uid, key);
  }

  async #recorded(item: QueuedPod, work: (client: Client) => Promise<Result>): Promise<void> {
    const { context, queue } = this.#shared;
    const { journal, transport, pace, name } = context;
    const record = journal.reserve();
    const base = { component: name, key: item.key, trigger: item.trigger };
    const client = createClient(transport, {
      user: USER,
      cause: { component: name, record },
      fieldManager: 'kube-scheduler',
    });
    try {
      journal.reconcile({ ...base, ...(await work(client)) }, record);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      journal.reconcile({ ...base, outcome: 'error', message }, record);
      if (!isApiError(error)) context.report(error);
      if (!isNotFound(error) && !queue.get(item.key)) queue.erred(item, pace.now());
    }
  }

  /** Reserve and PreBind; binds at once when there are no volumes to wait for. */
  async #place(
    item: QueuedPod,
    { slot, nodeName, score, feasible, evaluated }: Placed,
    runner: ProfileRunner,
    client: Client,
  ): Promise<Result> {
    const { state, storage } = this.#shared;
    const { key, uid, shape, pod } = item;
    const { bindTimeoutMs } = runner.profile;
    const node = state.at(slot)!;
    const plan =
      shape.volumes && bindTimeoutMs !== undefined
        ? volumePlan(shape, node, storage, state.assumed)
        : undefined;
    const where = { name: nodeName, namespace: shape.namespace };
    const volumes = plan && reserveVolumes(plan, where, state.assumed);
    state.addPod(nodeName, { key, uid, shape, pod, terminating: false });
    state.nominations.delete(key);
    const decision = {
      node: nodeName,
      ...(score === undefined ? {} : { score }),
      feasible,
      evaluated,
    };
    if (!volumes) return this.#bind(item, nodeName, decision, client);
    return this.#preBind(item, volumes, bindTimeoutMs!, decision, client);
  }

  async #preBind(
    item: QueuedPod,
    volumes: VolumeBindings,
    timeoutMs: number,
    decision: object,
    client: Client,
  ): Promise<Result> {
    const { binding, context, state, storage, traits } = this.#shared;
    try {
      if (traits.nominatesWhileBinding) await nominate(client, item.pod, volumes.nodeName);
      await bindVolumes(client, volumes, storage);
    } catch (error) {
      if (!isApiError(error)) throw error;
      releaseVolumes(volumes, state.assumed);
      return this.#fail(item, volumes, error.message, client);
    }
    binding.add(item, volumes, context.pace.now() + timeoutMs);
    return { outcome: 'done', decision: { ...decision, waitsForVolumes: true } };
  }

  #fail(
    item: QueuedPod,
    { nodeName }: VolumeBindings,
    why: string,
    client: Client,
  ): Promise<Result> {
    const { state } = this.#shared;
    state.removePod(nodeName, item.uid, item.key);
    return this.#err(
      item,
      `running PreBind plugin "VolumeBinding": binding volumes: ${why}`,
      client,
    );
  }

  async #err(item: QueuedPod, message: string, client: Client): Promise<Result> {
    const { queue, context } = this.#shared;
    queue.erred(item, context.pace.now());
    await this.#report(item, { reason: 'SchedulerError', message }, client);
    return { outcome: 'error', message };
  }

  async #bind(
    item: QueuedPod,
    nodeName: string,
    decision: object,
    client: Client,
  ): Promise<Result> {
    const { state } = this.#shared;
    const { pod, key, uid } = item;
    try {
      await bind(client, pod, nodeName);
    } catch (error) {
      state.removePod(nodeName, uid, key);
      if (!isApiError(error)) throw error;
      const message = `binding rejected: ${error.message}`;
      if (isNotFound(error) || isConflict(error)) return { outcome: 'error', decision, message };
      return { ...(await this.#err(item, message, client)), decision };
    }
    const { namespace, name } = pod.metadata ?? {};
    const recorder = this.#recorder(pod);
    const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
    recorder.event(pod as KubeObject, 'Normal', 'Scheduled', message);
    await recorder.flush(client);
    return { outcome: 'done', decision };
  }

  async #reject(
    item: QueuedPod,
    outcome: Exclude<Outcome, Placed>,
    client: Client,
  ): Promise<Result> {
    const { queue, context } = this.#shared;
    if (outcome.kind === 'error') {
      const { message } = outcome;
      await this.#err(item, message, client);
      return { outcome: 'requeue', decision: { error: message }, message };
    }
    if (outcome.kind === 'noNodes') {
      queue.failed(item, 0, context.pace.now());
      await this.#report(item, { reason: 'Unschedulable', message: NO_NODES }, client);
      const decision = { unschedulable: { [NO_NODES]: 1 } };
      return { outcome: 'requeue', decision, message: NO_NODES };
    }
    return this.#postFilter(item, outcome, client);
  }

  async #postFilter(item: QueuedPod, outcome: Unschedulable, client: Client): Promise<Result> {
    const { queue, context, state, traits, budgets } = this.#shared;
    const { diagnosis, cycle } = outcome;
    const { candidate, reply, clearsNomination } = postFilter(outcome, {
      budgets: budgets(),
      random: context.random,
    });
    const rejectors = rejectorBits(cycle.profile.plugins, rejectorsOf(diagnosis));
    queue.failed(item, rejectors, context.pace.now());
    const message = unschedulableMessage(diagnosis, traits, reply);
    const unschedulable = Object.fromEntries(countReasons(diagnosis));
    if (candidate) {
      await this.#preempt(item, candidate, message, client);
      const victims = candidate.victims.map(({ key }) => key);
      const preempts = { node: candidate.nodeName, victims };
      return { outcome: 'requeue', decision: { unschedulable, preempts }, message };
    }
    if (clearsNomination) state.nominations.delete(item.key);
    const nominatedNodeName = clearsNomination ? '' : undefined;
    await this.#report(item, { reason: 'Unschedulable', message, nominatedNodeName }, client);
    return { outcome: 'requeue', decision: { unschedulable }, message };
  }

  /** Nominates the pod for the node and removes the victims; the events of their end bring the pod back. */
  async #preempt(
    item: QueuedPod,
    candidate: Candidate,
    message: string,
    client: Client,
  ): Promise<void> {
    const { context, queue, state, traits } = this.#shared;
    const { pod, key, uid, shape, trigger } = item;
    const { nodeName } = candidate;
    const displaced = state.nominations
      .on(nodeName)
      .filter((other) => other.key !== key && other.shape.priority < shape.priority);
    state.nominations.set(nodeName, { key, uid, shape, pod, terminating: false });
    for (const other of displaced) state.nominations.delete(other.key);
    const report: Report = { reason: 'Unschedulable', message, nominatedNodeName: nodeName };
    await this.#report(item, report, client);
    for (const other of displaced) await clearNomination(client, other.pod);
    const recorder = this.#recorder(pod);
    const nowMs = context.pace.now();
    const { observesGeneration } = traits;
    try {
      await preemptVictims(client, recorder, candidate, { pod, nowMs, observesGeneration });
    } catch (error) {
      if (!isApiError(error)) throw error;
      queue.activate(key, nowMs, trigger);
    }
    await recorder.flush(client);
  }

  /** Event and condition of a pod that stays without a node. A pod that is gone is let go. */
  async #report({ key, pod }: QueuedPod, wanted: Report, client: Client): Promise<void> {
    const { context, queue, traits } = this.#shared;
    const recorder = this.#recorder(pod);
    recorder.event(pod as KubeObject, 'Warning', 'FailedScheduling', wanted.message);
    await recorder.flush(client);
    const { observesGeneration } = traits;
    try {
      await markNotScheduled(client, pod, { ...wanted, observesGeneration }, context.pace.now());
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isNotFound(error)) queue.delete(key);
    }
  }

  #recorder({ spec }: Pod): BufferedRecorder {
    const { context, correlator } = this.#shared;
    const component = spec?.schedulerName || DEFAULT_SCHEDULER;
    return new BufferedRecorder({ component }, correlator, () => context.pace.now());
  }
}

function rejectorsOf({ preFilter, absent, rejections }: Diagnosis): Set<string> {
  const names = new Set(rejections.map(({ plugin }) => plugin));
  if (preFilter) names.add(preFilter.plugin);
  if (absent) names.add(absent.plugin);
  return names;
}
