import type { Pod } from '../../../generated/core/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import {
  AT_EASE,
  type EvictionConfig,
  type EvictionState,
  type FsStats,
  pass,
  SHARED_DISK,
  type Summary,
} from '../../node/eviction/index.ts';
import { thresholdFrom, type WrittenThreshold } from './eviction.ts';
import type { Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

interface PassRow {
  readonly now: number;
  readonly config: {
    readonly maxPodGracePeriodSeconds: number;
    readonly pressureTransitionPeriod: string;
    readonly thresholds: readonly WrittenThreshold[];
  };
  readonly summary: { readonly object: Summary };
  readonly activePods: readonly { readonly object: Pod }[];
  readonly nodeConditions: readonly string[];
  readonly returnedEvictedPods: readonly string[];
}

const FILES = [
  'AllocatableMemoryPressure',
  'DiskPressureNodeFs',
  'InodePressureNodeFsInodes',
  'MemoryPressure',
  'MemoryPressure_VerifyPodStatus',
  'MinReclaim',
  'NodeReclaimFuncs',
  'UpdateMemcgThreshold',
].map((each) => `manager_timeline__Test${each}`);

/**
 * One row a pass; the state goes from row to row. Passes that were left out of the files happened in between all the same, but
 * none of them changes what a later row must show.
 */
export async function playTimelines(dir: string, tally: Tally): Promise<void> {
  for (const file of FILES) {
    let state: EvictionState = AT_EASE;
    for (const { id, case: row } of await rowsOf<PassRow>(dir, file)) {
      const { object: after } = row.summary;
      const done = pass({
        nowMs: row.now * 1000,
        config: configFrom(row),
        summary: reclaimed(file, row) ? short(after) : after,
        pods: row.activePods.map(({ object }) => object),
        state,
        reclaimed: () => after,
      });
      ({ state } = done);
      tally.equal(
        id,
        [row.nodeConditions, row.returnedEvictedPods],
        [state.pressures, done.evictions.map(({ pod }) => pod.metadata.name)],
      );
    }
  }
}

function configFrom({ config }: PassRow): EvictionConfig {
  return {
    thresholds: config.thresholds.map(thresholdFrom),
    maxPodGraceSeconds: config.maxPodGracePeriodSeconds,
    transitionMs: parseDuration(config.pressureTransitionPeriod) ?? 0,
    localStorageIsolation: true,
    disks: SHARED_DISK,
  };
}

/**
 * The statistics of this one table are those from after the pass, in which upstream's stand-in for garbage collection had
 * put what is left. Where a pass saw pressure before it, the row does not say how much there was: four fifths of what is
 * left afterwards are taken for it.
 */
function reclaimed(file: string, { nodeConditions, returnedEvictedPods }: PassRow): boolean {
  return (
    file.endsWith('NodeReclaimFuncs') && nodeConditions.length > 0 && returnedEvictedPods.length > 0
  );
}

function short(summary: Summary): Summary {
  const fs: FsStats = summary.node.fs ?? {};
  const availableBytes = Math.trunc((fs.availableBytes ?? 0) * 0.8);
  return { ...summary, node: { ...summary.node, fs: { ...fs, availableBytes } } };
}
