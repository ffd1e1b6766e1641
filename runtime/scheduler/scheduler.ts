import { replicasets } from '../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import { clusters } from '../../generated/cluster/v1/resources.ts';
import {
  namespaces,
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  pods,
  services,
} from '../../generated/core/v1/resources.ts';
import type { Namespace, Node, Pod, Service } from '../../generated/core/v1/types.ts';
import { kubeschedulerconfigurations } from '../../generated/kubescheduler/v1/resources.ts';
import { csidrivers, csinodes, storageclasses } from '../../generated/storage/v1/resources.ts';
import {
  type Component,
  type ComponentContext,
  type ComponentFactory,
  EventCorrelator,
  type Subscription,
} from '../client/index.ts';
import type { KubeObject, ResourceRef, WatchEvent } from '../meta/index.ts';
import { Attempts } from './attempts.ts';
import { BindingPods } from './binding-pods.ts';
import { ClusterState } from './cluster-state.ts';
import {
  DEFAULT_SCHEDULER,
  type SchedulerConfig,
  type VersionTraits,
  versionTraits,
} from './config.ts';
import { DefaultSelectors } from './default-selector.ts';
import { type ClusterEvent, clusterEvents, type Plugin } from './framework.ts';
import { retryAfter } from './hints.ts';
import {
  budgetLister,
  effectiveConfig,
  isServed,
  selectorSources,
  selectsOtherwise,
  storageObjects,
} from './informers.ts';
import { trackPod } from './pod-tracking.ts';
import { disruptionBudget } from './preemption/index.ts';
import { type PluginSources, resolveProfiles } from './profile.ts';
import { ProfileRunner } from './profile-runner.ts';
import { type QueueOptions, SchedulingQueue } from './queue.ts';
import type { Labels } from './selectors.ts';

interface Inherited {
  readonly state: ClusterState;
  readonly queue: SchedulingQueue;
  readonly binding: BindingPods;
  readonly correlator: EventCorrelator;
  readonly start: number;
}

const BACKOFF = 'backoff';
const FLUSH = 'flush';
const VOLUMES = 'volumes';
const NO_PLUGINS: readonly Plugin[] = [];

/** Kinds whose changes may help pods with volumes. */
const STORAGE: readonly (readonly [ResourceRef, number])[] = [
  [persistentvolumeclaims, clusterEvents.claims],
  [persistentvolumes, clusterEvents.volumes],
  [storageclasses, clusterEvents.storageClasses],
  [csinodes, clusterEvents.csiNodes],
  [csidrivers, clusterEvents.csiDrivers],
];

/** Makes kube-scheduler as a component: it assigns pods to nodes, one a step. What the cluster says of it counts before `config`. */
export function createScheduler(config: SchedulerConfig = {}): ComponentFactory {
  return (context) => new Scheduler(context, config);
}

class Scheduler implements Component {
  readonly name: string;
  readonly #context: ComponentContext;
  readonly #base: SchedulerConfig;
  readonly #traits: VersionTraits;
  readonly #state: ClusterState;
  readonly #queue: SchedulingQueue;
  readonly #binding: BindingPods;
  readonly #correlator: EventCorrelator;
  readonly #sources: PluginSources;
  readonly #attempts: Attempts;
  readonly #cursor: { start: number };
  #config: SchedulerConfig;
  #runners: ReadonlyMap<string, ProfileRunner>;
  #nodes: Subscription<Node> | undefined;
  #pods: Subscription<Pod> | undefined;
  #namespaces: Subscription<Namespace> | undefined;
  #groupers: Subscription<Service | ReplicaSet>[] = [];
  #settings: Subscription<unknown>[] = [];
  #storage: { readonly kind: number; readonly events: Subscription<KubeObject> }[] = [];

