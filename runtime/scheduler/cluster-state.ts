import type { Node } from '../../generated/core/v1/types.ts';
import { CarriedTerms } from './carried-terms.ts';
import { clusterEvents } from './framework.ts';
import { ImageIndex } from './image-index.ts';
import { type NodeFacts, NodeInfo, nodeFacts, type PodRecord } from './node-info.ts';
import { NodeTree } from './node-tree.ts';
import { Nominations } from './nominations.ts';
import { PodCounts } from './pod-counts.ts';
import { ScarceResources } from './scarce-resources.ts';
import type { Labels } from './selectors.ts';
import { AssumedVolumes, ClaimUsers } from './volumes/index.ts';

const FIRST_CAPACITY = 64;
const NO_LABELS: Labels = {};

/**
 * The scheduler's snapshot of nodes and the pods on them, kept by what changes. A node lives in a slot, a small number
 * by which caches are indexed; `generations[slot]` changes whenever anything about the node or its pods does. `fork`
 * shares all nodes: each side copies a node when it first changes it.
 */
export class ClusterState {
  generations: Int32Array;
  /** Pods by what spreading selects; those that are being deleted no longer count. */
  readonly spread: PodCounts;
  /** Pods by what affinity selects, and the terms of the pods that are there. */
  readonly affinity: PodCounts;
  readonly carried: CarriedTerms;
  readonly images: ImageIndex;
  readonly nominations: Nominations;
  readonly claimUsers: ClaimUsers;
  /** What pods whose volumes are being bound have taken. */
  readonly assumed: AssumedVolumes;
  #token: object = {};
  #infos: (NodeInfo | undefined)[];
  #slots: Map<string, number>;
  #slotsShared = false;
  #free: number[];
  #tree: NodeTree;
  readonly #scarce: ScarceResources;
  #generation: number;
  #nodeCount: number;
  #namespaces: Map<string, Labels>;
  #namespacesShared = false;

  constructor(from?: ClusterState) {
    this.generations = from ? from.generations.slice() : new Int32Array(FIRST_CAPACITY);
    this.#infos = from ? from.#infos.slice() : [];
    this.#slots = from ? from.#slots : new Map();
    this.#slotsShared = from !== undefined;
    this.#free = from ? from.#free.slice() : [];
    this.#tree = new NodeTree(from ? from.#tree : undefined);
    this.#scarce = new ScarceResources(from ? from.#scarce : undefined);
    this.#generation = from ? from.#generation : 0;
    this.#nodeCount = from ? from.#nodeCount : 0;
    this.images = new ImageIndex(from?.images);
    this.#namespaces = from ? from.#namespaces : new Map();
    this.#namespacesShared = from !== undefined;
    this.nominations = new Nominations(from?.nominations);
    this.assumed = new AssumedVolumes(from?.assumed);
    this.claimUsers = new ClaimUsers(this);
    this.spread = new PodCounts(this, { terminating: false });
    this.affinity = new PodCounts(this, { terminating: true });
    this.carried = new CarriedTerms(this, this.namespaceLabels);
  }

  readonly namespaceLabels = (name: string): Labels => this.#namespaces.get(name) ?? NO_LABELS;

