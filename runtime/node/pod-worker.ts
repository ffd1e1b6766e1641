import type { Container, Pod, PodStatus } from '../../generated/core/v1/types.ts';
import type { TimerKind } from '../base/index.ts';
import { advance, type ContainerContext } from './container-machine.ts';
import { graceOf } from './container-moments.ts';
import {
  type ContainerRecord,
  hasSucceeded,
  isFinished,
  isRunning,
  isStarted,
  wakeOf,
} from './container-record.ts';
import { halt } from './container-stop.ts';
import { Effects } from './effects.ts';
import { ephemeralContainers, ephemeralRecords, withEphemeral } from './ephemeral.ts';
import { begin } from './image-pull.ts';
import { imageVolumeProblem, pullVolumes, volumesPulledMs } from './image-volumes.ts';
import type { PodRecord, Resizing, RestartAll, Stopping } from './pod-record.ts';
import { buildPodStatus } from './pod-status.ts';
import { deadlineOf, nextWake } from './pod-wake.ts';
import type { ProgramSession } from './program-session.ts';
import { rebase } from './rebase.ts';
import { type Mounting, mounting, type VolumeProblem } from './references/index.ts';
import { actuate, type Sizable } from './resizing.ts';
import { anew, isCleared, restartAllOf } from './restart-all.ts';
import { type ContainerScript, OOM_KILLED } from './script.ts';
import { isSidecar } from './sidecar.ts';
import type { Run } from './timeline.ts';

/** The scripts of a pod's containers, in the order of the spec. */
export interface PodScripts {
  readonly init: readonly ContainerScript[];
  readonly main: readonly ContainerScript[];
  readonly ephemeral: readonly ContainerScript[];
}

export interface PodInput {
  readonly pod: Pod;
  readonly record: PodRecord;
  readonly scripts: PodScripts;
  readonly nowMs: number;
  readonly nodeIp: string;
  /** Longest crash-loop back-off. */
  readonly crashMaxMs: number;
  /** When the node has pulled what was asked for before; absent where pulls do not wait for each other. */
  readonly pullsUntilMs?: number;
  /** Containers that the kernel has just killed for their memory. */
  readonly kills?: readonly string[];
  /** Where programs of its containers are followed. */
  readonly programs?: ProgramSession;
  imageAtMs(image: string): number | undefined;
  /** What is missing of the pod's volumes. */
  volumeProblems(): readonly VolumeProblem[];
  /** Why a container's environment cannot be made. */
  environmentProblem(spec: Container): string | undefined;
  /** From when on the kubelet may tell one more event of a type about the pod than so many. */
  quietUntil(type: 'Normal' | 'Warning', more: number): number;
}

export interface PodDecision {
  readonly record: PodRecord;
  readonly status: PodStatus;
  readonly effects: Effects;
  /** When to decide again; Infinity if only an event can change anything. */
  readonly wakeMs: number;
  readonly wakeKind: TimerKind;
  /** Everything has stopped after a deletion: the object may go. */
  readonly gone: boolean;
}

interface Work extends PodInput {
  readonly effects: Effects;
  readonly stopping: Stopping | undefined;
  /** Nothing that ends starts again. */
  halting: boolean;
  /** Its volumes are not there: nothing starts. */
  readonly waits: boolean;
  readonly init: ContainerRecord[];
  readonly main: ContainerRecord[];
  readonly ephemeral: ContainerRecord[];
}

type Part = 'init' | 'main' | 'ephemeral';

const FIELDS = {
  init: 'initContainers',
  main: 'containers',
  ephemeral: 'ephemeralContainers',
} as const;

const PARTS: readonly Part[] = ['init', 'main', 'ephemeral'];
const NOTHING: readonly Container[] = [];

/**
 * What the kubelet does for one pod at this moment, and the status that follows. A pure function: the same input gives the
 * same decision. Deciding again at the same moment changes nothing.
 */
