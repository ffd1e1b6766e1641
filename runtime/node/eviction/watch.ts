import type { KubeObject } from '../../meta/index.ts';
import { isOff } from '../ailments.ts';
import { hash32 } from '../hash.ts';
import { momentOf } from '../heartbeat.ts';
import { clientOf, type Kubelets, recorderOf } from '../kubelets.ts';
import { lookNoLaterThan } from '../node-sync.ts';
import { recordKeyOf } from '../pods-on.ts';
import { stopPod } from '../stop-pod.ts';
import { tell } from '../telling.ts';
import { clear, clearingOf, containerRound, imageRound, nextRounds } from './clearing.ts';
import { type Desk, surveyOf, tellNode } from './desk.ts';
import { machineFor } from './load-book.ts';
import { isAtRisk } from './machine.ts';
import { type Eviction, isPressed, pass } from './manager.ts';
import { EVICTED } from './messages.ts';
import { observe, thresholdsMet } from './observations.ts';
import { oomVictim } from './oom.ts';
import { AT_REST, type EvictionRecord, isAtRest } from './record.ts';
import { isMemorySignal, type Pressure } from './signals.ts';
import { podsGroup } from './summary.ts';
import type { Survey } from './survey.ts';

/** How long the manager waits for a pod that it has evicted, and how often it asks. */
const CLEANUP_MS = 30_000;
const CLEANUP_POLL_MS = 1_000;
const NEVER = Number.POSITIVE_INFINITY;
const NO_PRESSURE: readonly Pressure[] = [];

/** What a node reports to be short of. */
export function pressuresOn({ state }: Kubelets, node: string): readonly Pressure[] {
  return state.evictions.get(node)?.manager.pressures ?? NO_PRESSURE;
}

/**
 * The eviction manager's work on one node at this moment: what the kernel does about memory that is used up, rounds of garbage
 * collection and a pass, if they are due; and when to do so again.
 */
export async function syncEviction(
  kubelets: Kubelets,
  name: string,
  journalId: number,
): Promise<void> {
  const { state, context } = kubelets;
  const node = state.nodes.get(name);
  if (!node || isOff(kubelets, name)) return;
  const desk: Desk = {
    kubelets,
    node,
    machine: machineFor(kubelets, node),
    settings: kubelets.settings().eviction,
    nowMs: context.pace.now(),
    recorder: recorderOf(kubelets, name),
  };
  const before = state.evictions.get(name) ?? AT_REST;
  let record = before.timerMs <= desk.nowMs ? before : { ...before, isStuck: false };
  killOverLimits(desk);
  killForMemory(desk);
  if (record.imageGcMs <= desk.nowMs) record = imageRound(desk, record);
  if (record.containerGcMs <= desk.nowMs) record = containerRound(desk, record);
  if (record.passMs <= desk.nowMs || isNotified(desk, record)) record = makePass(desk, record);
  store(desk, before, planned(desk, record));
  await tell(kubelets, name, desk.recorder, clientOf(kubelets, node.user, journalId));
}

/** Forgets a node that has no kubelet any more. */
export function forgetEviction({ state, context }: Kubelets, node: string): void {
  if (state.evictions.delete(node)) context.pace.clearTimer(`eviction/${node}`);
  state.loads.delete(node);
}

/** Containers that have more of a load than their own limits leave room for. What they use by themselves their course knows. */
function killOverLimits({ kubelets, ...desk }: Desk): void {
  const { kills, queue } = kubelets.state;
  for (const { key, container, memoryBytes, limitBytes } of surveyOf({ kubelets, ...desk }).users) {
    if (memoryBytes <= limitBytes || kills.get(key)?.includes(container)) continue;
    kills.set(key, [...(kills.get(key) ?? []), container]);
    queue.add(`pod/${key}`);
  }
}

/** One container at a time dies while pods use more memory than there is; its end is a change that leads here again. */
function killForMemory(desk: Desk): void {
  const { kubelets, machine, nowMs } = desk;
  const { kills, queue } = kubelets.state;
  const { memoryBytes: capacity, podsMemoryBytes: shared, system } = machine;
  if (capacity === undefined || shared === undefined) return;
  const { summary, users } = surveyOf(desk);
  const isDying = ({ key, container }: (typeof users)[number]): boolean =>
    kills.get(key)?.includes(container) ?? false;
  const dying = users.filter(isDying).reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  const used = (podsGroup(summary)?.workingSetBytes ?? 0) - dying;
  const isFull = used + system.memoryBytes > capacity;
  if (!isFull && used <= shared) return;
  const victim = oomVictim(
    users.filter((each) => !isDying(each)),
    capacity,
  );
  if (!victim) return;
  const { key, container } = victim;
  kills.set(key, [...(kills.get(key) ?? []), container]);
  queue.add(`pod/${key}`);
  if (!isFull) return;
  const pid = 2 + (hash32(`${key}/${container}/${nowMs}`) % (machine.processes - 2));
  const message = `System OOM encountered, victim process: ${container}, pid: ${pid}`;
  tellNode(desk, 'Warning', 'SystemOOM', message);
}

/** The kernel tells at once when a threshold of memory is crossed, where it was asked to. */
function isNotified(desk: Desk, record: EvictionRecord): boolean {
  if (!desk.settings.kernelNotification || record.isMemoryMet || record.waiting) return false;
  return isMemoryMet(desk, surveyOf(desk));
}

function isMemoryMet({ machine }: Desk, { summary }: Survey): boolean {
  const memory = machine.config.thresholds.filter(({ signal }) => isMemorySignal(signal));
  return thresholdsMet(memory, observe(summary), false).length > 0;
}

