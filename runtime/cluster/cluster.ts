import { behaviours } from '../../generated/cluster/v1/resources.ts';
import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { ApiServer } from '../apiserver/index.ts';
import { assert, Loop, Random } from '../base/index.ts';
import {
  type Client,
  type Component,
  createClient,
  type FaultState,
  type Progress,
  type Pulse,
  type Transport,
} from '../client/index.ts';
import { type KubeObject, resourceId } from '../meta/index.ts';
import type { Nodes } from '../node/index.ts';
import { Journal } from '../trace/index.ts';
import { Checkpoints, type Stretch } from './checkpoints.ts';
import { type Slot, startComponents } from './components.ts';
import { type ControlPlaneOptions, controlPlane } from './control-plane.ts';
import { advanceTo, drain, settleLoop, stepUntil } from './drive.ts';
import { Faults, type FaultsState } from './faults/index.ts';
import { controlPlaneHealth } from './health.ts';
import { InvariantChecker } from './invariants/index.ts';
import { createServer, localTransport } from './local-transport.ts';
import { nodeConnection } from './node-connection.ts';
import { Outside } from './outside.ts';
import { type ProgressTracker, progressTracker } from './progress.ts';
import { type ServedKind, servedKinds } from './served.ts';
import { StaticPodFolders } from './static-pods.ts';

/** How long `settle` lets virtual time pass unless told otherwise. Longer than a rollout's progress deadline (10 min). */
export const SETTLE_LIMIT_MS = 15 * 60_000;

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

export interface ClusterOptions extends ControlPlaneOptions {
  /** Everything random derives from it. */
  readonly seed?: number;
  /** Where its time begins; at a fixed moment when absent, so that runs can be repeated. */
  readonly startMs?: number;
  /** Deep-freeze whatever is stored, so that a component that changes a shared object fails at once. */
  readonly freeze?: boolean;
  /** Puts something between everybody and the server, which answers in its place. */
  readonly between?: (transport: Transport) => Transport;
  /** What goes wrong, as on the command line (`zone=b@5m`) or as the `spec` of a Fault; times count from the start. */
  readonly faults?: readonly (string | FaultSpec)[];
  /** Look after every write whether what must always hold does; what does not is thrown when time has passed. */
  readonly invariants?: boolean;
}

export interface Settled {
  readonly converged: boolean;
  /** Virtual time that passed. */
  readonly virtualMs: number;
  readonly unconverged: readonly Progress[];
}

/** An error inside a component that is no answer of the API: a bug. */
export interface ComponentFailure {
  readonly component: string;
  readonly error: unknown;
}

/** All that a cluster is, between two units of work: what a fork and a rewind start from. */
export interface State {
  readonly loop: Loop;
  readonly journal: Journal;
  readonly server: ApiServer;
  readonly streams: ReadonlyMap<string, Random>;
  readonly inherited: ReadonlyMap<string, unknown>;
  readonly staticPods: StaticPodFolders;
}

/** A whole control plane with its nodes, in one process, in virtual time. Made by `createCluster`. */
export class Cluster {
  readonly options: ClusterOptions;
  readonly seed: number;
  readonly loop: Loop;
  readonly journal: Journal;
  readonly server: ApiServer;
  readonly transport: Transport;
  /** The administrator's client. */
  readonly client: Client;
  readonly startMs: number;
  readonly faults: Faults;
  readonly #staticPods: StaticPodFolders;
  readonly failures: ComponentFailure[] = [];
  /** Absent unless asked for. */
  readonly invariants: InvariantChecker | undefined;
  readonly #streams: Map<string, Random>;
  readonly #components = new Map<string, Component>();
  readonly #slots: readonly Slot[];
  readonly #checkpoints = new Checkpoints();
  readonly #outside = new Outside();
  #tracker!: ProgressTracker;

