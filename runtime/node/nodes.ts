import { behaviours, clusters } from '../../generated/cluster/v1/resources.ts';
import type { Behaviour, Cluster } from '../../generated/cluster/v1/types.ts';
import { leases } from '../../generated/coordination/v1/resources.ts';
import { configmaps, nodes, pods, secrets, services } from '../../generated/core/v1/resources.ts';
import type { ConfigMap, Node, Pod, Secret } from '../../generated/core/v1/types.ts';
import { csinodes } from '../../generated/storage/v1/resources.ts';
import {
  type Component,
  type ComponentContext,
  faultBehind,
  type Lister,
  type Subscription,
} from '../client/index.ts';
import {
  isApiError,
  isConflict,
  type KubeletAnswer,
  type KubeletQuestion,
  type WatchEvent,
} from '../meta/index.ts';
import { befall, nodesAt, recover } from './affliction.ts';
import { type Ailment, isAt, isCut, isSilent, type Place, unreachable } from './ailments.ts';
import {
  type ExecAnswer,
  type ExecInput,
  execution,
  type PortAnswer,
  portAnswers,
} from './container-exec.ts';
import { containerLog, type LogAnswer, type LogQuestion, type PlayedLog } from './container-log.ts';
import { letGo } from './copies.ts';
import { noteLoad, syncEviction } from './eviction/index.ts';
import { desiredFleet, type FleetMember, sameMember } from './fleet.ts';
import { renewLeases } from './heartbeat.ts';
import { type Settings, sameSettings, settingsOf } from './kubelet-settings.ts';
import { BY_NODE, KUBELET, type Kubelets } from './kubelets.ts';
import { Meter } from './meter.ts';
import { Network } from './network/index.ts';
import { saysReady } from './node-status.ts';
import { forgetNode, hasKubelet, lookAtNode, lookNoLaterThan, syncNode } from './node-sync.ts';
import { syncPod } from './pod-sync.ts';
import { adopt, calledPod, playedExec, playedLog, playedPort } from './program-asking.ts';
import { tokensForGuest } from './program-tokens.ts';
import { type Answer, type Call, REFUSED } from './programs/index.ts';
import { BY_CONTENT, contentKey, contentKeys, referencesOf } from './references/index.ts';
import { ScriptBook } from './script-book.ts';
import { kubeletAnswer } from './server/index.ts';
import { type NodeRecord, NodesState } from './state.ts';
import { followManifests, syncStatic } from './static/index.ts';

export interface NodesConfig {
  /** Also for Node objects that no Cluster asks for; true when absent. */
  readonly adopt?: boolean;
  /** The release that kubelets are of; the newest when absent. */
  readonly kubernetesVersion?: string | undefined;
  /** What the API server answers to a request of a pod; nobody is there where absent. */
  api?(call: Extract<Call, { kind: 'http' }>): Answer;
  /** What the files of a folder of static pods say; without a path, those of the folder of all kubelets. */
  manifests?(path: string | undefined): readonly Pod[];
}

const NEWEST = '1.36';

/** Timers of items that failed, beside those that the items set themselves. */
const RETRY = 'retry:';

interface Watching {
  readonly events: Subscription<never>;
  note(event: WatchEvent<never>): void;
}

/**
 * All simulated kubelets as one actor. Watches put work items into one queue, `pod/<key>`, `node/<name>`, `status/<name>`, `eviction/<name>`,
 * `lease/<beat>`;
 * a step does one of them. Work of one moment is therefore done in one go, in the order in which it came up.
 */
export class Nodes implements Component {
  readonly name: string;
  readonly #context: ComponentContext;
  readonly #config: NodesConfig;
  readonly #kubelets: Kubelets;
  readonly #clusters: Lister<Cluster>;
  readonly #behaviours: Lister<Behaviour>;
  #watching: readonly Watching[] = [];
  #settings: Settings | undefined;

