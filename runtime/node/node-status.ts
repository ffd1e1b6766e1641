import type {
  ContainerImage,
  Node,
  NodeCondition,
  NodeStatus,
  NodeSystemInfo,
} from '../../generated/core/v1/types.ts';
import { formatTime, jsonEqual } from '../meta/index.ts';
import type { Pressure } from './ailments.ts';
import { allocatableOf, type ResourceList } from './amounts.ts';
import { hexOf } from './hash.ts';
import { imageId, qualified } from './images.ts';
import type { ImageRecord } from './state.ts';

export const DEFAULT_CAPACITY: ResourceList = {
  cpu: '4',
  'ephemeral-storage': '100Gi',
  memory: '16Gi',
};

const KUBELET_VERSION = 'v1.36.0';
/** The kubelet reports at most this many images, the largest first. */
const IMAGES_MAX = 50;

export interface NodeFacts {
  readonly name: string;
  readonly ip: string;
  readonly capacity: ResourceList;
  readonly reserved?: ResourceList;
  readonly images: readonly ImageRecord[];
  /** What is used up beside the pods. */
  readonly pressure?: Pressure;
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
    allocatable: allocatableOf(capacity, facts.reserved),
    capacity,
    conditions: conditions(before?.conditions ?? [], facts.pressure ?? {}, formatTime(nowMs)),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: reportedImages(facts.images, nowMs),
    nodeInfo: systemInfo(facts.name),
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

/** Shares in use from which the kubelet's default thresholds call it pressure, and how it says so. */
const PRESSED = {
  MemoryPressure: [
    'memory',
    0.99,
    'KubeletHasInsufficientMemory',
    'kubelet has insufficient memory available',
  ],
  DiskPressure: ['disk', 0.9, 'KubeletHasDiskPressure', 'kubelet has disk pressure'],
  PIDPressure: [
    'pids',
    0.95,
    'KubeletHasInsufficientPID',
    'kubelet has insufficient PID available',
  ],
} as const;

function conditions(
  before: readonly NodeCondition[],
  pressure: Pressure,
  now: string,
): NodeCondition[] {
  const own = HEALTHY.map((healthy): NodeCondition => {
    const [type] = healthy;
    const pressed = type === 'Ready' ? undefined : PRESSED[type];
    const isPressed = pressed !== undefined && (pressure[pressed[0]] ?? 0) > pressed[1];
    const [status, reason, message] = isPressed
      ? (['True', pressed[2], pressed[3]] as const)
      : ([healthy[1], healthy[2], healthy[3]] as const);
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

function systemInfo(name: string): NodeSystemInfo {
  const id = hexOf(`machine/${name}`, 32);
  const boot = hexOf(`boot/${name}`, 32);
  return {
    architecture: 'amd64',
    bootID: dashed(boot),
    containerRuntimeVersion: 'slipway://1',
    kernelVersion: '6.12.0',
    kubeProxyVersion: '',
    kubeletVersion: KUBELET_VERSION,
    machineID: id,
    operatingSystem: 'linux',
    osImage: 'Slipway simulated Linux',
    systemUUID: dashed(id),
  };
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
