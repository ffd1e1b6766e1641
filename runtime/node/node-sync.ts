import { nodes, pods } from '../../generated/core/v1/resources.ts';
import type { Node, NodeStatus, Quantity } from '../../generated/core/v1/types.ts';
import type { TimerKind } from '../base/index.ts';
import {
  formatMicroTime,
  isAlreadyExists,
  isNotFound,
  type KubeObject,
  type User,
} from '../meta/index.ts';
import { nodeAddress } from './addresses.ts';
import { isOff, isSilent } from './ailments.ts';
import { amountsOf, type ResourceList } from './amounts.ts';
import { dropCopies } from './copies.ts';
import { registerDrivers } from './csi-node.ts';
import { allocatable, forgetEviction, noteLoad, openLoads, pressuresOn } from './eviction/index.ts';
import { type FleetMember, POOL_LABEL } from './fleet.ts';
import { beatOf, joinBeat, leaveBeat, momentOf, renewLease } from './heartbeat.ts';
import { BY_NODE, type Client, clientOf, type Kubelets, recorderOf, userOf } from './kubelets.ts';
import { DEFAULT_CAPACITY, hasNews, nodeStatus, pressureNews, saysReady } from './node-status.ts';
import { retryDeferred } from './resize.ts';
import type { ImageRecord, NodeRecord } from './state.ts';
import { followManifests, forgetStatics } from './static/index.ts';
import { tellKept } from './telling.ts';

/** Set to `none` on a Node that nothing shall run: it stays as whoever made it left it. */
export const KUBELET_ANNOTATION = 'cluster.slipway.dev/kubelet';

/** Whoever puts up the machines of a pool: gives them labels that a kubelet may not give itself. */
const POOLS: User = { name: 'system:node-pools', groups: ['system:masters'] };

/** Who writes a Node: its kubelet, and for what its pool says whoever owns that. */
interface Clients {
  readonly client: Client;
  readonly owner: Client;
}

const NO_DRIVERS: FleetMember['drivers'] = [];
const NO_NAMES: readonly string[] = [];

/** Whether a kubelet of ours runs on this Node. */
export function hasKubelet(node: Node): boolean {
  return node.metadata?.annotations?.[KUBELET_ANNOTATION] !== 'none';
}

/** Makes one node what it should be: registered and reported, or taken away with its pool. */
export async function syncNode(kubelets: Kubelets, name: string, journalId: number): Promise<void> {
  const { state } = kubelets;
  const member = state.fleet.get(name);
  const object = kubelets.nodes.byKey(name);
  followManifests(kubelets, name);
  if (isSilent(kubelets, name)) {
    if (member && !isOff(kubelets, name)) standAlone(kubelets, name, member);
    return;
  }
  const client = clientOf(kubelets, userOf(name), journalId);
  await tellKept(kubelets, name, client);
  const wanted = member !== undefined && kubelets.settings().register;
  if (!object && member && !wanted) return standAlone(kubelets, name, member);
  if (object ? !hasKubelet(object) : !wanted) return forgetNode(kubelets, name);
  if (object && !member && object.metadata?.labels?.[POOL_LABEL] !== undefined)
    return retire(kubelets, name, client);
  const fresh = !state.nodes.get(name)?.version;
  const record = state.nodes.get(name) ?? enrol(kubelets, name, object, member);
  const wasReady = object !== undefined && saysReady(object);
  const owner = member ? clientOf(kubelets, POOLS, journalId) : client;
  const clients = { client, owner };
  const reported = object
    ? await report(kubelets, record, object, member, clients)
    : await register(kubelets, record, member!, clients);
  const { pace } = kubelets.context;
  state.nodes.set(name, {
    ...record,
    allocatable: amountsOf(reported.status?.allocatable),
    capacity: amountsOf(reported.status?.capacity),
    reportedMs: pace.now(),
    lookMs: Number.POSITIVE_INFINITY,
    version: reported.metadata?.resourceVersion ?? '',
  });
  lookNoLaterThan(kubelets, name, pace.now() + kubelets.settings().reportMs);
  for (const { atMs } of imagesOf(kubelets, name))
    if (atMs > pace.now()) lookNoLaterThan(kubelets, name, atMs);
  if (fresh || !wasReady)
    await renewLease(kubelets, record, reported, journalId, formatMicroTime(pace.now()));
  const drivers = member?.drivers ?? NO_DRIVERS;
  if (drivers.length + record.drivers.length > 0) {
    await registerDrivers(client, kubelets.csiNodes, reported, drivers, record.drivers);
    const latest = state.nodes.get(name);
    if (latest) state.nodes.set(name, { ...latest, drivers: drivers.map((each) => each.name) });
  }
  const news = fresh ? [] : pressureNews(object?.status, reported.status);
  await tell(kubelets, reported, { fresh, wasReady, news }, client);
  noteLoad(kubelets, name);
  retryDeferred(kubelets, name);
  if (fresh) {
    followManifests(kubelets, name);
    for (const key of state.staticKeys.get(name) ?? NO_NAMES) state.queue.add(`pod/${key}`);
    for (const pod of kubelets.pods.byIndex(BY_NODE, name))
      state.queue.add(`pod/${pod.metadata?.namespace}/${pod.metadata?.name}`);
  }
}

