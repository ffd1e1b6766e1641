import type { DaemonSet } from '../../../generated/apps/v1/types.ts';

type Amount = number | string | undefined;

export interface Allowance {
  /** Nodes that may run a new pod beside the old one. */
  readonly surge: number;
  /** Nodes that may be without an available pod. */
  readonly unavailable: number;
}

/** Of `desired` nodes; percentages round up. One may be unavailable when neither would be allowed, or nothing could ever move. */
export function allowanceOf(daemonSet: DaemonSet, desired: number): Allowance {
  const { rollingUpdate } = daemonSet.spec?.updateStrategy ?? {};
  const surge = allowsSurge(daemonSet) ? resolve(rollingUpdate?.maxSurge, desired) : 0;
  const unavailable = resolve(rollingUpdate?.maxUnavailable ?? 1, desired);
  return surge === 0 && unavailable === 0 && desired > 0
    ? { surge, unavailable: 1 }
    : { surge, unavailable };
}

export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type = 'RollingUpdate', rollingUpdate } = spec?.updateStrategy ?? {};
  return type === 'RollingUpdate' && resolve(rollingUpdate?.maxSurge, 100) > 0;
}

function resolve(amount: Amount, of: number): number {
  if (typeof amount === 'number') return amount;
  const percent = Number(/^(\d+)%$/.exec(amount ?? '')?.[1] ?? 0);
  return Math.ceil((percent * of) / 100);
}