export function decide(input: PodInput): PodDecision {
  const { record } = input;
  const effects = new Effects();
  if (record.terminal) return settled(input, record, effects);
  input.programs?.refresh();
  const stopping = stoppingOf(input);
  const { verdict } = stopping ?? {};
  if (verdict && !record.stopping) effects.normal(undefined, verdict.reason, verdict.message);
  const { initContainers, containers } = input.pod.spec ?? {};
  const init = record.init.map((each, i) =>
    killed(follow(each, input, input.scripts.init[i]!), input, initContainers?.[i]),
  );
  const main = record.main.map((each, i) =>
    killed(follow(each, input, input.scripts.main[i]!), input, containers?.[i]),
  );
  const put = ephemeralContainers(input.pod);
  const ephemeral = ephemeralRecords(input.pod, record).map((each, i) =>
    killed(follow(each, input, input.scripts.ephemeral[i]!), input, put[i]),
  );
  const halting = (stopping ?? record.restartAll) !== undefined;
  const waiting = stopping ? undefined : mountingOf(input, effects);
  const begins = !stopping && !waiting && [...init, ...main].every(isUntouched);
  const volumePulls = begins
    ? pullVolumes(record.volumePulls, input.pod, { ...input, effects })
    : record.volumePulls;
  const all = { init, main, ephemeral };
  const isPulling = volumesPulledMs(volumePulls) !== Number.POSITIVE_INFINITY;
  const work: Work = {
    ...input,
    effects,
    stopping,
    halting,
    waits: waiting !== undefined || isPulling,
    ...all,
  };
  advanceAll(work);
  const resizing = stopping ? record.resizing : resized(work);
  const restartAll = act(work);
  const { resizing: _, mounting: __, restartAll: ___, ...rest } = record;
  const next: PodRecord = {
    ...withEphemeral(rest, input.pod, ephemeral),
    ...(resizing ? { resizing } : {}),
    ...(waiting ? { mounting: waiting } : {}),
    ...(volumePulls ? { volumePulls } : {}),
    init: same(record.init, init),
    main: same(record.main, main),
    ...(stopping ? { stopping } : {}),
    ...(restartAll ? { restartAll } : {}),
  };
  return settled(input, withPrograms(finish(next, work), input), effects);
}

/** With what the decision has added to the history of its programs. */
function withPrograms(record: PodRecord, { programs }: PodInput): PodRecord {
  if (!programs) return record;
  const { history } = programs;
  const { horizonMs } = programs.outcome();
  return { ...record, programs: { history, horizonMs } };
}

/** Stops what is to end, starts what may; what is left is a restart of all that is under way. */
function act(work: Work): RestartAll | undefined {
  const { stopping, record, pod, nowMs } = work;
  if (stopping) {
    stopAll(work, stopping);
    return undefined;
  }
  const restartAll = restartAllOf(record.restartAll, pod, work, nowMs);
  if (restartAll) {
    for (const part of ['main', 'init'] as const)
      for (const i of work[part].keys()) stopOne(work, part, i, nowMs);
    if (!isCleared(restartAll, work, nowMs)) return restartAll;
    for (const part of ['main', 'init'] as const)
      for (const [i, each] of work[part].entries()) work[part][i] = anew(each);
    work.halting = false;
  }
  if (isDone(work)) stopRest(work, nowMs + graceOf(pod));
  else if (!work.waits) startAll(work);
  return restartAllOf(undefined, pod, work, nowMs);
}

/** Volumes are waited for before the first container starts; from then on they are there. */
function mountingOf(
  { record, nowMs, volumeProblems }: PodInput,
  effects: Effects,
): Mounting | undefined {
  if (![...record.init, ...record.main].every(isUntouched)) return undefined;
  const step = mounting(record.mounting, nowMs, volumeProblems);
  for (const message of step.warnings) effects.warning(undefined, 'FailedMount', message);
  return step.mounting;
}

function isUntouched({ stage, restarts }: ContainerRecord): boolean {
  return stage.at === 'idle' && restarts === 0;
}

