import type { Pod } from '../../../generated/core/v1/types.ts';
import type { PodStats, Summary } from './summary.ts';

interface Shape {
  readonly priority?: number;
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly volumes?: readonly object[];
}

/** A pod whose uid is its name, of one container `main`. */
export function podNamed(name: string, { requests, limits, ...spec }: Shape = {}): Pod {
  const resources = { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) };
  return {
    metadata: { name, namespace: 'default', uid: name },
    spec: { ...spec, containers: [{ name: 'main', image: 'x', resources }] },
  } as unknown as Pod;
}

interface Use {
  readonly memory?: number;
  readonly layer?: number;
  readonly logs?: number;
  readonly volume?: number;
  readonly processes?: number;
}

/** Statistics of the pod `name`; its volume is called `data`. */
export function statsNamed(
  name: string,
  { memory = 0, layer = 0, logs = 0, volume, processes = 1 }: Use,
): PodStats {
  return {
    podRef: { name, namespace: 'default', uid: name },
    memory: { workingSetBytes: memory },
    containers: [
      {
        name: 'main',
        memory: { workingSetBytes: memory },
        rootfs: { usedBytes: layer, inodesUsed: layer },
        logs: { usedBytes: logs, inodesUsed: logs },
      },
    ],
    ...(volume === undefined ? {} : { volume: [{ name: 'data', usedBytes: volume }] }),
    'ephemeral-storage': { usedBytes: layer + logs + (volume ?? 0) },
    process_stats: { process_count: processes },
  };
}

/** A node with so much memory left of 1000. */
export function shortOf(availableBytes: number, pods: readonly PodStats[] = []): Summary {
  return {
    node: { nodeName: 'n', memory: { availableBytes, workingSetBytes: 1000 - availableBytes } },
    pods,
  };
}
