import type { ContainerStatus, Pod, PodStatus } from '../../generated/core/v1/types.ts';
import { formatTime } from '../meta/index.ts';
import { containerStatus } from './container-status.ts';
import { ephemeralContainers, ephemeralRecords } from './ephemeral.ts';
import { podConditions } from './pod-conditions.ts';
import { phaseOf } from './pod-phase.ts';
import type { PodRecord } from './pod-record.ts';
import { allocatedRequests, givenPod } from './resizing.ts';

/**
 * The whole status that the kubelet wants to see. Fields that others own (qosClass, foreign conditions) stay; whatever did not
 * change is the object that was there.
 */
export function buildPodStatus(
  pod: Pod,
  record: PodRecord,
  nowMs: number,
  nodeIp: string,
): PodStatus {
  const before: Partial<PodStatus> = pod.status ?? {};
  const phase = phaseOf(pod, record);
  const generation = pod.metadata?.generation;
  return {
    ...before,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    ...(record.verdict ? { reason: record.verdict.reason, message: record.verdict.message } : {}),
    conditions: podConditions(pod, record, phase, nowMs),
    ...(isRefused(record) ? {} : running(pod, record, nodeIp)),
    startTime: before.startTime ?? formatTime(record.startMs),
  } as PodStatus;
}

/** Turned away at the door: there are no containers to report. */
function isRefused({ verdict, ip }: PodRecord): boolean {
  return verdict !== undefined && ip === undefined;
}

function running(pod: Pod, record: PodRecord, nodeIp: string): Partial<PodStatus> {
  const before = pod.status;
  // Without volumes there is no sandbox yet.
  const ip = record.mounting ? undefined : record.ip;
  const given = givenPod(pod, record).spec;
  const sameHost = before?.hostIP === nodeIp;
  const samePod = before?.podIP === ip;
  return {
    ...(sameHost ? {} : { hostIP: nodeIp, hostIPs: [{ ip: nodeIp }] }),
    ...(samePod || ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    ...(record.init.length === 0
      ? {}
      : {
          initContainerStatuses: statuses(
            pod,
            given?.initContainers ?? [],
            record,
            true,
            before?.initContainerStatuses,
          ),
        }),
    containerStatuses: statuses(
      pod,
      given?.containers ?? [],
      record,
      false,
      before?.containerStatuses,
    ),
    ...(pod.spec?.ephemeralContainers?.length ? ephemeralStatuses(pod, record) : {}),
  };
}

/** They are never ready, and nobody asks whether they have started. */
function ephemeralStatuses(
  pod: Pod,
  record: PodRecord,
): Pick<PodStatus, 'ephemeralContainerStatuses'> {
  const before = pod.status?.ephemeralContainerStatuses;
  const specs = ephemeralContainers(pod);
  const records = ephemeralRecords(pod, record);
  const made = specs.map((spec, i) => {
    const known = before?.find(({ name }) => name === spec.name);
    const { started: _, ...status } = containerStatus(pod, spec, records[i]!, false, known);
    const own = { ...status, ready: false };
    return known && sameJson(known, own) ? known : own;
  });
  return { ephemeralContainerStatuses: made.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

type Specs = NonNullable<Pod['spec']>['containers'];

function statuses(
  pod: Pod,
  specs: Specs,
  record: PodRecord,
  init: boolean,
  before: readonly ContainerStatus[] | undefined,
): readonly ContainerStatus[] {
  const records = init ? record.init : record.main;
  const made = specs.map((spec, i) => {
    const known = before?.find(({ name }) => name === spec.name);
    const own = containerStatus(pod, spec, records[i]!, init, known);
    const set = own.resources && allocatedRequests(record, spec);
    const status = set ? { ...own, allocatedResources: set } : own;
    return known && sameJson(known, status) ? known : status;
  });
  if (!init && made.length > 1) made.sort((a, b) => (a.name < b.name ? -1 : 1));
  return made;
}

/** Equality of JSON values whatever the order of keys; quick where both sides share. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, i) => sameJson(each, b[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => key in right && sameJson(left[key], right[key]));
}
