import type { Pod } from '../../../generated/core/v1/types.ts';
import { storageExcess } from './local-storage.ts';
import { evictionNotice } from './messages.ts';
import {
  byUrgency,
  firstSeen,
  lastSeen,
  measuredAnew,
  merged,
  type Observations,
  observe,
  type PressureTimes,
  pastGrace,
  pressuresOf,
  type Sighting,
  seenSince,
  thresholdsMet,
} from './observations.ts';
import { isCritical } from './qos.ts';
import { type Disks, rank, type StatsOf } from './ranking.ts';
import { type ReclaimStep, reclaimSteps } from './reclaim.ts';
import { type Pressure, type Starved, starvedBy } from './signals.ts';
import type { Summary } from './summary.ts';
import { isHard, type Threshold } from './thresholds.ts';

/** How long a pod has that is evicted at once. */
const IMMEDIATE_SECONDS = 1;

export interface EvictionConfig {
  readonly thresholds: readonly Threshold[];
  /** Longest grace period of a pod evicted for a soft threshold. */
  readonly maxPodGraceSeconds: number;
  /** How long a condition stays after it was last seen. */
  readonly transitionMs: number;
  /** Whether pods are held to their own limits of storage. */
  readonly localStorageIsolation: boolean;
  readonly disks: Disks;
}

/** What the manager remembers from pass to pass. Immutable. */
export interface EvictionState {
  readonly sightings: readonly Sighting[];
  /** Thresholds whose grace period was over and that are not resolved. */
  readonly met: readonly Threshold[];
  readonly pressureTimes: PressureTimes;
  /** The conditions that the Node reports. */
  readonly pressures: readonly Pressure[];
  readonly observations: Observations;
}

export const AT_EASE: EvictionState = {
  sightings: [],
  met: [],
  pressureTimes: {},
  pressures: [],
  observations: {},
};

export interface PassInput {
  readonly nowMs: number;
  readonly config: EvictionConfig;
  readonly summary: Summary;
  /** The pods that have something running. */
  readonly pods: readonly Pod[];
  readonly state: EvictionState;
  /** What would be used once these steps were taken. */
  reclaimed(steps: readonly ReclaimStep[]): Summary;
}

export interface Eviction {
  readonly pod: Pod;
  readonly graceSeconds: number;
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Set for the want of a resource, which counts as a disruption; not for the excess of a pod's own limits. */
  readonly starved?: Starved;
}

export interface Pass {
  readonly state: EvictionState;
  /** What the node runs short of and attempts to reclaim. */
  readonly starved?: Starved;
  /** What to clear away on the node, in this order, before anything else. */
  readonly reclaim: readonly ReclaimStep[];
  readonly evictions: readonly Eviction[];
}

/**
 * One pass of the eviction manager: which thresholds are met, what the Node reports, and what to do about the most urgent:
 * clear the node, or where that is not enough evict one pod. Pods beyond their own limits of storage go first, all of them.
 */
export function pass(input: PassInput): Pass {
  const { config, summary, pods } = input;
  const observations = observe(summary);
  const { state, acting } = look(input, observations);
  const stats = statsOf(summary);
  const excess = config.localStorageIsolation ? beyondLimits(pods, stats, config.disks) : [];
  if (excess.length > 0) return { state, reclaim: [], evictions: excess };
  const [first] = byUrgency(acting);
  if (!first) return { state, reclaim: [], evictions: [] };
  const starved = starvedBy(first.signal);
  const reclaim = reclaimSteps(first.signal, config.disks);
  const base = { state, starved, reclaim };
  if (reclaim.length > 0 && isResolved(input, reclaim)) return { ...base, evictions: [] };
  const victim = rank(pods, first.signal, config.disks, stats).find((pod) => !isCritical(pod));
  if (!victim) return { ...base, evictions: [] };
  const notice = evictionNotice(starved, victim, stats(victim), acting, observations);
  const graceSeconds = isHard(first) ? IMMEDIATE_SECONDS : softGrace(victim, config);
  return { ...base, evictions: [{ pod: victim, graceSeconds, starved, ...notice }] };
}

/** Whether a pass at this moment would see pressure, or a pod beyond its limits. */
export function isPressed({
  config,
  summary,
  pods,
  state,
}: Omit<PassInput, 'nowMs' | 'reclaimed'>): boolean {
  const observations = observe(summary);
  return (
    thresholdsMet(config.thresholds, observations, false).length > 0 ||
    thresholdsMet(state.met, observations, true).length > 0 ||
    (config.localStorageIsolation && beyondLimits(pods, statsOf(summary), config.disks).length > 0)
  );
}

/** The thresholds to act on, and what to remember. */
function look(
  { nowMs, config, state: before }: PassInput,
  observations: Observations,
): { readonly state: EvictionState; readonly acting: readonly Threshold[] } {
  const unresolved = thresholdsMet(before.met, observations, true);
  const seen = merged(thresholdsMet(config.thresholds, observations, false), unresolved);
  const sightings = firstSeen(seen, before.sightings, nowMs);
  const pressureTimes = lastSeen(pressuresOf(seen), before.pressureTimes, nowMs);
  const met = pastGrace(sightings, nowMs);
  const pressures = seenSince(pressureTimes, config.transitionMs, nowMs);
  return {
    state: { sightings, met, pressureTimes, pressures, observations },
    acting: measuredAnew(met, observations, before.observations),
  };
}

function statsOf({ pods }: Summary): StatsOf {
  const byUid = new Map(pods.map((each) => [each.podRef.uid, each]));
  return ({ metadata }) => byUid.get(metadata?.uid ?? '');
}

function beyondLimits(pods: readonly Pod[], stats: StatsOf, disks: Disks): Eviction[] {
  return pods.flatMap((pod): Eviction[] => {
    const own = stats(pod);
    const message = own && storageExcess(pod, own, disks.dedicatedImageFs);
    if (message === undefined || isCritical(pod)) return [];
    return [{ pod, graceSeconds: IMMEDIATE_SECONDS, message, annotations: {} }];
  });
}

/** Whether clearing the node leaves no threshold met, and as much as is to be reclaimed. */
function isResolved({ config, reclaimed }: PassInput, steps: readonly ReclaimStep[]): boolean {
  return thresholdsMet(config.thresholds, observe(reclaimed(steps)), true).length === 0;
}

function softGrace({ spec }: Pod, { maxPodGraceSeconds }: EvictionConfig): number {
  return Math.min(maxPodGraceSeconds, spec?.terminationGracePeriodSeconds ?? maxPodGraceSeconds);
}
