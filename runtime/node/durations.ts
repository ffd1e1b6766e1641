import { parseDuration } from '../base/index.ts';

export const FOREVER = Number.POSITIVE_INFINITY;

/** What is said of a duration in a behaviour, in ms. */
export function milliseconds(duration: string | undefined, otherwise: number): number {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}