  constructor(context: ComponentContext, config: SchedulerConfig) {
    const inherited = context.inherited as Inherited | undefined;
    const { transport } = context;
    this.name = context.name;
    this.#context = context;
    this.#base = config;
    this.#config = effectiveConfig(config, transport);
    this.#traits = versionTraits(config.kubernetesVersion);
    this.#state = inherited?.state ?? new ClusterState();
    this.#queue = inherited?.queue ?? new SchedulingQueue(this.#queueOptions());
    this.#binding = inherited?.binding ?? new BindingPods();
    this.#correlator = inherited?.correlator ?? new EventCorrelator();
    this.#cursor = { start: inherited?.start ?? 0 };
    const storage = storageObjects(transport);
    this.#sources = { selectors: new DefaultSelectors(selectorSources(transport)), storage };
    this.#runners = this.#makeRunners();
    const budgets = budgetLister(transport);
    this.#attempts = new Attempts({
      context,
      state: this.#state,
      queue: this.#queue,
      binding: this.#binding,
      correlator: this.#correlator,
      traits: this.#traits,
      storage,
      cursor: this.#cursor,
      budgets: () => budgets.list().map(disruptionBudget),
    });
  }

  get depth(): number {
    return this.#queue.count('active');
  }

  get retrying(): number {
    return this.#queue.count('backoff');
  }

  get parts(): Readonly<Record<string, number>> {
    const queue = this.#queue;
    return {
      active: queue.count('active'),
      backoff: queue.count('backoff'),
      unschedulable: queue.count('unschedulable'),
      gated: queue.count('gated'),
    };
  }

  start(): void {
    const { transport, pace, inherited } = this.#context;
    const options = { notify: () => pace.ready(), initial: inherited === undefined };
    const later = { ...options, initial: false };
    this.#settings = [kubeschedulerconfigurations, clusters]
      .filter((resource) => isServed(transport, resource))
      .map((resource) => transport.subscribe<unknown>(resource, later));
    this.#namespaces = transport.subscribe(namespaces, options);
    this.#nodes = transport.subscribe(nodes, options);
    this.#groupers = [
      transport.subscribe(services, options) as Subscription<Service | ReplicaSet>,
      transport.subscribe(replicasets, options) as Subscription<Service | ReplicaSet>,
    ];
    this.#storage = STORAGE.filter(([resource]) => isServed(transport, resource)).map(
      ([resource, kind]) => ({
        kind,
        events: transport.subscribe(resource as ResourceRef<KubeObject>, later),
      }),
    );
    this.#pods = transport.subscribe(pods, options);
    pace.ready();
  }

  onTimer(key: string): void {
    if (key === FLUSH) this.#queue.flush(this.#context.pace.now());
    if (key === VOLUMES) this.#binding.checkAll();
  }

  inherit(): Inherited {
    return {
      state: this.#state.fork(),
      queue: this.#queue.clone(),
      binding: new BindingPods(this.#binding),
      correlator: this.#correlator.clone(),
      start: this.#cursor.start,
    };
  }

  step(): boolean | Promise<boolean> {
    this.#readEvents();
    const key = this.#binding.next();
    if (key !== undefined) return this.#attempts.resume(key).then(() => true);
    const item = this.#queue.pop(this.#context.pace.now());
    if (item) {
      const runner = this.#runner(item.pod.spec?.schedulerName)!;
      return this.#attempts.schedule(item, runner).then(() => true);
    }
    this.#setTimers();
    return false;
  }

  #setTimers(): void {
    this.#setTimer(BACKOFF, this.#queue.nextBackoffMs(), 'work');
    this.#setTimer(FLUSH, this.#queue.nextFlushMs(), 'periodic');
    this.#setTimer(VOLUMES, this.#binding.nextDeadlineMs(), 'work');
  }

  #setTimer(key: string, atMs: number | undefined, kind: 'work' | 'periodic'): void {
    const { pace } = this.#context;
    if (atMs === undefined) pace.clearTimer(key);
    else pace.setTimer(key, atMs, kind);
  }

  #readEvents(): void {
    this.#readSettings();
    for (let event = this.#namespaces!.next(); event; event = this.#namespaces!.next())
      this.#onNamespace(event);
    for (let event = this.#nodes!.next(); event; event = this.#nodes!.next()) this.#onNode(event);
    for (const groupers of this.#groupers)
      for (let event = groupers.next(); event; event = groupers.next())
        if (event.type !== 'MODIFIED' || selectsOtherwise(event.object, event.previous))
          this.#sources.selectors.invalidate(event.object.metadata?.namespace ?? '');
    for (const { kind, events } of this.#storage)
      for (let event = events.next(); event; event = events.next()) this.#onStorage(kind, event);
    for (let event = this.#pods!.next(); event; event = this.#pods!.next()) this.#onPod(event);
  }

  #onPod(event: WatchEvent<Pod>): void {
    const { namespace = '', name = '' } = event.object.metadata ?? {};
    const key = `${namespace}/${name}`;
    if (event.type === 'DELETED' && this.#binding.has(key)) this.#attempts.abandon(key);
    const happened = trackPod(event, this.#state, this.#queue, {
      nowMs: this.#context.pace.now(),
      isBinding: (each) => this.#binding.has(each),
      gatesFor: (schedulerName) => this.#runner(schedulerName)?.profile.gates,
    });
    if (happened) this.#retry(happened, event.revision);
  }

  #onNamespace({ type, object, revision }: WatchEvent<Namespace>): void {
    const { name = '', labels } = object.metadata ?? {};
    const now = type === 'DELETED' ? undefined : (labels as Labels | undefined);
    if (this.#state.setNamespace(name, now))
      this.#retry({ kinds: clusterEvents.namespaceLabels }, revision);
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

  #onStorage(kinds: number, { object, revision }: WatchEvent<KubeObject>): void {
    this.#binding.checkAll();
    const { name = '', namespace } = object.metadata;
    const storage = namespace === undefined ? { name } : { name, namespace };
    this.#retry({ kinds, storage }, revision);
  }

  #retry(event: ClusterEvent, trigger: number): void {
    if (this.#queue.count('unschedulable') === 0) return;
    const plugins = (name: string) => this.#runner(name)?.profile.plugins ?? NO_PLUGINS;
    const { namespaceLabels } = this.#state;
    const nowMs = this.#context.pace.now();
    retryAfter({ ...event, namespaceLabels }, this.#queue, plugins, { nowMs, trigger });
  }

  #runner(schedulerName: string | undefined): ProfileRunner | undefined {
    return this.#runners.get(schedulerName || DEFAULT_SCHEDULER);
  }

  #makeRunners(): ReadonlyMap<string, ProfileRunner> {
    const runners = new Map<string, ProfileRunner>();
    for (const [name, profile] of resolveProfiles(this.#config, this.#sources))
      runners.set(name, new ProfileRunner(profile, this.#traits));
    return runners;
  }

  #queueOptions(): QueueOptions {
    const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = this.#config;
    return {
      initialBackoffMs: podInitialBackoffSeconds * 1000,
      maxBackoffMs: podMaxBackoffSeconds * 1000,
      popsFromBackoff: this.#traits.popsFromBackoff,
    };
  }

  #readSettings(): void {
    let changed = false;
    for (const settings of this.#settings) while (settings.next()) changed = true;
    if (!changed) return;
    const config = effectiveConfig(this.#base, this.#context.transport);
    if (JSON.stringify(config) === JSON.stringify(this.#config)) return;
    this.#config = config;
    this.#reconfigure();
  }

  /** Other profiles: pods of a scheduler that is new come into the queue, those of one that is gone leave it, all others are tried again. */
  #reconfigure(): void {
    const { transport, pace } = this.#context;
    const nowMs = pace.now();
    this.#runners = this.#makeRunners();
    this.#queue.configure(this.#queueOptions());
    for (const key of this.#queue.keys()) {
      const { pod } = this.#queue.get(key)!;
      if (!this.#runner(pod.spec?.schedulerName)) this.#queue.delete(key);
      else if (this.#queue.partOf(key) === 'unschedulable') this.#queue.activate(key, nowMs, 0);
    }
    for (const pod of transport.lister(pods).list())
      if (!pod.spec?.nodeName) this.#onPod({ type: 'MODIFIED', object: pod, revision: 0 });
  }
}