function settled(input: PodInput, record: PodRecord, effects: Effects): PodDecision {
  const { atMs: wakeMs, kind: wakeKind } = nextWake(input.pod, record);
  const idle = !allOf(record).some(isRunning);
  return {
    record,
    status: buildPodStatus(input.pod, record, input.nowMs, input.nodeIp),
    effects,
    wakeMs,
    wakeKind: wakeMs === record.programs?.horizonMs ? 'periodic' : wakeKind,
    gone: input.pod.metadata?.deletionTimestamp !== undefined && idle,
  };
}

function allOf({ init, main, ephemeral = {} }: PodRecord): ContainerRecord[] {
  return [...init, ...main, ...Object.values(ephemeral)];
}

/** Marks the record as final once nothing runs and nothing will start. */
function finish(record: PodRecord, work: Work): PodRecord {
  if (record.restartAll || allOf(record).some(isRunning)) return record;
  const verdict = work.stopping?.verdict;
  if (verdict) return { ...record, verdict, terminal: true };
  return isDone(work) ? { ...record, terminal: true } : record;
}

/** A container whose behaviour was edited while it runs goes on by the new one. */
function follow(
  record: ContainerRecord,
  input: PodInput,
  script: ContainerScript,
): ContainerRecord {
  const { stage, restarts } = record;
  if (stage.at !== 'running') return record;
  const { sinceMs, limitedFromMs } = stage;
  const run =
    limitedFromMs === undefined
      ? script.run(restarts, sinceMs)
      : script.runLimitedFrom(restarts, limitedFromMs);
  return rebase(record, run, input.nowMs);
}

/** A container whose run ends now because the node has no memory for it. */
function killed(
  record: ContainerRecord,
  { kills = [], nowMs }: PodInput,
  spec: Container | undefined,
): ContainerRecord {
  const { stage } = record;
  if (!spec || !kills.includes(spec.name)) return record;
  if (stage.at === 'stopping') {
    const { waits: _, ...rest } = stage;
    return { ...record, stage: { ...rest, untilMs: nowMs, exit: OOM_KILLED } };
  }
  if (stage.at !== 'running') return record;
  const atMs = nowMs - stage.sinceMs;
  const run: Run = { moments: [{ atMs, kind: 'exit', ...OOM_KILLED }] };
  return { ...record, stage: { ...stage, run, step: 0 } };
}

function stoppingOf({ pod, record, nowMs }: PodInput): Stopping | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata ?? {};
  const before = record.stopping;
  if (deletionTimestamp !== undefined) {
    const graceEndMs = nowMs + (deletionGracePeriodSeconds ?? 30) * 1000;
    if (!before) return { sinceMs: nowMs, deadlineMs: graceEndMs };
    const deadlineMs = Math.min(before.deadlineMs, before.sinceMs + graceEndMs - nowMs);
    return deadlineMs < before.deadlineMs ? { ...before, deadlineMs } : before;
  }
  if (before) return before;
  if (nowMs < deadlineOf(pod, record)) return undefined;
  const verdict = {
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  };
  return { sinceMs: nowMs, deadlineMs: nowMs + graceOf(pod), verdict };
}

/** What is left of a change of the pod's size, once it has come to the containers that it is due to. */
function resized(work: Work): Resizing | undefined {
  if (!work.record.resizing) return undefined;
  const sizable = (part: 'init' | 'main'): Sizable[] =>
    work[part].map((record, i) => ({
      record,
      context: contextOf(work, part, i),
      put: (next) => {
        work[part][i] = next;
      },
    }));
  return actuate(work.record, [...sizable('main'), ...sizable('init')], work.nowMs);
}

function advanceAll(work: Work): void {
  for (const part of PARTS)
    for (const [i, each] of work[part].entries())
      if (wakeOf(each) <= work.nowMs) work[part][i] = advance(each, contextOf(work, part, i));
}

/**
 * Ephemeral containers at once, whatever the others do. Init containers one after another, sidecars among them once they have started, then
 * the others in order.
 */