  /** A namespace came, went (undefined) or has other labels. Returns whether that matters to anyone. */
  setNamespace(name: string, labels: Labels | undefined): boolean {
    const before = this.#namespaces.get(name);
    if (before === labels || equal(before ?? NO_LABELS, labels ?? NO_LABELS)) return false;
    if (this.#namespacesShared) this.#namespaces = new Map(this.#namespaces);
    this.#namespacesShared = false;
    if (labels) this.#namespaces.set(name, labels);
    else this.#namespaces.delete(name);
    this.affinity.namespacesChanged();
    this.carried.namespacesChanged();
    return true;
  }

  /** A copy in constant time per node slot, independent of the number of pods. */
  fork(): ClusterState {
    const copy = new ClusterState(this);
    this.#token = {};
    this.#slotsShared = true;
    this.#namespacesShared = true;
    return copy;
  }

  /** Nodes that exist. */
  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** One more than the highest slot. */
  get slotCount(): number {
    return this.#infos.length;
  }

  /** The order in which nodes are tried. */
  order(): Int32Array {
    return this.#tree.order();
  }

  /** Slots of the nodes that have some of an extended resource, or of huge pages. */
  slotsWith(resource: string): readonly number[] {
    return this.#scarce.slotsWith(resource, this.#infos);
  }

  /** The node in a slot; undefined for a free one. */
  at(slot: number): NodeInfo | undefined {
    return this.#infos[slot];
  }

  /** The facts of a slot in the order; it has a node. */
  factsAt(slot: number): NodeFacts {
    return this.#infos[slot]!.facts!;
  }

  find(name: string): NodeInfo | undefined {
    const slot = this.#slots.get(name);
    return slot === undefined ? undefined : this.#infos[slot];
  }

  /** Takes in a node as it is now; returns the kinds of change as bits of `clusterEvents`, 0 when nothing matters. */
  setNode(node: Node): number {
    const name = node.metadata?.name ?? '';
    const info = this.find(name);
    const before = info?.facts;
    if (before && before.node === node) return 0;
    if (info && before && sameSources(before.node, node)) {
      this.#mutable(info).facts = { ...before, node };
      return 0;
    }
    const facts = nodeFacts(node);
    const kinds = before ? differences(before, facts) : clusterEvents.nodeAdded;
    const own = info ? this.#mutable(info) : this.#create(name);
    const { slot } = own;
    if (!before) {
      this.#nodeCount++;
      this.#tree.add(facts.zone, slot);
    } else if (before.zone !== facts.zone) {
      this.#tree.remove(before.zone, slot);
      this.#tree.add(facts.zone, slot);
    }
    this.images.replace(before?.node, node);
    own.facts = facts;
    if (kinds === 0) return 0;
    this.#scarce.nodesChanged();
    this.#touch(slot);
    this.#nodeChanged(slot);
    return kinds;
  }

  /** Forgets a node; its pods stay counted until they go too. Returns it as it was. */
  removeNode(name: string): NodeInfo | undefined {
    const info = this.find(name);
    if (!info?.facts) return undefined;
    const { facts } = info;
    const own = this.#mutable(info);
    this.#tree.remove(facts.zone, own.slot);
    this.images.replace(facts.node, undefined);
    this.#nodeCount--;
    const last = own.copy(this.#token);
    own.facts = undefined;
    this.#scarce.nodesChanged();
    this.#touch(own.slot);
    this.#nodeChanged(own.slot);
    if (own.pods.length === 0) this.#release(own);
    return last;
  }

  /** Puts a pod on a node. A node that does not exist (yet) holds it all the same. */
  addPod(nodeName: string, record: PodRecord): void {
    const info = this.find(nodeName);
    const own = info ? this.#mutable(info) : this.#create(nodeName);
    own.addPod(record);
    this.#touch(own.slot);
    this.count(record, own.slot, 1);
  }

  findPod(nodeName: string, uid: string, key: string): PodRecord | undefined {
    const info = this.find(nodeName);
    return info?.pods[info.indexOf(uid, key)];
  }

  removePod(nodeName: string, uid: string, key: string): PodRecord | undefined {
    const info = this.find(nodeName);
    const index = info ? info.indexOf(uid, key) : -1;
    if (!info || index < 0) return undefined;
    const own = this.#mutable(info);
    const record = own.pods[index]!;
    own.removeAt(index);
    this.#touch(own.slot);
    this.count(record, own.slot, -1);
    if (own.pods.length === 0 && !own.facts) this.#release(own);
    return record;
  }

  /**
   * Counts a pod on a node (1) or no longer (-1) in all that is summed over nodes, but not among the node's own pods. For
   * asking what would be: whoever does that takes it back.
   */
  count({ shape, terminating }: PodRecord, slot: number, delta: 1 | -1): void {
    this.spread.count(shape, terminating, slot, delta);
    this.affinity.count(shape, terminating, slot, delta);
    this.carried.count(shape, slot, delta);
    this.claimUsers.count(shape, delta);
  }

  /** Replaces a record by one that counts the same: a newer object of the same pod. */
  refreshPod(nodeName: string, record: PodRecord): void {
    const info = this.find(nodeName);
    const index = info ? info.indexOf(record.uid, record.key) : -1;
    if (!info || index < 0) return;
    const own = this.#mutable(info);
    own.pods[index] = record;
    own.refreshes++;
  }

  #nodeChanged(slot: number): void {
    this.spread.nodeChanged(slot);
    this.affinity.nodeChanged(slot);
    this.carried.nodeChanged(slot);
  }

  #mutable(info: NodeInfo): NodeInfo {
    if (info.token === this.#token) return info;
    const copy = info.copy(this.#token);
    this.#infos[info.slot] = copy;
    return copy;
  }

  #create(name: string): NodeInfo {
    const slot = this.#free.pop() ?? this.#infos.length;
    if (slot >= this.generations.length) {
      const larger = new Int32Array(this.generations.length * 2);
      larger.set(this.generations);
      this.generations = larger;
    }
    const info = new NodeInfo(slot, this.#token, name);
    this.#infos[slot] = info;
    this.#ownSlots().set(name, slot);
    return info;
  }

  #release({ slot, name }: NodeInfo): void {
    this.#infos[slot] = undefined;
    this.#ownSlots().delete(name);
    this.#free.push(slot);
  }

  #ownSlots(): Map<string, number> {
    if (this.#slotsShared) {
      this.#slots = new Map(this.#slots);
      this.#slotsShared = false;
    }
    return this.#slots;
  }

  #touch(slot: number): void {
    this.generations[slot] = ++this.#generation;
  }
}

function differences(before: NodeFacts, after: NodeFacts): number {
  let kinds = 0;
  if (!equal(before.node.status?.allocatable, after.node.status?.allocatable))
    kinds |= clusterEvents.nodeAllocatable;
  if (!equal(before.node.metadata?.labels, after.node.metadata?.labels))
    kinds |= clusterEvents.nodeLabels;
  if (
    before.unschedulable !== after.unschedulable ||
    !equal(before.node.spec?.taints, after.node.spec?.taints)
  )
    kinds |= clusterEvents.nodeTaints;
  return kinds;
}

/** True for a heartbeat: whatever is different, the scheduler does not read it. */
function sameSources(a: Node, b: Node): boolean {
  return (
    a.spec === b.spec &&
    a.metadata?.labels === b.metadata?.labels &&
    a.status?.allocatable === b.status?.allocatable &&
    a.status?.images === b.status?.images
  );
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
