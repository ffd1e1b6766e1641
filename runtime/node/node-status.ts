import type {
  ContainerImage,
  Node,
  NodeCondition,
  NodeStatus,
  NodeSystemInfo,
} from '../../generated/core/v1/types.ts';
import { formatTime, jsonEqual } from '../meta/index.ts';
import type { ResourceList } from './amounts.ts';
import type { Pressure } from './eviction/index.ts';
import { hexOf } from './hash.ts';
import { imageId, qualified } from './images.ts';
import type { ImageRecord } from './state.ts';

export const DEFAULT_CAPACITY: ResourceList = {
  cpu: '4',
  'ephemeral-storage': '100Gi',
  memory: '16Gi',
};

/** The kubelet reports at most this many images, the largest first. */
const IMAGES_MAX = 50;

export interface NodeFacts {
  readonly name: string;
  readonly ip: string;
  readonly capacity: ResourceList;
  /** What pods may use of it. */
  readonly allocatable: ResourceList;
  /** What the node is short of. */
  readonly pressures: readonly Pressure[];
  readonly images: readonly ImageRecord[];
  /** The release that the kubelet is of, `1.36`. */
  readonly release: string;
}

/** The kubelet's four conditions, in its order, with what it says when all is well. */
const HEALTHY = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** What a healthy kubelet reports of its node. Conditions of others, and what it does not own, stay as they are. */
export function nodeStatus(node: Node | undefined, facts: NodeFacts, nowMs: number): NodeStatus {
  const before = node?.status;
  const { capacity } = facts;
  return {
    ...before,
    addresses: before?.addresses?.length
      ? before.addresses
      : [
          { type: 'InternalIP', address: facts.ip },
          { type: 'Hostname', address: facts.name },
        ],
    allocatable: facts.allocatable,
    capacity,
    conditions: conditions(before?.conditions ?? [], facts.pressures, formatTime(nowMs)),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: reportedImages(facts.images, nowMs),
    nodeInfo: systemInfo(facts),
  } as NodeStatus;
}

/** Whether two statuses differ in anything but the times of heartbeats. */
export function hasNews(before: NodeStatus | undefined, after: NodeStatus): boolean {
  return !jsonEqual(withoutBeats(before), withoutBeats(after));
}

function withoutBeats(status: NodeStatus | undefined): unknown {
  const conditions = (status?.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return { ...status, conditions };
}

/** Whether the node's Ready condition says what a healthy kubelet wants it to say. */
export function saysReady(node: Node): boolean {
  return (
    node.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ??
    false
  );
}

/** What the kubelet says instead while it is short of something. */
const PRESSED: Readonly<Record<string, readonly [string, string]>> = {
  MemoryPressure: ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
  DiskPressure: ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
  PIDPressure: ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
};

/** Reasons of the events with which a condition comes and goes. */
const TOLD: Readonly<Record<Pressure, readonly [string, string]>> = {
  MemoryPressure: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  DiskPressure: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  PIDPressure: ['NodeHasInsufficientPID', 'NodeHasSufficientPID'],
};

/** Reasons of the events that a change of status calls for. */
export function pressureNews(
  before: NodeStatus | undefined,
  after: NodeStatus | undefined,
): readonly string[] {
  const statusOf = (status: NodeStatus | undefined, type: string): string | undefined =>
    status?.conditions?.find((each) => each.type === type)?.status;
  return Object.entries(TOLD).flatMap(([type, [came, went]]) => {
    const now = statusOf(after, type);
    if (now === statusOf(before, type)) return [];
    return now === 'True' ? [came] : [went];
  });
}

function conditions(
  before: readonly NodeCondition[],
  pressures: readonly Pressure[],
  now: string,
): NodeCondition[] {
  const own = HEALTHY.map(([type, healthy, ...words]): NodeCondition => {
    const pressed = pressures.some((each) => each === type) ? PRESSED[type] : undefined;
    const status = pressed ? 'True' : healthy;
    const [reason, message] = pressed ?? words;
    const known = before.find((each) => each.type === type);
    const lastTransitionTime = (known?.status === status && known.lastTransitionTime) || now;
    return { lastHeartbeatTime: now, lastTransitionTime, message, reason, status, type };
  });
  return [...before.filter((each) => !own.some(({ type }) => type === each.type)), ...own];
}

function reportedImages(images: readonly ImageRecord[], nowMs: number): ContainerImage[] {
  return images
    .filter(({ atMs }) => atMs <= nowMs)
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.image < b.image ? -1 : 1))
    .slice(0, IMAGES_MAX)
    .map(({ image, sizeBytes }) => ({ names: [imageId(image), qualified(image)], sizeBytes }));
}

function systemInfo({ name, release }: NodeFacts): NodeSystemInfo {
  const id = hexOf(`machine/${name}`, 32);
  const boot = hexOf(`boot/${name}`, 32);
  return {
    architecture: 'amd64',
    bootID: dashed(boot),
    containerRuntimeVersion: 'slipway://1',
    kernelVersion: '6.12.0',
    kubeProxyVersion: '',
    kubeletVersion: `v${release}.0`,
    machineID: id,
    operatingSystem: 'linux',
    osImage: 'Slipway simulated Linux',
    systemUUID: dashed(id),
  };
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