function makePass(desk: Desk, record: EvictionRecord): EvictionRecord {
  const { kubelets, node, machine, nowMs } = desk;
  const { summary, pods } = surveyOf(desk);
  const done = pass({
    nowMs,
    config: machine.config,
    summary,
    pods,
    state: record.manager,
    reclaimed: (steps) => surveyOf(desk, clearingOf(desk, steps)).summary,
  });
  if (done.starved)
    tellNode(desk, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${done.starved}`);
  const freed = done.reclaim.length > 0 && clear(desk, clearingOf(desk, done.reclaim));
  for (const eviction of done.evictions) evict(desk, eviction);
  if (done.state.pressures.join() !== record.manager.pressures.join())
    lookNoLaterThan(kubelets, node.name, nowMs);
  const { waiting: _, ...rest } = record;
  const keys = done.evictions.map(({ pod }) => recordKeyOf(kubelets, pod));
  return {
    ...rest,
    manager: done.state,
    passMs: NEVER,
    isStuck: done.starved !== undefined && keys.length === 0 && !freed,
    ...(keys.length > 0 ? { waiting: { keys, sinceMs: nowMs, untilMs: nowMs + CLEANUP_MS } } : {}),
  };
}

function evict(
  { kubelets, recorder }: Desk,
  { pod, graceSeconds, message, starved }: Eviction,
): void {
  recorder.event(pod as unknown as KubeObject, 'Warning', EVICTED, message);
  const key = recordKeyOf(kubelets, pod);
  const disruption = starved === undefined ? {} : { disruption: message };
  stopPod(kubelets, key, graceSeconds * 1000, { reason: EVICTED, message, ...disruption });
}

/** With the moments at which something is to be done next. */
function planned(desk: Desk, record: EvictionRecord): EvictionRecord {
  const { kubelets, node, machine, settings } = desk;
  const seen = surveyOf(desk);
  const { config } = machine;
  const isActive = isPressed({
    config,
    summary: seen.summary,
    pods: seen.pods,
    state: record.manager,
  });
  const load = kubelets.state.loads.get(node.name);
  const risky = load !== undefined && isAtRisk(load, machine, settings);
  const next = { ...waited(desk, record), isMemoryMet: isMemoryMet(desk, seen) };
  const dueMs = nextPass(desk, next, seen, isActive, risky);
  const passMs = next.waiting ? dueMs : Math.min(next.passMs, dueMs);
  const rounds = nextRounds(desk, seen);
  // Memory may run out, and its thresholds be notified of, at the very moment at which more comes to be used.
  const changeMs = risky ? nextChange(desk, seen) : NEVER;
  const imageGcMs = Math.min(record.imageGcMs, rounds.imageGcMs);
  const containerGcMs = Math.min(record.containerGcMs, rounds.containerGcMs);
  return {
    ...next,
    passMs,
    imageGcMs,
    containerGcMs,
    timerMs: Math.min(passMs, imageGcMs, containerGcMs, changeMs),
    timerKind: next.waiting || (isActive && !next.isStuck) ? 'work' : 'periodic',
  };
}

/** When what is used next changes, as far as can be told. What is shared is looked at each time that is due to be. */
function nextChange({ node, settings, nowMs }: Desk, { nextMs, isShared }: Survey): number {
  return isShared ? Math.min(nextMs, momentOf(node.name, settings.housekeepingMs, nowMs)) : nextMs;
}

/** Stops waiting for pods that have ended: the next pass is when that is noticed. */
function waited({ kubelets, nowMs }: Desk, record: EvictionRecord): EvictionRecord {
  const { waiting, ...rest } = record;
  if (!waiting) return record;
  const isThere = (key: string): boolean => kubelets.state.pods.get(key)?.terminal === false;
  if (waiting.keys.some(isThere)) return record;
  const polls = Math.max(1, Math.ceil((nowMs - waiting.sinceMs) / CLEANUP_POLL_MS));
  return { ...rest, passMs: waiting.sinceMs + polls * CLEANUP_POLL_MS };
}

function nextPass(
  desk: Desk,
  { waiting, manager }: EvictionRecord,
  seen: Survey,
  isActive: boolean,
  risky: boolean,
): number {
  const { node, settings, machine, nowMs } = desk;
  if (waiting) return waiting.untilMs;
  const atOrAfter = (atMs: number): number =>
    atMs === NEVER ? NEVER : momentOf(node.name, settings.housekeepingMs, atMs - 1);
  const onChangeMs = risky ? atOrAfter(nextChange(desk, seen)) : NEVER;
  if (isActive || manager.sightings.length > 0) return atOrAfter(nowMs + 1);
  const ends = manager.pressures.map(
    (each) => (manager.pressureTimes[each] ?? 0) + machine.config.transitionMs,
  );
  return Math.min(onChangeMs, ...ends.map(atOrAfter));
}

function store({ kubelets, node }: Desk, before: EvictionRecord, after: EvictionRecord): void {
  const { state, context } = kubelets;
  const timer = `eviction/${node.name}`;
  if (after.timerMs === NEVER) {
    if (before.timerMs !== NEVER) context.pace.clearTimer(timer);
  } else if (
    after.timerMs !== before.timerMs ||
    after.timerKind !== before.timerKind ||
    before.timerMs <= context.pace.now()
  )
    context.pace.setTimer(timer, after.timerMs, after.timerKind);
  if (isAtRest(after)) state.evictions.delete(node.name);
  else state.evictions.set(node.name, after);
}