function startAll(work: Work): void {
  for (const i of work.ephemeral.keys())
    startIfIdle(work.ephemeral, i, contextOf(work, 'ephemeral', i));
  for (const i of work.init.keys()) {
    const context = contextOf(work, 'init', i);
    startIfIdle(work.init, i, context);
    const passed = context.sidecar ? isStarted(work.init[i]!) : hasSucceeded(work.init[i]!);
    if (!passed) return;
  }
  for (const i of work.main.keys()) {
    startIfIdle(work.main, i, contextOf(work, 'main', i));
    const { stage } = work.main[i]!;
    if (stage.at === 'pulling' || stage.at === 'creating') return;
    if (stage.at === 'running' && stage.hidden) return;
  }
}

function startIfIdle(records: ContainerRecord[], i: number, context: ContainerContext): void {
  const record = records[i]!;
  if (record.stage.at === 'idle') records[i] = advance(begin(record, context), context);
}

function stopAll(work: Work, stopping: Stopping): void {
  const sidecars = (work.pod.spec?.initContainers ?? NOTHING).map(isSidecar);
  for (const part of ['main', 'ephemeral'] as const)
    for (const i of work[part].keys()) stopOne(work, part, i, stopping.deadlineMs);
  for (const [i, sidecar] of sidecars.entries())
    if (!sidecar) stopOne(work, 'init', i, stopping.deadlineMs);
  stopSidecars(work, stopping.deadlineMs);
}

/** What goes on when the pod's work is over. */
function stopRest(work: Work, deadlineMs: number): void {
  for (const i of work.ephemeral.keys()) stopOne(work, 'ephemeral', i, deadlineMs);
  stopSidecars(work, deadlineMs);
}

/** From the last to the first, each once those that it serves have ended: the pod's own containers and later sidecars. */
function stopSidecars(work: Work, deadlineMs: number): void {
  let inUse = work.main.some(isRunning);
  for (const i of [...work.init.keys()].reverse()) {
    if (!isSidecar(work.pod.spec!.initContainers![i]!)) continue;
    stopOne(work, 'init', i, deadlineMs, inUse);
    if (isRunning(work.init[i]!)) inUse = true;
  }
}

function stopOne(work: Work, part: Part, i: number, deadlineMs: number, waits = false): void {
  const context = { ...contextOf(work, part, i), stopping: true };
  const record = work[part][i]!;
  work[part][i] = advance(halt(record, context, deadlineMs, waits), context);
}

/** The pod's work is over: an init container failed for good, or every container has ended for good. */
function isDone({ init, main, pod }: Pick<Work, 'init' | 'main' | 'pod'>): boolean {
  const specs = pod.spec?.initContainers ?? NOTHING;
  const failed = init.some(
    (each, i) => !isSidecar(specs[i]!) && isFinished(each) && !hasSucceeded(each),
  );
  return failed || (main.length > 0 && main.every(isFinished));
}

function contextOf(work: Work, part: Part, i: number): ContainerContext {
  const spec = work.pod.spec![FIELDS[part]]![i] as Container;
  const init = part === 'init';
  const sidecar = init && isSidecar(spec);
  return {
    pod: work.pod,
    podIp: work.record.ip ?? '',
    spec,
    script: work.scripts[part][i]!,
    fieldPath: `spec.${FIELDS[part]}{${spec.name}}`,
    sidecar,
    init,
    isEphemeral: part === 'ephemeral',
    stopping: work.halting || (sidecar && isDone(work)),
    nowMs: work.nowMs,
    crashMaxMs: work.crashMaxMs,
    pullsUntilMs:
      work.pullsUntilMs === undefined ? 0 : Math.max(work.pullsUntilMs, work.effects.pullsUntilMs),
    imageAtMs: (image) =>
      work.effects.images.find((each) => each.image === image)?.atMs ?? work.imageAtMs(image),
    environmentProblem: work.environmentProblem,
    imageVolumeProblem: (wanted) => imageVolumeProblem(work.pod, wanted, work.imageAtMs),
    quietUntil: (type) =>
      work.quietUntil(type, work.effects.events.filter((each) => each.type === type).length),
    effects: work.effects,
  };
}

function same(
  before: readonly ContainerRecord[],
  after: readonly ContainerRecord[],
): readonly ContainerRecord[] {
  return before.every((each, i) => each === after[i]) ? before : after;
}