/**
 * A kubelet that has no Node in the API, since it must not register or has not reached the server since it started: it runs what its manifests
 * say, and nothing of that is shown.
 */
function standAlone(kubelets: Kubelets, name: string, member: FleetMember): void {
  const { state } = kubelets;
  if (state.nodes.has(name)) return;
  const record = enrol(kubelets, name, undefined, member);
  const status = desiredStatus(kubelets, record, undefined, member);
  state.nodes.set(name, {
    ...record,
    allocatable: amountsOf(status.allocatable),
    capacity: amountsOf(status.capacity),
  });
  followManifests(kubelets, name);
}

/** The kubelet's periodic look at its node: posts the status when it has changed, or has not been posted for long. */
export async function lookAtNode(
  kubelets: Kubelets,
  name: string,
  journalId: number,
): Promise<void> {
  const { state, context } = kubelets;
  const known = state.nodes.get(name);
  const object = kubelets.nodes.byKey(name);
  if (!known || !object || isSilent(kubelets, name)) return;
  const dueMs = known.reportedMs + kubelets.settings().reportMs;
  const status = desiredStatus(kubelets, known, object, state.fleet.get(name));
  if (dueMs <= context.pace.now() || hasNews(object.status, status))
    return syncNode(kubelets, name, journalId);
  state.nodes.set(name, { ...known, lookMs: Number.POSITIVE_INFINITY });
  lookNoLaterThan(kubelets, name, dueMs);
}

/**
 * Sees to it that the kubelet looks at its node at `atMs`, or with the first update after it. `work` when something is known to be wrong
 * that it will put right: that is waited for.
 */
export function lookNoLaterThan(
  kubelets: Kubelets,
  name: string,
  atMs: number,
  kind: TimerKind = 'periodic',
): void {
  const { state, context } = kubelets;
  const known = state.nodes.get(name);
  if (!known) return;
  const wantedMs = momentOf(name, kubelets.settings().updateMs, atMs - 1);
  if (wantedMs >= known.lookMs && kind === 'periodic') return;
  const lookMs = Math.min(wantedMs, known.lookMs);
  state.nodes.set(name, { ...known, lookMs });
  context.pace.setTimer(`status/${name}`, lookMs, kind);
}

/** The node has no kubelet any more. Its pods' records go as the pods go. */
export function forgetNode(kubelets: Kubelets, name: string): void {
  const { state } = kubelets;
  const record = state.nodes.get(name);
  if (!record) return;
  leaveBeat(kubelets, name, record.beat);
  kubelets.context.pace.clearTimer(`status/${name}`);
  state.nodes.delete(name);
  state.lastAddress.delete(name);
  forgetStatics(kubelets, name);
  dropCopies(kubelets, name);
  state.untold.delete(name);
  forgetEviction(kubelets, name);
  const images: string[] = [];
  state.images.scan(`${name}\0`, `${name}\x01`, (key) => {
    images.push(key);
    return true;
  });
  for (const key of images) state.images.delete(key);
}

function enrol(
  kubelets: Kubelets,
  name: string,
  object: Node | undefined,
  member: FleetMember | undefined,
): NodeRecord {
  const { state } = kubelets;
  const ordinal = state.nextOrdinal++;
  const known = object?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  const beat = beatOf(name, kubelets.settings().leaseSeconds);
  const record: NodeRecord = {
    name,
    ordinal,
    ip: known ?? nodeAddress(ordinal),
    user: userOf(name),
    beat,
    allocatable: {},
    capacity: {},
    reportedMs: 0,
    lookMs: Number.POSITIVE_INFINITY,
    version: '',
    pullsUntilMs: 0,
    drivers: NO_NAMES,
  };
  joinBeat(kubelets, name, beat);
  state.nodes.set(name, record);
  for (const image of member?.images ?? [])
    state.images.set(`${name}\0${image}`, {
      image,
      sizeBytes: kubelets.scripts.imageSize(image),
      atMs: kubelets.context.pace.now(),
    });
  openLoads(kubelets, name);
  return record;
}

