import { replicasets } from '../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import { nodes, pods, services } from '../../generated/core/v1/resources.ts';
import type { Node, Pod, Service } from '../../generated/core/v1/types.ts';
import {
  BufferedRecorder,
  type Client,
  type Component,
  type ComponentContext,
  type ComponentFactory,
  createClient,
  EventCorrelator,
  type Subscription,
} from '../client/index.ts';
import {
  isApiError,
  isConflict,
  isNotFound,
  type KubeObject,
  type WatchEvent,
} from '../meta/index.ts';
import { ClusterState } from './cluster-state.ts';
import {
  DEFAULT_SCHEDULER,
  type SchedulerConfig,
  type VersionTraits,
  versionTraits,
} from './config.ts';
import { DefaultSelectors } from './default-selector.ts';
import { type ClusterEvent, clusterEvents, type Diagnosis, type Plugin } from './framework.ts';
import { rejectorBits, retryAfter } from './hints.ts';
import { selectorSources, selectsOtherwise } from './informers.ts';
import { countReasons, NO_NODES, unschedulableMessage } from './messages.ts';
import { trackPod } from './pod-tracking.ts';
import { preemptionOutlook } from './preemption-outlook.ts';
import { resolveProfiles } from './profile.ts';
import { type Outcome, ProfileRunner } from './profile-runner.ts';
import { type QueuedPod, SchedulingQueue } from './queue.ts';
import { bind, markNotScheduled, type NotScheduled } from './writes.ts';

interface Inherited {
  readonly state: ClusterState;
  readonly queue: SchedulingQueue;
  readonly correlator: EventCorrelator;
  readonly start: number;
}

type Placed = Extract<Outcome, { kind: 'fits' }>;

const USER = { name: 'system:kube-scheduler', groups: ['system:authenticated'] };
const BACKOFF = 'backoff';
const FLUSH = 'flush';
const NO_PLUGINS: readonly Plugin[] = [];

/** Makes kube-scheduler as a component: it assigns pods to nodes, one a step. */
export function createScheduler(config: SchedulerConfig = {}): ComponentFactory {
  return (context) => new Scheduler(context, config);
}

class Scheduler implements Component {
  readonly name: string;
  readonly #context: ComponentContext;
  readonly #traits: VersionTraits;
  readonly #state: ClusterState;
  readonly #queue: SchedulingQueue;
  readonly #correlator: EventCorrelator;
  readonly #selectors: DefaultSelectors;
  readonly #runners = new Map<string, ProfileRunner>();
  readonly #cursor: { start: number };
  #nodes: Subscription<Node> | undefined;
  #pods: Subscription<Pod> | undefined;
  #groupers: Subscription<Service | ReplicaSet>[] = [];

  constructor(context: ComponentContext, config: SchedulerConfig) {
    const inherited = context.inherited as Inherited | undefined;
    this.name = context.name;
    this.#context = context;
    this.#traits = versionTraits(config.kubernetesVersion);
    this.#state = inherited?.state ?? new ClusterState();
    this.#queue =
      inherited?.queue ??
      new SchedulingQueue({
        initialBackoffMs: (config.podInitialBackoffSeconds ?? 1) * 1000,
        maxBackoffMs: (config.podMaxBackoffSeconds ?? 10) * 1000,
        popsFromBackoff: this.#traits.popsFromBackoff,
      });
    this.#correlator = inherited?.correlator ?? new EventCorrelator();
    this.#cursor = { start: inherited?.start ?? 0 };
    this.#selectors = new DefaultSelectors(selectorSources(context.transport));
    for (const [name, profile] of resolveProfiles(config, this.#selectors))
      this.#runners.set(name, new ProfileRunner(profile, this.#traits));
  }

  get depth(): number {
    return this.#queue.count('active');
  }

  get retrying(): number {
    return this.#queue.count('backoff');
  }

  start(): void {
    const { transport, pace, inherited } = this.#context;
    const options = { notify: () => pace.ready(), initial: inherited === undefined };
    this.#nodes = transport.subscribe(nodes, options);
    this.#groupers = [
      transport.subscribe(services, options) as Subscription<Service | ReplicaSet>,
      transport.subscribe(replicasets, options) as Subscription<Service | ReplicaSet>,
    ];
    this.#pods = transport.subscribe(pods, options);
    pace.ready();
  }

  onTimer(key: string): void {
    if (key === FLUSH) this.#queue.flush(this.#context.pace.now());
  }

  inherit(): Inherited {
    return {
      state: this.#state.fork(),
      queue: this.#queue.clone(),
      correlator: this.#correlator.clone(),
      start: this.#cursor.start,
    };
  }

  step(): boolean | Promise<boolean> {
    this.#readEvents();
    const item = this.#queue.pop(this.#context.pace.now());
    if (item) return this.#scheduleOne(item);
    this.#setTimers();
    return false;
  }

  #setTimers(): void {
    const { pace } = this.#context;
    const backoff = this.#queue.nextBackoffMs();
    if (backoff === undefined) pace.clearTimer(BACKOFF);
    else pace.setTimer(BACKOFF, backoff, 'work');
    const flush = this.#queue.nextFlushMs();
    if (flush === undefined) pace.clearTimer(FLUSH);
    else pace.setTimer(FLUSH, flush, 'periodic');
  }

