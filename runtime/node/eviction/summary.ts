/** What a node and its pods use, in the shape of the kubelet's `/stats/summary` (v1alpha1), as far as eviction reads it. */
export interface Summary {
  readonly node: NodeStats;
  readonly pods: readonly PodStats[];
}

export interface NodeStats {
  readonly nodeName: string;
  /** The group of all pods is called `pods`. */
  readonly systemContainers?: readonly ContainerStats[] | null;
  readonly memory?: MemoryStats;
  /** The file system of volumes and logs. */
  readonly fs?: FsStats;
  readonly runtime?: { readonly imageFs?: FsStats; readonly containerFs?: FsStats };
  readonly rlimit?: {
    readonly time?: string | null;
    readonly maxpid?: number;
    readonly curproc?: number;
  };
}

export interface PodStats {
  readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly containers?: readonly ContainerStats[] | null;
  readonly memory?: MemoryStats;
  readonly volume?: readonly VolumeStats[];
  readonly 'ephemeral-storage'?: FsStats;
  readonly process_stats?: { readonly process_count?: number };
}

export interface ContainerStats {
  readonly name: string;
  readonly memory?: MemoryStats;
  /** The writable layer. */
  readonly rootfs?: FsStats;
  readonly logs?: FsStats;
}

export interface VolumeStats extends FsStats {
  readonly name: string;
}

export interface MemoryStats {
  readonly time?: string | null;
  readonly availableBytes?: number;
  readonly usageBytes?: number;
  readonly workingSetBytes?: number;
}

export interface FsStats {
  readonly time?: string | null;
  readonly availableBytes?: number;
  readonly capacityBytes?: number;
  readonly usedBytes?: number;
  readonly inodesFree?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
}

/** The usage of the group of all pods. */
export function podsGroup({ node }: Summary): MemoryStats | undefined {
  return node.systemContainers?.find(({ name }) => name === 'pods')?.memory;
}