/** Creates the Node, with its status. A server that keeps status apart gets it in a second write. */
async function register(
  kubelets: Kubelets,
  record: NodeRecord,
  member: FleetMember,
  clients: Clients,
): Promise<Node> {
  const { client, owner } = clients;
  const status = desiredStatus(kubelets, record, undefined, member);
  const { labels, annotations, ownerReferences, taints } = member;
  try {
    const created = await owner.create<Node>(nodes, {
      metadata: {
        name: record.name,
        labels: { ...labels, 'kubernetes.io/hostname': record.name },
        annotations,
        ownerReferences,
      },
      spec: taints.length > 0 ? { taints } : {},
      status,
    } as never);
    return saysReady(created) ? created : await client.updateStatus(nodes, { ...created, status });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const live = await client.get<Node>(nodes, record.name);
    return report(kubelets, record, live, member, clients);
  }
}

async function report(
  kubelets: Kubelets,
  record: NodeRecord,
  object: Node,
  member: FleetMember | undefined,
  clients: Clients,
): Promise<Node> {
  const labelled = await label(object, record.name, member, clients.owner);
  const status = desiredStatus(kubelets, record, labelled, member);
  return clients.client.updateStatus(nodes, { ...labelled, status });
}

const OWN_LABELS = { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux' };

/** The labels that a kubelet puts on its own Node, and those of its pool. */
async function label(
  object: Node,
  name: string,
  member: FleetMember | undefined,
  client: Client,
): Promise<Node> {
  const have = object.metadata?.labels ?? {};
  const defaults = { ...OWN_LABELS, 'kubernetes.io/hostname': name };
  const want: Record<string, string> = { ...defaults, ...have, ...member?.labels };
  const keys = Object.keys(want);
  if (keys.every((key) => have[key] === want[key])) return object;
  return client.update(nodes, { ...object, metadata: { ...object.metadata, labels: want } });
}

function desiredStatus(
  kubelets: Kubelets,
  { name, ip }: NodeRecord,
  object: Node | undefined,
  member: FleetMember | undefined,
): NodeStatus {
  const given = object?.status?.capacity;
  const pods = String(kubelets.settings().maxPods) as Quantity;
  const own = member?.capacity ?? (given && Object.keys(given).length > 0 ? given : undefined);
  const capacity =
    member || !own ? { ...DEFAULT_CAPACITY, pods, ...advertised(given), ...own } : own;
  return nodeStatus(
    object,
    {
      name,
      ip,
      capacity,
      allocatable: allocatable(capacity, member?.reserved, kubelets.settings().eviction),
      pressures: pressuresOn(kubelets, name),
      images: imagesOf(kubelets, name),
      release: kubelets.release,
    },
    kubelets.context.pace.now(),
  );
}

/** Extended resources that somebody has written into the node's capacity: the kubelet knows nothing of them and offers them to pods. */
function advertised(capacity: ResourceList = {}): ResourceList {
  return Object.fromEntries(
    Object.entries(capacity).filter(
      ([resource]) => resource.includes('/') && !resource.includes('kubernetes.io/'),
    ),
  );
}

function imagesOf({ state }: Kubelets, name: string): ImageRecord[] {
  return state.images.withPrefix(`${name}\0`);
}

interface Tidings {
  readonly fresh: boolean;
  readonly wasReady: boolean;
  /** Reasons that its conditions give. */
  readonly news: readonly string[];
}

/** The events of a kubelet that starts, comes back, or comes under pressure. */
async function tell(
  kubelets: Kubelets,
  node: Node,
  { fresh, wasReady, news }: Tidings,
  client: Client,
): Promise<void> {
  if (!fresh && wasReady && news.length === 0) return;
  const name = node.metadata?.name ?? '';
  // A kubelet does not know its Node's uid when it starts; its events carry the name in that place.
  const about = { ...node, metadata: { name, uid: name } } as unknown as KubeObject;
  const recorder = recorderOf(kubelets, name);
  const say = (reason: string, message = `Node ${name} status is now: ${reason}`): void =>
    recorder.event(about, 'Normal', reason, message);
  if (fresh) {
    say('Starting', 'Starting kubelet.');
    say('NodeHasSufficientMemory');
    say('NodeHasNoDiskPressure');
    say('NodeHasSufficientPID');
    say('NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  }
  for (const reason of news) say(reason);
  if (!wasReady) say('NodeReady');
  await recorder.flush(client);
}

/** The machine goes, and takes its pods along: nothing is left to stop them in order. */
async function retire(kubelets: Kubelets, name: string, client: Client): Promise<void> {
  for (const { metadata } of kubelets.pods.byIndex(BY_NODE, name).slice()) {
    const target = { name: metadata?.name ?? '', namespace: metadata?.namespace };
    await client.delete(pods, target, { gracePeriodSeconds: 0 }).catch(unlessGone);
  }
  await client.delete(nodes, { name }).catch(unlessGone);
  forgetNode(kubelets, name);
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