  #readEvents(): void {
    const { pace } = this.#context;
    for (let event = this.#nodes!.next(); event; event = this.#nodes!.next()) this.#onNode(event);
    for (const groupers of this.#groupers)
      for (let event = groupers.next(); event; event = groupers.next())
        if (event.type !== 'MODIFIED' || selectsOtherwise(event.object, event.previous))
          this.#selectors.invalidate(event.object.metadata?.namespace ?? '');
    for (let event = this.#pods!.next(); event; event = this.#pods!.next()) {
      const happened = trackPod(event, this.#state, this.#queue, {
        nowMs: pace.now(),
        gatesFor: (schedulerName) => this.#runner(schedulerName)?.profile.gates,
      });
      if (happened) this.#retry(happened, event.revision);
    }
  }

  #onNode({ type, object, revision }: WatchEvent<Node>): void {
    if (type === 'DELETED') {
      const node = this.#state.removeNode(object.metadata?.name ?? '');
      if (node) this.#retry({ kinds: clusterEvents.nodeDeleted, node }, revision);
      return;
    }
    const kinds = this.#state.setNode(object);
    if (kinds === 0 || this.#queue.count('unschedulable') === 0) return;
    this.#retry({ kinds, node: this.#state.find(object.metadata?.name ?? '')! }, revision);
  }

  #retry(event: ClusterEvent, trigger: number): void {
    const plugins = (name: string) => this.#runner(name)?.profile.plugins ?? NO_PLUGINS;
    retryAfter(event, this.#queue, plugins, { nowMs: this.#context.pace.now(), trigger });
  }

