import type { TimerKind } from '../../base/index.ts';
import { AT_EASE, type EvictionState } from './manager.ts';

/** What the eviction manager of one node knows, and when it does what next. Immutable. */
export interface EvictionRecord {
  readonly manager: EvictionState;
  /** When the next pass is due; Infinity while only a change can make one necessary. */
  readonly passMs: number;
  readonly imageGcMs: number;
  readonly containerGcMs: number;
  /** Pods that were evicted and that the next pass waits for. */
  readonly waiting?: {
    readonly keys: readonly string[];
    readonly sinceMs: number;
    readonly untilMs: number;
  };
  /** The last pass found pressure and nothing to do about it. */
  readonly isStuck: boolean;
  /** A threshold of memory was met when it last looked. */
  readonly isMemoryMet: boolean;
  /** Whether image garbage collection has failed in its last round. */
  readonly hasImageGcFailed: boolean;
  readonly timerMs: number;
  readonly timerKind: TimerKind;
}

const NEVER = Number.POSITIVE_INFINITY;

export const AT_REST: EvictionRecord = {
  manager: AT_EASE,
  passMs: NEVER,
  imageGcMs: NEVER,
  containerGcMs: NEVER,
  isStuck: false,
  isMemoryMet: false,
  hasImageGcFailed: false,
  timerMs: NEVER,
  timerKind: 'periodic',
};

/** Whether there is nothing to remember of a node. */
export function isAtRest({
  manager,
  passMs,
  imageGcMs,
  containerGcMs,
  timerMs,
}: EvictionRecord): boolean {
  return (
    manager.pressures.length === 0 &&
    manager.sightings.length === 0 &&
    [passMs, imageGcMs, containerGcMs, timerMs].every((each) => each === NEVER)
  );
}
