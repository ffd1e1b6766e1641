import type {
  Container,
  Pod,
  PodSpec,
  ResourceRequirements,
} from '../../generated/core/v1/types.ts';
import { jsonEqual, wholeUnits } from '../meta/index.ts';
import type { ContainerContext } from './container-machine.ts';
import type { ContainerRecord } from './container-record.ts';
import { stop } from './container-stop.ts';
import type { PodRecord, Resizing } from './pod-record.ts';
import { OOM_KILLED } from './script.ts';
import { sizedAs } from './sized-spec.ts';
import { usesAt } from './usage.ts';

/** From the decision that a pod gets another size until its containers have it. */
export const ACTUATED_WITHIN_MS = 1_000;
/** What could not be done is tried again with the pod's next sync. */
const RETRY_MS = 10_000;

/** The pod as its containers are at present: with what they have, whatever it wants. */
export function givenPod(pod: Pod, { allocated, resizing }: PodRecord): Pod {
  if (!allocated || !pod.spec) return pod;
  const size = resizing && !resizing.isApplied ? resizing.from : allocated;
  const spec = sizedAs(pod.spec, size);
  return spec === pod.spec ? pod : { ...pod, spec };
}

/** One container that a change of size may be about, and the way to put another record in its place. */
export interface Sizable {
  readonly record: ContainerRecord;
  readonly context: ContainerContext;
  put(record: ContainerRecord): void;
}

/**
 * Brings a size that was set aside to the containers, once it is due: those that take it as they run have it, the others are stopped, to
 * start again at once. Returns what is left of it; undefined when all is done, which is told.
 */
export function actuate(
  record: PodRecord,
  containers: readonly Sizable[],
  nowMs: number,
): Resizing | undefined {
  const { resizing, allocated } = record;
  if (!resizing || !allocated) return resizing;
  if (!resizing.isApplied) {
    if (nowMs < resizing.dueMs) return resizing;
    const error = refusal(resizing.from, allocated, containers);
    if (error) return refused(resizing, allocated, error, containers, nowMs);
    for (const each of containers) give(each, resizing.from, allocated);
  }
  const isBusy = containers.some(({ record: { stage } }) => stage.at === 'stopping' && stage.again);
  // What `containers` says is how they were: those that were stopped just now are busy too.
  if (isBusy || (!resizing.isApplied && restarts(resizing.from, allocated, containers)))
    return { generation: resizing.generation, from: resizing.from, dueMs: NEVER, isApplied: true };
  const message = `Pod resize completed: ${sizeText(allocated, resizing.generation)}`;
  containers[0]?.context.effects.normal(undefined, 'ResizeCompleted', message);
  return undefined;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Memory that is in use is not taken from a container that goes on running. */
function refusal(from: PodSpec, to: PodSpec, containers: readonly Sizable[]): string | undefined {
  for (const { record, context } of containers) {
    const { stage } = record;
    const limit = sizeOf(to, context.spec.name)?.limits?.memory;
    if (stage.at !== 'running' || limit === undefined) continue;
    const bytes = wholeUnits(limit);
    const before = sizeOf(from, context.spec.name)?.limits?.memory;
    if (before !== undefined && bytes >= wholeUnits(before)) continue;
    const { memoryBytes } = usesAt(context.script.usage, stage.sinceMs, context.nowMs);
    if (memoryBytes >= bytes)
      return `cannot decrease memory limits: attempting to set container "${context.spec.name}" memory limit (${bytes}) below current usage (${memoryBytes})`;
  }
  return undefined;
}

function refused(
  resizing: Resizing,
  to: PodSpec,
  error: string,
  [first]: readonly Sizable[],
  nowMs: number,
): Resizing {
  if (resizing.error !== error) {
    const message = `Pod resize error: ${sizeText(to, resizing.generation, error)}`;
    first?.context.effects.warning(undefined, 'ResizeError', message);
  }
  return { ...resizing, error, dueMs: nowMs + RETRY_MS };
}

function restarts(from: PodSpec, to: PodSpec, containers: readonly Sizable[]): boolean {
  return containers.some(
    ({ record, context }) => record.stage.at === 'running' && mustRestart(context.spec, from, to),
  );
}

/** Gives one container its new size: as it runs, with the limit of its memory from now on, or by a new start. */
function give({ record, context, put }: Sizable, from: PodSpec, to: PodSpec): void {
  const { spec, pod, nowMs } = context;
  if (record.stage.at === 'stopping') put(withoutOldLimit(record, from, to, spec));
  if (record.stage.at !== 'running') return;
  if (!mustRestart(spec, from, to)) {
    const [before, after] = [from, to].map((each) => sizeOf(each, spec.name)?.limits?.memory);
    if (before === after) return;
    const limitedFromMs = nowMs - record.stage.sinceMs;
    put({ ...record, stage: { ...record.stage, limitedFromMs } });
    return;
  }
  const graceMs = (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
  const message = `Container ${spec.name} resize requires restart`;
  const stopped = stop(record, context, { graceMs, message });
  const { stage } = stopped;
  put(stage.at === 'stopping' ? { ...stopped, stage: { ...stage, again: true } } : stopped);
}

/** A container that is stopping has its new limit too: it does not die of the old one. */
function withoutOldLimit(
  record: ContainerRecord,
  from: PodSpec,
  to: PodSpec,
  { name }: Container,
): ContainerRecord {
  const { stage } = record;
  const [before, after] = [from, to].map((each) => sizeOf(each, name)?.limits?.memory);
  if (stage.at !== 'stopping' || before === after) return record;
  const moments = stage.run.moments.filter(
    (each) => each.kind !== 'exit' || each.reason !== OOM_KILLED.reason,
  );
  return { ...record, stage: { ...stage, run: { moments } } };
}

function mustRestart({ name, resizePolicy = [] }: Container, from: PodSpec, to: PodSpec): boolean {
  const [before, after] = [sizeOf(from, name), sizeOf(to, name)];
  return resizePolicy.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (amountIn(before?.requests, resourceName) !== amountIn(after?.requests, resourceName) ||
        amountIn(before?.limits, resourceName) !== amountIn(after?.limits, resourceName)),
  );
}

function amountIn(list: object | undefined, name: string): unknown {
  return (list as Readonly<Record<string, unknown>> | undefined)?.[name];
}

function sizeOf(spec: PodSpec, name: string): ResourceRequirements | undefined {
  const all = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return all.find((each) => each.name === name)?.resources;
}

/** The requests that are set aside for a container; undefined where that is what it has. */
export function allocatedRequests(
  { allocated, resizing }: PodRecord,
  { name, resources }: Container,
): ResourceRequirements['requests'] {
  if (!allocated || !resizing) return undefined;
  const requests = sizeOf(allocated, name)?.requests;
  return jsonEqual(requests, resources?.requests) ? undefined : requests;
}

/** What a pod's containers ask for, as its kubelet's events say it. */
export function sizeText(spec: PodSpec, generation: number, error?: string): string {
  const sizes = (list: readonly Container[] = []) =>
    list.map(({ name, resources = {} }) => ({
      name,
      resources: {
        ...(resources.limits ? { limits: sorted(resources.limits) } : {}),
        ...(resources.requests ? { requests: sorted(resources.requests) } : {}),
      },
    }));
  return JSON.stringify({
    ...(spec.initContainers?.length ? { initContainers: sizes(spec.initContainers) } : {}),
    containers: sizes(spec.containers),
    generation,
    ...(error === undefined ? {} : { error }),
  });
}

function sorted(list: object): object {
  return Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)));
}
