import type { Deployment } from '../../../generated/apps/v1/types.ts';

type Amount = number | string | undefined;

export function wantedReplicas({ spec }: Deployment): number {
  return spec?.replicas ?? 1;
}

export function isRollingUpdate({ spec }: Deployment): boolean {
  return (spec?.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
}

/** How many pods beyond the wanted ones a rolling update may have. Percentages round up. */
export function maxSurge(deployment: Deployment): number {
  if (!isRollingUpdate(deployment)) return 0;
  const { maxSurge: amount } = deployment.spec?.strategy?.rollingUpdate ?? {};
  return resolve(amount, wantedReplicas(deployment), Math.ceil);
}

/**
 * How many of the wanted pods may be unavailable during a rolling update. Percentages round down; one is allowed when
 * neither surge nor unavailability would be, or nothing could ever move.
 */
export function maxUnavailable(deployment: Deployment): number {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment) || wanted === 0) return 0;
  const { maxUnavailable: amount } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const allowed = resolve(amount, wanted, Math.floor);
  if (allowed === 0 && maxSurge(deployment) === 0) return 1;
  return Math.min(allowed, wanted);
}

/** The most pods at one time. */
export function maxReplicas(deployment: Deployment): number {
  return wantedReplicas(deployment) + maxSurge(deployment);
}

/** The fewest available pods that a rolling update leaves. */
export function minAvailable(deployment: Deployment): number {
  return wantedReplicas(deployment) - maxUnavailable(deployment);
}

function resolve(amount: Amount, of: number, round: (value: number) => number): number {
  if (typeof amount === 'number') return amount;
  const percent = /^(\d+)%$/.exec(amount ?? '0%')?.[1];
  return percent === undefined ? Number(amount) : round((Number(percent) * of) / 100);
}
