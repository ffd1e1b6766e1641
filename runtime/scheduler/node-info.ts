import type { Node, Pod, Taint } from '../../generated/core/v1/types.ts';
import { wholeUnits } from '../meta/index.ts';
import { namesOf } from './image-index.ts';
import type { PodShape } from './pod-shape.ts';
import { type ResourceAmounts, resourceAmounts } from './requests.ts';
import type { Labels, NodeFields } from './selectors.ts';

/** A pod that is on a node, or is assumed to be while its binding is under way. Immutable. */
export interface PodRecord {
  readonly key: string;
  readonly uid: string;
  readonly shape: PodShape;
  readonly pod: Pod;
  /** Being deleted: still takes room, no longer counts for spreading. */
  readonly terminating: boolean;
}

/** What the scheduler reads of a node object; one value per change that matters to it. */
export interface NodeFacts extends NodeFields {
  readonly node: Node;
  readonly zone: string;
  readonly allocatable: ResourceAmounts;
  readonly podsMax: number;
  /** Taints that keep pods away: NoSchedule and NoExecute. */
  readonly hardTaints: readonly Taint[];
  /** PreferNoSchedule. */
  readonly softTaints: readonly Taint[];
  readonly unschedulable: boolean;
  /** Normalized names of the images it holds. */
  readonly images: ReadonlyMap<string, number>;
}

export function nodeFacts(node: Node): NodeFacts {
  const labels = (node.metadata?.labels ?? {}) as Labels;
  const taints = node.spec?.taints ?? [];
  const allocatable = (node.status?.allocatable ?? {}) as Record<string, string>;
  return {
    node,
    name: node.metadata?.name ?? '',
    labels,
    zone: zoneOf(labels),
    allocatable: resourceAmounts(allocatable),
    podsMax: wholeUnits(allocatable['pods']),
    hardTaints: taints.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
    softTaints: taints.filter(({ effect }) => effect === 'PreferNoSchedule'),
    unschedulable: node.spec?.unschedulable ?? false,
    images: namesOf(node.status?.images),
  };
}

function zoneOf(labels: Labels): string {
  const region =
    labels['topology.kubernetes.io/region'] ??
    labels['failure-domain.beta.kubernetes.io/region'] ??
    '';
  const zone =
    labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}

/**
 * A node with the sums over its pods. Mutable, but only by the state whose edit token it carries; others copy it first.
 */
export class NodeInfo {
  readonly slot: number;
  readonly token: object;
  /** Undefined while pods name a node that does not exist. */
  facts: NodeFacts | undefined;
  readonly name: string;
  pods: PodRecord[];
  milliCpu = 0;
  memory = 0;
  ephemeralStorage = 0;
  scalars: Map<string, number> | undefined;
  nonZeroMilliCpu = 0;
  nonZeroMemory = 0;
  /** Host ports in use, `protocol/port` to addresses. */
  ports: Map<string, readonly string[]> | undefined;
  /** Claims that its pods mount. */
  claims = 0;
  /** How often the object of one of its pods changed in a way that counts the same. */
  refreshes = 0;

  constructor(slot: number, token: object, name: string, facts?: NodeFacts) {
    this.slot = slot;
    this.token = token;
    this.name = name;
    this.facts = facts;
    this.pods = [];
  }

  copy(token: object): NodeInfo {
    const copy = new NodeInfo(this.slot, token, this.name, this.facts);
    copy.pods = this.pods.slice();
    copy.milliCpu = this.milliCpu;
    copy.memory = this.memory;
    copy.ephemeralStorage = this.ephemeralStorage;
    copy.scalars = this.scalars && new Map(this.scalars);
    copy.nonZeroMilliCpu = this.nonZeroMilliCpu;
    copy.nonZeroMemory = this.nonZeroMemory;
    copy.ports = this.ports && new Map(this.ports);
    copy.claims = this.claims;
    copy.refreshes = this.refreshes;
    return copy;
  }

  /** Position of the pod among this node's pods, or -1. Nodes have few. */
  indexOf(uid: string, key: string): number {
    const { pods } = this;
    for (let i = pods.length - 1; i >= 0; i--)
      if (pods[i]!.uid === uid && pods[i]!.key === key) return i;
    return -1;
  }

  addPod(record: PodRecord): void {
    this.pods.push(record);
    this.#count(record.shape, 1);
  }

  removeAt(index: number): void {
    const removed = this.pods[index]!;
    const last = this.pods.pop()!;
    if (last !== removed) this.pods[index] = last;
    this.#count(removed.shape, -1);
  }

  #count({ requirements: { requests, hostPorts }, volumes }: PodShape, sign: 1 | -1): void {
    if (volumes) this.claims += sign * volumes.claims.length;
    this.milliCpu += sign * requests.milliCpu;
    this.memory += sign * requests.memory;
    this.ephemeralStorage += sign * requests.ephemeralStorage;
    this.nonZeroMilliCpu += sign * requests.nonZeroMilliCpu;
    this.nonZeroMemory += sign * requests.nonZeroMemory;
    if (requests.scalars) {
      this.scalars ??= new Map();
      for (const [name, amount] of requests.scalars)
        this.scalars.set(name, (this.scalars.get(name) ?? 0) + sign * amount);
    }
    for (const { protocol, ip, port } of hostPorts) {
      this.ports ??= new Map();
      const key = `${protocol}/${port}`;
      const used = this.ports.get(key) ?? [];
      const at = used.indexOf(ip);
      this.ports.set(key, sign > 0 ? [...used, ip] : used.filter((_, i) => i !== at));
    }
  }
}
