/**
 * The smallest part of `schedule` that still `fails`, as far as leaving out one thing after the other finds it. `schedule` itself is known
 * to fail.
 */
export async function shrink<T>(
  schedule: readonly T[],
  fails: (schedule: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  for (const [at] of schedule.entries()) {
    const less = schedule.toSpliced(at, 1);
    if (less.length > 0 && (await fails(less))) return shrink(less, fails);
  }
  return schedule;
}