  constructor(context: ComponentContext, config: NodesConfig) {
    const { transport } = context;
    this.name = context.name;
    this.#context = context;
    this.#config = config;
    transport.addIndex<Pod>(pods, BY_NODE, (pod) =>
      pod.spec?.nodeName ? [pod.spec.nodeName] : [],
    );
    transport.addIndex<Pod>(pods, BY_CONTENT, contentKeys);
    this.#clusters = transport.lister(clusters);
    this.#behaviours = transport.lister(behaviours);
    this.#kubelets = {
      state: (context.inherited as NodesState | undefined) ?? new NodesState(),
      context,
      pods: transport.lister(pods),
      nodes: transport.lister(nodes),
      leases: transport.lister(leases),
      csiNodes: transport.lister(csinodes),
      services: transport.lister(services),
      references: referencesOf(transport),
      network: new Network(() => this.#kubelets, {
        pod: (pod, call, clientIp) =>
          calledPod(this.#kubelets, this.#behaviours.list(), pod, call, clientIp),
        api: (call) => config.api?.(call) ?? REFUSED,
      }),
      release: config.kubernetesVersion ?? NEWEST,
      settings: () => {
        this.#settings ??= settingsOf(this.#clusters.list());
        return this.#settings;
      },
      manifests: (path) => config.manifests?.(path) ?? [],
      scripts: new ScriptBook({
        behaviours: () => this.#behaviours.list(),
        images: () => this.#clusters.list().flatMap((each) => each.spec?.images ?? []),
      }),
    };
  }

  get depth(): number {
    return this.#kubelets.state.queue.depth;
  }

  /** Work to be done again, and static pods that have to end first: their mirrors look as if all were well. */
  get retrying(): number {
    const { queue, ending } = this.#kubelets.state;
    return queue.failing().size + ending.size;
  }

  start(): void {
    const { transport, pace, inherited } = this.#context;
    const options = { notify: () => pace.ready(), initial: inherited === undefined };
    this.#watching = [
      watching(transport.subscribe(clusters, options), (event) => this.#noteCluster(event)),
      watching(transport.subscribe(behaviours, options), (event) => this.#noteBehaviour(event)),
      watching(transport.subscribe(nodes, options), (event) => this.#noteNode(event)),
      watching(transport.subscribe(pods, options), (event) => this.#notePod(event)),
      watching(transport.subscribe(configmaps, options), (event: WatchEvent<ConfigMap>) =>
        this.#noteContent('configmap', event),
      ),
      watching(transport.subscribe(secrets, options), (event: WatchEvent<Secret>) =>
        this.#noteContent('secret', event),
      ),
    ];
    pace.ready();
  }

  onTimer(key: string, cause: number): void {
    this.#kubelets.state.queue.add(key.startsWith(RETRY) ? key.slice(RETRY.length) : key, -cause);
  }

  inherit(): NodesState {
    return this.#kubelets.state.clone();
  }

  /** Lets something befall machines, until `heal` is told the same id. */
  afflict(ailment: Ailment): void {
    befall(this.#kubelets, ailment);
    this.#context.pace.ready();
  }

  /** Ends what has befallen machines under this id; `record` is the journal's of why. */
  heal(id: string, record: number): void {
    recover(this.#kubelets, id, record);
    this.#context.pace.ready();
  }

  /** The files of a folder of static pods say something else; `record` is the journal's of that. */
  readManifests(record: number): void {
    const { state } = this.#kubelets;
    for (const name of state.nodes.keys()) followManifests(this.#kubelets, name, -record);
    this.#context.pace.ready();
  }

  /** The record of what has befallen a node: the latest ailment that goes on. */
  blame(name: string): number | undefined {
    const { ailments } = this.#kubelets.state;
    return ailments.findLast(
      (each) =>
        (each.kind === 'off' || each.kind === 'cut' || each.kind === 'pressure') &&
        isAt(each.place, name, this.#kubelets),
    )?.record;
  }

  /** How many nodes are at a place. */
  countAt(place: Place): number {
    return nodesAt(this.#kubelets, place).length;
  }

  /** What the kubelet of a node answers to a request, or how a connection to it fails. */
  answer(node: string, question: KubeletQuestion): KubeletAnswer | { readonly dialError: string } {
    const dialError = unreachable(this.#kubelets, node);
    if (dialError !== undefined) return { dialError };
    return kubeletAnswer(this.#kubelets, node, this.#behaviours.list(), question);
  }

  /** How a connection fails to an address on a node on which nothing listens. */
  dial(node: string): string | undefined {
    return unreachable(this.#kubelets, node);
  }

  /** What a container has written. */
  log(pod: Pod, question: LogQuestion): LogAnswer {
    const played: PlayedLog = ({ name }, nth) => playedLog(this.#kubelets, pod, name, nth);
    const nowMs = this.#context.pace.now();
    return containerLog(pod, question, this.#behaviours.list(), nowMs, played);
  }

  /** Runs a command in a container. One that changes its files is an input, of which `note` makes a record. */
  exec(
    pod: Pod,
    container: string,
    command: readonly string[],
    note: (detail: object) => number,
    input?: ExecInput,
  ): ExecAnswer | Promise<ExecAnswer> {
    const run = (): ExecAnswer => this.#exec(pod, container, command, note, input);
    const tokens = tokensForGuest(this.#kubelets, pod);
    return tokens ? tokens.then(run) : run();
  }

  #exec(
    pod: Pod,
    container: string,
    command: readonly string[],
    note: (detail: object) => number,
    input: ExecInput | undefined,
  ): ExecAnswer {
    return execution(pod, container, command, this.#behaviours.list(), ({ name }) => {
      const done = playedExec(this.#kubelets, pod, name, command, input);
      if (done?.history) {
        const record = note({ pod: done.key, container: name, command });
        adopt(this.#kubelets, done.key, done.history, record);
        this.#context.pace.ready();
      }
      return done?.execution;
    });
  }

  /** What a port of a pod answers; undefined where nobody listens. A request that leaves something there is an input, which `note` records. */
  port(
    pod: Pod,
    port: number,
    note: (detail: object) => number,
  ): readonly PortAnswer[] | undefined {
    const played = () =>
      playedPort(this.#kubelets, pod, port, (detail) => {
        note(detail);
        this.#context.pace.ready();
      });
    return portAnswers(pod, port, this.#behaviours.list(), played);
  }

  /** What pods and nodes use, as it was last measured before this moment. Good for one look. */
  meter(): Meter {
    return new Meter(this.#kubelets);
  }

  step(): boolean | Promise<boolean> {
    for (const { events, note } of this.#watching)
      for (let event = events.next(); event; event = events.next()) note(event);
    const item = this.#kubelets.state.queue.take();
    return item ? this.#work(item.key, item.trigger) : false;
  }

  async #work(item: string, trigger: number): Promise<boolean> {
    const { journal, pace } = this.#context;
    const { queue } = this.#kubelets.state;
    const id = journal.reserve();
    const base = { component: KUBELET, key: item, trigger };
    try {
      await this.#perform(item, id);
      queue.forget(item);
      journal.reconcile({ ...base, outcome: 'done' }, id);
    } catch (error) {
      const requeueAfterMs = queue.fail(item);
      pace.setTimer(RETRY + item, pace.now() + requeueAfterMs, 'work', id);
      const outcome = isConflict(error) ? 'requeue' : 'error';
      const message = error instanceof Error ? error.message : String(error);
      const because = faultBehind(error);
      const told = because === undefined ? base : { ...base, because };
      journal.reconcile({ ...told, outcome, message, requeueAfterMs }, id);
      if (!isApiError(error)) this.#context.report(error);
    }
    return queue.depth > 0 || this.#watching.some(({ events }) => events.pending);
  }

  #perform(item: string, id: number): Promise<void> {
    const slash = item.indexOf('/');
    const name = item.slice(slash + 1);
    switch (item.slice(0, slash)) {
      case 'pod':
        return this.#kubelets.state.statics.has(name)
          ? syncStatic(this.#kubelets, name, id)
          : syncPod(this.#kubelets, name, id);
      case 'node':
        return syncNode(this.#kubelets, name, id);
      case 'status':
        return lookAtNode(this.#kubelets, name, id);
      case 'eviction':
        return syncEviction(this.#kubelets, name, id);
      default:
        return renewLeases(this.#kubelets, name, id);
    }
  }

  #notePod({ type, object, revision }: WatchEvent<Pod>): void {
    const { state } = this.#kubelets;
    const node = object.spec?.nodeName;
    if (!node) return;
    const { namespace, name, resourceVersion } = object.metadata ?? {};
    const key = `${namespace}/${name}`;
    const record = state.pods.get(key);
    if (type === 'DELETED') {
      if (state.statics.has(key)) state.queue.add(`pod/${key}`, revision);
      else if (record && record.uid === object.metadata?.uid)
        letGo(this.#kubelets, key, record, object);
      return;
    }
    // What has changed meanwhile its kubelet sees when it is told again.
    if (isCut(this.#kubelets, node)) return;
    const isEcho = record?.version === resourceVersion && !record?.sawOld;
    if (record ? isEcho : !state.nodes.has(node)) return;
    state.queue.add(`pod/${key}`, revision);
  }

  /** Volumes that are made of the object show what it says now, to programs that are followed. */
  #noteContent(
    kind: 'configmap' | 'secret',
    { object: { metadata }, revision }: WatchEvent<ConfigMap | Secret>,
  ): void {
    const { state, pods: lister } = this.#kubelets;
    const { namespace = '', name = '' } = metadata;
    for (const pod of lister.byIndex(BY_CONTENT, contentKey(kind, namespace, name))) {
      const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
      const record = state.pods.get(key);
      if (record?.programs && !record.terminal) state.queue.add(`pod/${key}`, revision);
    }
  }

  #noteNode({ type, object, previous, revision }: WatchEvent<Node>): void {
    const { state } = this.#kubelets;
    const name = object.metadata?.name ?? '';
    const record = state.nodes.get(name);
    const known = record !== undefined;
    if (type === 'DELETED') {
      if (state.fleet.has(name)) state.queue.add(`node/${name}`, revision);
      else forgetNode(this.#kubelets, name);
      return;
    }
    if (!known && this.#config.adopt === false && !state.fleet.has(name)) return;
    if (known !== hasKubelet(object) || record?.version === '')
      state.queue.add(`node/${name}`, revision);
    else if (record && previous?.status !== object.status && !isOwnWrite(record, object)) {
      this.#lookSoon(name, saysReady(object) || isSilent(this.#kubelets, name));
      if (previous?.status?.volumesAttached !== object.status?.volumesAttached)
        this.#noteAttached(name, revision);
    }
  }

  /** Disks have come: pods may have waited for them. */
  #noteAttached(node: string, revision: number): void {
    const { state, pods: lister } = this.#kubelets;
    for (const { metadata } of lister.byIndex(BY_NODE, node)) {
      const key = `${metadata.namespace}/${metadata.name}`;
      if (state.pods.get(key)?.mounting) state.queue.add(`pod/${key}`, revision);
    }
  }

  /** Somebody else changed the node's status. That it is not ready the kubelet puts right, if it can. */
  #lookSoon(name: string, isFine: boolean): void {
    const atMs = this.#context.pace.now() + 1;
    lookNoLaterThan(this.#kubelets, name, atMs, isFine ? 'periodic' : 'work');
  }

  #noteCluster({ revision }: WatchEvent<Cluster>): void {
    const { state, scripts } = this.#kubelets;
    scripts.invalidate();
    this.#noteSettings();
    const desired = desiredFleet(this.#clusters.list());
    const verdicts = new Map<FleetMember, Map<FleetMember, boolean>>();
    for (const name of [...state.fleet.keys()])
      if (!desired.has(name)) {
        state.fleet.delete(name);
        state.queue.add(`node/${name}`, revision);
      }
    for (const [name, member] of desired) {
      const before = state.fleet.get(name);
      if (before && sameMember(verdicts, before, member)) continue;
      state.fleet.set(name, member);
      state.queue.add(`node/${name}`, revision);
    }
  }

  /** Edited settings hold for every kubelet that runs, which looks what follows from them. */
  #noteSettings(): void {
    const before = this.#settings;
    this.#settings = undefined;
    const after = this.#kubelets.settings();
    if (before && sameSettings(before, after)) {
      this.#settings = before;
      return;
    }
    for (const name of [...this.#kubelets.state.nodes.keys()]) {
      lookNoLaterThan(this.#kubelets, name, this.#context.pace.now() + 1);
      followManifests(this.#kubelets, name);
      noteLoad(this.#kubelets, name);
    }
  }

  /** An edited behaviour holds from now on for all pods that it may be about. */
  #noteBehaviour({ object, revision }: WatchEvent<Behaviour>): void {
    const { state, scripts } = this.#kubelets;
    scripts.invalidate();
    const namespace = object.metadata?.namespace;
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    state.pods.scan(prefix || undefined, prefix ? `${namespace}0` : undefined, (key, record) => {
      if (!record.terminal) state.queue.add(`pod/${key}`, revision);
      return true;
    });
  }
}

function isOwnWrite({ version }: NodeRecord, { metadata }: Node): boolean {
  return version === metadata?.resourceVersion;
}

function watching<T>(events: Subscription<T>, note: (event: WatchEvent<T>) => void): Watching {
  return { events: events as unknown as Subscription<never>, note: note as Watching['note'] };
}

/** The nodes of a cluster, as the composition root wires them. */
export function createNodes(config: NodesConfig = {}): (context: ComponentContext) => Nodes {
  return (context) => new Nodes(context, config);
}