  constructor(options: ClusterOptions, from?: { state: State; startMs: number }) {
    this.options = options;
    this.seed = options.seed ?? 1;
    const state = from?.state;
    this.loop = state?.loop ?? new Loop(undefined, options.startMs);
    this.startMs = from?.startMs ?? this.loop.now();
    this.#streams = new Map(state?.streams);
    this.journal = state?.journal ?? new Journal(() => this.loop.now());
    this.server =
      state?.server ??
      createServer(
        {
          now: () => this.loop.now(),
          random: this.#stream('apiserver'),
          journal: this.journal,
          freeze: options.freeze ?? false,
          clientAuthority: options.rootCertificate,
          ...(options.admission ? { admission: options.admission } : {}),
          ...(options.authorization ? { authorization: options.authorization } : {}),
        },
        options.kubernetesVersion,
      );
    if (!state) this.journal.input({ component: 'cluster', what: 'seed', detail: this.seed });
    this.#staticPods = new StaticPodFolders(state?.staticPods);
    this.faults = this.#makeFaults(state?.inherited.get('faults') as FaultsState | undefined);
    this.transport = this.faults.gate.transport;
    this.client = this.clientFor('admin');
    this.#slots = [
      ...controlPlane(options, this),
      {
        name: 'progress',
        create: progressTracker(this.kinds, (tracker) => {
          this.#tracker = tracker;
        }),
      },
      { name: 'faults', create: (context) => this.faults.attach(context) },
    ];
    startComponents(this.#slots, this.#environment(), state?.inherited, this.#components);
    this.server.askHealth(() => controlPlaneHealth(this.#components.keys()));
    this.server.connectNodes(
      nodeConnection({
        behaviours: () => this.transport.lister(behaviours).list(),
        nodes: () => this.#nodes,
        now: () => this.now(),
        note: (detail) => this.journal.input({ component: 'kubelet', what: 'exec', detail }),
      }),
    );
    this.invariants = options.invariants ? this.#checker() : undefined;
    if (!state) for (const fault of options.faults ?? []) this.faults.inject(fault);
  }

  /** All kinds that are served now, with those that stored definitions add. */
  get kinds(): readonly ServedKind[] {
    return servedKinds(this.server.schemas);
  }

  get #nodes(): Nodes | undefined {
    return this.#components.get('nodes') as Nodes | undefined;
  }

  now(): number {
    return this.loop.now();
  }

  /** A client with the administrator's rights whose writes are recorded as `component`'s, caused by `record`. */
  clientFor(component: string, record = 0): Client {
    return createClient(this.transport, { user: ADMIN, cause: { component, record } });
  }

  component(name: string): Component | undefined {
    return this.#components.get(name);
  }

  components(): ReadonlyMap<string, Component> {
    return this.#components;
  }

  /** Kills a component and starts it anew: it forgets whatever the API does not say, and what it waited for. */
  restart(name: string): void {
    const slots = this.#slots.filter((slot) => slot.name === name);
    assert(slots.length === 1, `no component is called ${name}`);
    this.loop.unregister(name);
    this.faults.revive(name);
    startComponents(slots, this.#environment(), undefined, this.#components);
    this.faults.revived();
  }

  /** Gives the cluster a fault whose times count from now. Throws a `FaultError` when it is written wrong. */
  inject(fault: string | FaultSpec): FaultState {
    return this.faults.inject(fault);
  }

  /** What a folder of static pods says; without a path, that of the folder of all kubelets that are told of no other. */
  staticPodsIn(path: string | undefined): readonly Pod[] {
    return this.#staticPods.in(path);
  }

  /** The files of a folder of static pods say this from now on. */
  writeStaticPods(path: string | undefined, pods: readonly Pod[]): void {
    if (!this.#staticPods.write(path, pods)) return;
    const detail = { path: path ?? '', pods };
    const record = this.journal.input({ component: 'kubelet', what: 'static pods', detail });
    this.#nodes?.readManifests(record);
  }

  get converged(): boolean {
    return (
      this.loop.idle &&
      this.#tracker.behindCount === 0 &&
      this.retrying === 0 &&
      !this.faults.isBusy
    );
  }

  /** Work items that failed and wait for another try. */
  get retrying(): number {
    let count = 0;
    for (const component of this.#components.values()) count += component.retrying ?? 0;
    return count;
  }

  /** Of each kind how many are behind, and were. */
  pulses(): Pulse[] {
    return this.#tracker.pulses();
  }

  progress(): Progress[] {
    return this.#tracker.progress();
  }

  /**
   * Does all work of this moment, then lets time pass until everything is at its goal or nothing more will come of waiting. Faults that are
   * to come, and their late effects, are waited for; the limit counts from there.
   */
  async settle(limitMs: number = SETTLE_LIMIT_MS): Promise<Settled> {
    await this.drain();
    const start = this.now();
    const limit = Math.max(start, this.faults.quietMs) + limitMs;
    this.#checkpoints.begin(start, this.server.revision, () => this.#state());
    const converged = await settleLoop(this.loop, () => this.converged, limit);
    this.#checkpoints.end(this.now(), this.server.revision);
    this.#raise();
    return {
      converged,
      virtualMs: this.now() - start,
      unconverged: this.#tracker.behind(),
    };
  }

  /** Lets exactly `durationMs` of virtual time pass. */
  async advance(durationMs: number): Promise<void> {
    await this.drain();
    this.#checkpoints.begin(this.now(), this.server.revision, () => this.#state());
    await advanceTo(this.loop, this.now() + durationMs);
    this.#checkpoints.end(this.now(), this.server.revision);
    this.#raise();
  }

  /** Does all work that is ready at this moment, without letting time pass. */
  async drain(): Promise<void> {
    await drain(this.loop);
    this.#raise();
  }

  /** An independent copy that shares everything with this one until either writes. */
  async fork(): Promise<Cluster> {
    await this.drain();
    return new Cluster(this.options, { state: this.#state(), startMs: this.startMs });
  }

  /**
   * The cluster as it was at an earlier moment, as an independent copy: the nearest earlier checkpoint, taken whenever `settle` or
   * `advance` began, run on to that moment. Undefined when it is no longer held.
   */
  async rewind(
    to: { readonly atMs: number } | { readonly revision: number },
  ): Promise<Cluster | undefined> {
    const checkpoint = this.#checkpoints.before(to);
    if (!checkpoint) return undefined;
    const past = new Cluster(this.options, { state: checkpoint.state, startMs: this.startMs });
    await past.drain();
    checkpoint.state = past.#state();
    if ('atMs' in to) await advanceTo(past.loop, to.atMs);
    else await stepUntil(past.loop, () => past.server.revision >= to.revision);
    return past;
  }

  /** Between which revisions `rewind` can go to any. */
  stretches(): readonly Stretch[] {
    return this.#checkpoints.stretches();
  }

  /**
   * For who drives the loop themselves: notes, when nothing is in flight, how far the cluster ran on by itself, and where something came
   * from outside since the last call. Every moment between can then be rewound to. Costs the new records of the journal.
   */
  keepMoment(): void {
    assert(this.loop.idle, 'a moment is kept when nothing is in flight');
    const now = this.now();
    const interruption = this.#outside.first(this.journal);
    if (interruption === undefined) {
      this.#checkpoints.end(now, this.server.revision);
      return;
    }
    const { atMs, revision } = interruption;
    if (revision !== undefined) this.#checkpoints.end(atMs, revision);
    this.#checkpoints.renew(now, this.server.revision, () => this.#state());
  }

  /** All objects of all kinds, sorted by kind as served and then by key. */
  objects(): KubeObject[] {
    return this.kinds.flatMap(({ ref }) => this.transport.lister<KubeObject>(ref).list());
  }

  /** The lister of a kind by its name (`Deployment`), resource (`deployments`) or id (`deployments.apps`). */
  kindNamed(name: string): ServedKind | undefined {
    return this.kinds.find(
      ({ ref }) => ref.kind === name || ref.resource === name || resourceId(ref) === name,
    );
  }

  #state(): State {
    assert(this.loop.idle, 'a fork is taken when nothing is in flight: drain first');
    const loop = new Loop(this.loop);
    const journal = new Journal(() => loop.now(), this.journal);
    const streams = new Map<string, Random>();
    for (const [name, random] of this.#streams) streams.set(name, random.clone());
    const inherited = new Map<string, unknown>();
    for (const [name, component] of this.#components) inherited.set(name, component.inherit());
    const server = this.server.fork({
      now: () => loop.now(),
      random: streams.get('apiserver')!,
      journal,
    });
    return {
      loop,
      journal,
      server,
      streams,
      inherited,
      staticPods: new StaticPodFolders(this.#staticPods),
    };
  }

  #environment(): Parameters<typeof startComponents>[1] {
    return {
      loop: this.loop,
      transportFor: (name) => this.faults.transportFor(name),
      journal: this.journal,
      stream: (name) => this.#stream(name),
      report: (component, error) => this.failures.push({ component, error }),
    };
  }

  #checker(): InvariantChecker {
    return new InvariantChecker({
      transport: localTransport(this.server),
      journal: this.journal,
      kinds: this.kinds,
      now: () => this.now(),
      lateness: (component) => this.faults.lateness(component),
      faults: () =>
        this.faults
          .list()
          .filter(({ phase }) => phase === 'active')
          .map(({ text }) => text),
    });
  }

  #makeFaults(inherited: FaultsState | undefined): Faults {
    const server = localTransport(this.server);
    const untouchable = new Set(['progress', 'faults', 'expiry', 'invariants']);
    return new Faults(
      {
        transport: this.options.between?.(server) ?? server,
        journal: this.journal,
        now: () => this.now(),
        stream: (name) => Random.seeded(this.seed).stream('faults').stream(name),
        components: () =>
          this.#slots.map(({ name }) => name).filter((name) => !untouchable.has(name)),
        nodes: () => this.#nodes,
        restart: (name) => this.restart(name),
        stop: (name) => this.loop.unregister(name),
        jump: (ms) => this.loop.fireUntil(this.now() + ms),
      },
      inherited,
    );
  }

  #stream(name: string): Random {
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = Random.seeded(this.seed).stream(name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** A bug in a component must not pass as "not converged". */
  #raise(): void {
    const failure = this.failures.shift();
    if (failure) throw new Error(`${failure.component} failed`, { cause: failure.error });
    const [broken] = this.invariants?.violations ?? [];
    if (broken) throw new Error(this.invariants!.describe(broken));
  }
}
