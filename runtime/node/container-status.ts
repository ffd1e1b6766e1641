import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  VolumeMountStatus,
} from '../../generated/core/v1/types.ts';
import { formatTime } from '../meta/index.ts';
import { podId } from './container-machine.ts';
import {
  type ContainerRecord,
  type Ended,
  hasSucceeded,
  isReady,
  isStarted,
  type Stage,
  showsRunning,
} from './container-record.ts';
import { elapsedText } from './effects.ts';
import { hexOf } from './hash.ts';
import { imageId } from './images.ts';

const NO_STATE: ContainerState = {};
const INITIALIZING: ContainerState = { waiting: { reason: 'PodInitializing' } };
const CREATING: ContainerState = { waiting: { reason: 'ContainerCreating' } };

/** The status of one container as the kubelet reports it; `reported` is the last one, for what can be taken over. */
export function containerStatus(
  pod: Pod,
  spec: Container,
  record: ContainerRecord,
  init: boolean,
  reported: ContainerStatus | undefined,
): ContainerStatus {
  const { stage, restarts } = record;
  const running = showsRunning(record);
  const ran = running || stage.at === 'exited';
  const image = spec.image ?? '';
  const id = ran ? idOf(pod, spec.name, restarts, reported) : '';
  const before = stage.at === 'exited' && isHeld(stage) ? stage.ended : record.last;
  return {
    ...(running ? reportedResources(spec) : NOTHING),
    ...(ran ? { containerID: id } : NOTHING),
    image,
    imageID: ran ? imageId(image) : '',
    lastState: before
      ? { terminated: terminatedState(before, idOf(pod, spec.name, before.run, reported)) }
      : NO_STATE,
    name: spec.name,
    ready: isReady(record) || (init && hasSucceeded(record)),
    restartCount: restarts,
    started: running && isStarted(record),
    state: stateOf(pod, spec, record, id),
    ...(ran && spec.lifecycle?.stopSignal ? { stopSignal: spec.lifecycle.stopSignal } : NOTHING),
    ...volumeMounts(spec),
  };
}

const NOTHING = {};

/** Whether it shows why it does not run, and how it ended as its last state. */
function isHeld({ backoffMs, waiting }: Stage & { readonly at: 'exited' }): boolean {
  return backoffMs !== undefined || waiting !== undefined;
}

function stateOf(
  pod: Pod,
  spec: Container,
  { stage }: ContainerRecord,
  id: string,
): ContainerState {
  switch (stage.at) {
    case 'idle':
    case 'pulling':
    case 'creating':
      return pod.spec?.initContainers?.length ? INITIALIZING : CREATING;
    case 'blocked':
      return { waiting: { message: stage.message, reason: stage.reason } };
    case 'running':
    case 'stopping':
      if (stage.hidden) return pod.spec?.initContainers?.length ? INITIALIZING : CREATING;
      return runningSince(stage.sinceMs);
    case 'exited': {
      if (stage.waiting) return { waiting: stage.waiting };
      if (stage.backoffMs === undefined) return { terminated: terminatedState(stage.ended, id) };
      const message = `back-off ${elapsedText(stage.backoffMs)} restarting failed container=${spec.name} pod=${podId(pod)}`;
      return { waiting: { message, reason: 'CrashLoopBackOff' } };
    }
  }
}

let latestRunning: { readonly ms: number; readonly state: ContainerState } | undefined;

/** Containers that started at the same moment share the object. */
function runningSince(ms: number): ContainerState {
  if (latestRunning?.ms !== ms)
    latestRunning = { ms, state: { running: { startedAt: formatTime(ms) } } };
  return latestRunning.state;
}

function terminatedState(
  ended: Ended,
  containerID: string,
): NonNullable<ContainerState['terminated']> {
  return {
    containerID,
    exitCode: ended.code,
    finishedAt: formatTime(ended.finishedMs),
    ...(ended.message === undefined ? {} : { message: ended.message }),
    reason: ended.reason,
    ...(ended.signal === undefined ? {} : { signal: ended.signal }),
    startedAt: formatTime(ended.startedMs),
  };
}

/** `slipway://` and 64 hexadecimal digits: another for every run of every container of every pod. */
function idOf(pod: Pod, name: string, run: number, reported: ContainerStatus | undefined): string {
  if (reported?.containerID && reported.restartCount === run) return reported.containerID;
  return `slipway://${hexOf(`${pod.metadata?.uid}/${name}/${run}`, 64)}`;
}

type Reported = Pick<ContainerStatus, 'allocatedResources' | 'resources'>;
const resourcesOf = new WeakMap<Container, Reported>();

/** What the container has been given, which is what it asked for. One object for all pods of a template. */
function reportedResources(spec: Container): Reported {
  const known = resourcesOf.get(spec);
  if (known) return known;
  const { requests, limits } = spec.resources ?? {};
  const reported: Reported = {
    ...(requests ? { allocatedResources: requests } : {}),
    ...(requests || limits
      ? { resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) } }
      : {}),
  };
  resourcesOf.set(spec, reported);
  return reported;
}

type Mounts = Pick<ContainerStatus, 'volumeMounts'>;
const mountsOf = new WeakMap<Container, Mounts>();

function volumeMounts(spec: Container): Mounts {
  const known = mountsOf.get(spec);
  if (known) return known;
  const mounts: Mounts = spec.volumeMounts?.length
    ? {
        volumeMounts: spec.volumeMounts.map(
          ({ name, mountPath, readOnly }): VolumeMountStatus => ({
            mountPath,
            name,
            ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
          }),
        ),
      }
    : {};
  mountsOf.set(spec, mounts);
  return mounts;
}
