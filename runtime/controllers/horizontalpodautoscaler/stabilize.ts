import type { History, Recommendation } from './history.ts';

/** A number of pods after earlier recommendations were looked at, and the condition AbleToScale that says what they did. */
export interface Stabilized {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
  /** With the new recommendation in it. */
  readonly recommendations: readonly Recommendation[];
}

const READY = {
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};
const HELD_UP = {
  reason: 'ScaleUpStabilized',
  message:
    'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const HELD_DOWN = {
  reason: 'ScaleDownStabilized',
  message:
    'recent recommendations were higher than current one, applying the highest recent recommendation',
};

/** Without behaviour: the highest recommendation of the window. */
export function stabilizedByDefault(
  desired: number,
  { recommendations }: History,
  windowMs: number,
  nowMs: number,
): Stabilized {
  const recent = recommendations.filter(({ atMs }) => atMs >= nowMs - windowMs);
  const replicas = Math.max(desired, ...recent.map((each) => each.replicas));
  return {
    replicas,
    ...(replicas === desired ? READY : HELD_DOWN),
    recommendations: [...recent, { atMs: nowMs, replicas: desired }],
  };
}

/**
 * With behaviour: between the lowest recommendation of the window upwards and the highest of the window downwards, as near to the
 * present number as that allows.
 */
export function stabilizedByWindows(
  desired: number,
  current: number,
  { recommendations }: History,
  { upMs, downMs }: { readonly upMs: number; readonly downMs: number },
  nowMs: number,
): Stabilized {
  const within = (windowMs: number): number[] =>
    recommendations.filter(({ atMs }) => atMs > nowMs - windowMs).map((each) => each.replicas);
  const lowest = Math.min(desired, ...within(upMs));
  const highest = Math.max(desired, ...within(downMs));
  const replicas = Math.min(Math.max(current, lowest), highest);
  const held = desired >= current ? HELD_UP : HELD_DOWN;
  const recent = recommendations.filter(({ atMs }) => atMs >= nowMs - Math.max(upMs, downMs));
  return {
    replicas,
    ...(replicas === desired ? READY : held),
    recommendations: [...recent, { atMs: nowMs, replicas: desired }],
  };
}
