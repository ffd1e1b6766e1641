import { formatTime, parseTime } from '../../meta/index.ts';
import {
  type ContainerStats,
  type FsStats,
  machineFor,
  type PodStats,
  survey,
} from '../eviction/index.ts';
import type { Kubelets } from '../kubelets.ts';
import { type PodNow, sumOf, type UsageNow, usageOn } from './usage-now.ts';

/**
 * The answer to `/stats/summary`: the statistics that eviction decides by, with the processor time of the meter and the moment of
 * measurement. What is not simulated (network, page faults, resident pages) is left out.
 */
export function summaryOf(kubelets: Kubelets, name: string, onlyUsage: boolean): object {
  const { state, context, nodes } = kubelets;
  const nowMs = context.pace.now();
  const time = formatTime(nowMs);
  const record = state.nodes.get(name)!;
  const { summary } = survey(kubelets, record, machineFor(kubelets, record), nowMs);
  const pods = usageOn(kubelets, name);
  const { nodeName, memory, fs, runtime, rlimit, systemContainers } = summary.node;
  const startTime = startText(parseTime(nodes.byKey(name)?.metadata.creationTimestamp));
  const cpu = cpuOf(sumOf(pods), time);
  const disk = (stats: FsStats | undefined) => (stats ? { time, ...stats } : undefined);
  return {
    node: {
      nodeName,
      systemContainers: (systemContainers ?? []).map((each) => ({
        name: each.name,
        startTime,
        cpu,
        ...(each.memory ? { memory: withUsage(each.memory, time) } : {}),
      })),
      startTime,
      cpu,
      ...(memory ? { memory: withUsage(memory, time) } : {}),
      ...(onlyUsage
        ? {}
        : {
            ...(fs ? { fs: disk(fs) } : {}),
            ...(runtime
              ? {
                  runtime: {
                    imageFs: disk(runtime.imageFs),
                    containerFs: disk(runtime.containerFs),
                  },
                }
              : {}),
            rlimit: { time, ...rlimit },
          }),
    },
    pods: summary.pods.map((each) => {
      const now = pods.find(({ pod }) => pod.metadata.uid === each.podRef.uid);
      return podStats(each, now, fs, time, onlyUsage);
    }),
  };
}

function podStats(
  stats: PodStats,
  now: PodNow | undefined,
  disk: FsStats | undefined,
  time: string,
  onlyUsage: boolean,
): object {
  const { podRef, containers, memory, volume, process_stats } = stats;
  const room = disk ? roomOf(disk) : {};
  return {
    podRef,
    startTime: startText(now?.startedMs ?? 0),
    containers: (containers ?? []).map((each) => containerStats(each, now, room, time, onlyUsage)),
    ...(now ? { cpu: cpuOf(now, time) } : {}),
    ...(memory ? { memory: withUsage(memory, time) } : {}),
    ...(onlyUsage
      ? {}
      : {
          ...(volume ? { volume: volume.map((each) => ({ time, ...room, ...each })) } : {}),
          'ephemeral-storage': { time, ...room, ...stats['ephemeral-storage'] },
          process_stats,
        }),
  };
}

function containerStats(
  { name, memory, rootfs, logs }: ContainerStats,
  now: PodNow | undefined,
  room: Partial<FsStats>,
  time: string,
  onlyUsage: boolean,
): object {
  const own = now?.containers.find((each) => each.name === name);
  return {
    name,
    startTime: startText(own?.startedMs ?? 0),
    ...(own ? { cpu: cpuOf(own, time) } : {}),
    ...(memory ? { memory: withUsage(memory, time) } : {}),
    ...(onlyUsage
      ? {}
      : { rootfs: { time, ...room, ...rootfs }, logs: { time, ...room, ...logs } }),
  };
}

/** What the file system has, whoever uses it. */
function roomOf({ availableBytes, capacityBytes, inodes, inodesFree }: FsStats): FsStats {
  return {
    ...(availableBytes === undefined ? {} : { availableBytes }),
    ...(capacityBytes === undefined ? {} : { capacityBytes }),
    ...(inodesFree === undefined ? {} : { inodesFree }),
    ...(inodes === undefined ? {} : { inodes }),
  };
}

function cpuOf({ cpuNanos, cpuTotalNanos }: UsageNow, time: string): object {
  return { time, usageNanoCores: cpuNanos, usageCoreNanoSeconds: cpuTotalNanos };
}

/** All memory in use is in the working set: there are no pages that could be dropped. */
function withUsage(
  { availableBytes, workingSetBytes = 0 }: NonNullable<PodStats['memory']>,
  time: string,
) {
  return {
    time,
    ...(availableBytes === undefined ? {} : { availableBytes }),
    usageBytes: workingSetBytes,
    workingSetBytes,
  };
}

const startText = (atMs: number): string => formatTime(atMs);
