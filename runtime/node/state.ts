import type { Pod } from '../../generated/core/v1/types.ts';
import { KeyedMap } from '../base/index.ts';
import { EventCorrelator, type NotedEvent, WorkQueue } from '../client/index.ts';
import type { User } from '../meta/index.ts';
import type { Ailment } from './ailments.ts';
import type { Amounts } from './amounts.ts';
import type { EvictionRecord, Load } from './eviction/index.ts';
import type { FleetMember } from './fleet.ts';
import type { PodRecord } from './pod-record.ts';

/** What is known of one kubelet. Immutable. */
export interface NodeRecord {
  readonly name: string;
  /** Position in the order of registration; addresses derive from it. */
  readonly ordinal: number;
  readonly ip: string;
  readonly user: User;
  /** The group of nodes that renew their leases at the same moments. */
  readonly beat: string;
  /** What pods may use, in base units. */
  readonly allocatable: Amounts;
  /** What the machine has, in base units. */
  readonly capacity: Amounts;
  /** Last full status. */
  readonly reportedMs: number;
  /** When the kubelet next looks whether it has another one to post. */
  readonly lookMs: number;
  /** resourceVersion of the Node as the kubelet last wrote it. */
  readonly version: string;
  /** Until when the images that were asked for are being pulled, one after the other. */
  readonly pullsUntilMs: number;
  /** Storage drivers that its pool had named when it last said in its CSINode which there are. */
  readonly drivers: readonly string[];
}

/** An image on a node. */
export interface ImageRecord {
  readonly image: string;
  readonly sizeBytes: number;
  /** When it is, or was, complete. */
  readonly atMs: number;
  /** When a container last had it; absent where none has gone yet. */
  readonly lastUsedMs?: number;
}

/** A pod that a node runs because its manifests say so. Immutable. */
export interface StaticPod {
  readonly node: string;
  /** The pod that is run, with its status; in deletion once its manifest says something else. */
  readonly pod: Pod;
  /** What the manifests say; absent where they do not say anything any more. */
  readonly wanted?: Pod;
}

/** Which endpoint a client of a service with affinity has, and when it last had it. */
export interface Affinity {
  /** `address:port` */
  readonly target: string;
  readonly atMs: number;
}

/** What the kubelets together remember of what they have said, instead of each for itself. */
const EVENTS_MAX = 32_768;

/** All that the kubelets know, as copy-on-write maps. A clone costs nothing. */
export class NodesState {
  /** By name. */
  readonly nodes: KeyedMap<NodeRecord>;
  /** Desired members of pools, by node name. */
  readonly fleet: KeyedMap<FleetMember>;
  /** By `namespace/name`. */
  readonly pods: KeyedMap<PodRecord>;
  /** By `namespace/name`, which are those of the mirror. */
  readonly statics: KeyedMap<StaticPod>;
  /** Of which static pods a node knows, by node. */
  readonly staticKeys: KeyedMap<readonly string[]>;
  /** Keys of static pods that end because their manifest says something else. */
  readonly ending: KeyedMap<true>;
  /** By node NUL image. */
  readonly images: KeyedMap<ImageRecord>;
  /** What pods that are not finished ask for, by node. */
  readonly used: KeyedMap<Amounts>;
  /** Pod addresses in use. */
  readonly addresses: KeyedMap<string>;
  /** By node: the last byte given out. */
  readonly lastAddress: KeyedMap<number>;
  /** By beat NUL node. */
  readonly beats: KeyedMap<string>;
  /** What pods and images could come to use, by node. */
  readonly loads: KeyedMap<Load>;
  /** By node: what its eviction manager knows. Absent where it has nothing to do. */
  readonly evictions: KeyedMap<EvictionRecord>;
  /** By pod: its containers that the kernel has just killed for their memory. */
  readonly kills: KeyedMap<readonly string[]>;
  /** By node: pods that wait until others on it need less, in the order in which they came. */
  readonly deferred: KeyedMap<readonly string[]>;
  /**
   * Pods as their kubelet knows them where that is not what the API says, by node NUL key of the record: those of a node that is cut off, and
   * those that the API has no longer. With the status that the kubelet would report.
   */
  readonly copies: KeyedMap<Pod>;
  /** What kubelets that are cut off have to tell, by node, in order. */
  readonly untold: KeyedMap<readonly NotedEvent[]>;
  /** By node, service, port and client, between NULs. */
  readonly affinities: KeyedMap<Affinity>;
  readonly queue: WorkQueue;
  readonly correlator: EventCorrelator;
  nextOrdinal: number;
  /** What has befallen machines; replaced as a whole. */
  ailments: readonly Ailment[];

  constructor(from?: NodesState) {
    const copy = <V>(map: KeyedMap<V> | undefined): KeyedMap<V> =>
      map ? map.clone() : new KeyedMap<V>();
    this.nodes = copy(from?.nodes);
    this.fleet = copy(from?.fleet);
    this.pods = copy(from?.pods);
    this.statics = copy(from?.statics);
    this.staticKeys = copy(from?.staticKeys);
    this.ending = copy(from?.ending);
    this.images = copy(from?.images);
    this.used = copy(from?.used);
    this.addresses = copy(from?.addresses);
    this.lastAddress = copy(from?.lastAddress);
    this.beats = copy(from?.beats);
    this.loads = copy(from?.loads);
    this.evictions = copy(from?.evictions);
    this.kills = copy(from?.kills);
    this.deferred = copy(from?.deferred);
    this.copies = copy(from?.copies);
    this.untold = copy(from?.untold);
    this.affinities = copy(from?.affinities);
    this.queue = from ? from.queue.clone() : new WorkQueue();
    this.correlator = from
      ? from.correlator.clone()
      : new EventCorrelator({ entriesMax: EVENTS_MAX });
    this.nextOrdinal = from?.nextOrdinal ?? 0;
    this.ailments = from?.ailments ?? [];
  }

  clone(): NodesState {
    return new NodesState(this);
  }
}