  #runner(schedulerName: string | undefined): ProfileRunner | undefined {
    return this.#runners.get(schedulerName || DEFAULT_SCHEDULER);
  }

  /** One scheduling and binding cycle. The pod is on its node in the snapshot before the binding is written. */
  async #scheduleOne(item: QueuedPod): Promise<boolean> {
    const { journal, transport, pace, random } = this.#context;
    const record = journal.reserve();
    const client = createClient(transport, {
      user: USER,
      cause: { component: this.name, record },
      fieldManager: 'kube-scheduler',
    });
    const runner = this.#runner(item.pod.spec?.schedulerName)!;
    const outcome = runner.schedule(item.shape, this.#state, this.#cursor, random);
    const base = { component: this.name, key: item.key, trigger: item.trigger };
    try {
      if (outcome.kind === 'fits') {
        const { nodeName: node, score, feasible, evaluated } = outcome;
        const message = await this.#bind(item, outcome, client);
        const decision = { node, ...(score === undefined ? {} : { score }), feasible, evaluated };
        if (message === undefined)
          journal.reconcile({ ...base, outcome: 'done', decision }, record);
        else journal.reconcile({ ...base, outcome: 'error', decision, message }, record);
      } else {
        const { message, decision } = await this.#reject(item, outcome, runner, client);
        journal.reconcile({ ...base, outcome: 'requeue', decision, message }, record);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      journal.reconcile({ ...base, outcome: 'error', message }, record);
      if (!isApiError(error)) this.#context.report(error);
      if (!isNotFound(error) && !this.#queue.get(item.key)) this.#queue.erred(item, pace.now());
    }
    return true;
  }

  /** Returns undefined when bound, else what went wrong. */
  async #bind(item: QueuedPod, { nodeName }: Placed, client: Client): Promise<string | undefined> {
    const { pod, key, uid, shape } = item;
    this.#state.addPod(nodeName, { key, uid, shape, pod, terminating: false });
    try {
      await bind(client, pod, nodeName);
    } catch (error) {
      this.#state.removePod(nodeName, uid, key);
      if (!isApiError(error)) throw error;
      const message = `binding rejected: ${error.message}`;
      if (isNotFound(error) || isConflict(error)) return message;
      this.#queue.erred(item, this.#context.pace.now());
      await this.#report(item, { reason: 'SchedulerError', message }, client);
      return message;
    }
    const { namespace, name } = pod.metadata ?? {};
    const recorder = this.#recorder();
    recorder.event(
      pod as KubeObject,
      'Normal',
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    );
    await recorder.flush(client);
    return undefined;
  }

  async #reject(
    item: QueuedPod,
    outcome: Exclude<Outcome, Placed>,
    runner: ProfileRunner,
    client: Client,
  ): Promise<{ message: string; decision: unknown }> {
    const nowMs = this.#context.pace.now();
    if (outcome.kind === 'error') {
      this.#queue.erred(item, nowMs);
      const { message } = outcome;
      await this.#report(item, { reason: 'SchedulerError', message }, client);
      return { message, decision: { error: message } };
    }
    const { diagnosis } = outcome.kind === 'noNodes' ? { diagnosis: undefined } : outcome;
    const { plugins } = runner.profile;
    const rejectors = diagnosis ? rejectorBits(plugins, rejectorsOf(diagnosis)) : 0;
    this.#queue.failed(item, rejectors, nowMs);
    const message = diagnosis ? this.#message(item, diagnosis, runner) : NO_NODES;
    await this.#report(item, { reason: 'Unschedulable', message }, client);
    const counts = diagnosis ? Object.fromEntries(countReasons(diagnosis)) : { [NO_NODES]: 1 };
    return { message, decision: { unschedulable: counts } };
  }

  #message({ shape }: QueuedPod, diagnosis: Diagnosis, { profile }: ProfileRunner): string {
    const outlook = preemptionOutlook(shape, diagnosis, this.#state, profile);
    return unschedulableMessage(diagnosis, this.#traits, outlook);
  }

  /** Event and condition of a pod that stays without a node. A pod that is gone is let go. */
  async #report(item: QueuedPod, wanted: NotScheduled, client: Client): Promise<void> {
    const { pod } = item;
    const recorder = this.#recorder();
    recorder.event(pod as KubeObject, 'Warning', 'FailedScheduling', wanted.message);
    await recorder.flush(client);
    const generation = this.#traits.observesGeneration ? pod.metadata?.generation : undefined;
    const condition = {
      ...wanted,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    try {
      await markNotScheduled(client, pod, condition, this.#context.pace.now());
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isNotFound(error)) this.#queue.delete(item.key);
    }
  }

  #recorder(): BufferedRecorder {
    const { pace } = this.#context;
    return new BufferedRecorder({ component: DEFAULT_SCHEDULER }, this.#correlator, () =>
      pace.now(),
    );
  }
}

function rejectorsOf({ preFilter, absent, rejections }: Diagnosis): Set<string> {
  const names = new Set(rejections.map(({ plugin }) => plugin));
  if (preFilter) names.add(preFilter.plugin);
  if (absent) names.add(absent.plugin);
  return names;
}
