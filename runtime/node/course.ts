/** A value over time, in steps: each holds from its moment until the next; before the first it is 0. In order. */
export type Course = readonly Step[];

export interface Step {
  readonly atMs: number;
  readonly value: number;
}

export const NOTHING: Course = [];

/** The course that begins with `initial` and follows `points` where they say a value. Points are in the order of their times. */
export function courseOf(
  initial: number | undefined,
  points: readonly { readonly atMs: number; readonly value: number | undefined }[],
): Course {
  const steps: Step[] = initial ? [{ atMs: 0, value: initial }] : [];
  for (const { atMs, value } of points) if (value !== undefined) steps.push({ atMs, value });
  return steps.length > 0 ? steps : NOTHING;
}

export function valueAtMs(course: Course, atMs: number): number {
  let value = 0;
  for (const step of course) {
    if (step.atMs > atMs) break;
    value = step.value;
  }
  return value;
}

/** The integral over [`fromMs`, `toMs`], in value × ms. Exact where the values are whole numbers. */
export function sumOver(course: Course, fromMs: number, toMs: number): number {
  let sum = 0;
  for (let at = 0; at < course.length; at++) {
    const { atMs, value } = course[at]!;
    const begin = Math.max(atMs, fromMs);
    const end = Math.min(course[at + 1]?.atMs ?? toMs, toMs);
    if (end > begin) sum += value * (end - begin);
  }
  return sum;
}

/** The highest value that it ever has. */
export function peakOf(course: Course): number {
  return course.reduce((most, { value }) => Math.max(most, value), 0);
}
