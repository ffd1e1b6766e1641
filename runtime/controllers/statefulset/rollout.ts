import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import { isDeleting } from '../../meta/index.ts';
import type { Slot, StatefulSetState } from './members.ts';

type Amount = number | string | undefined;

/**
 * The pods that a rolling update replaces now, highest number first. Where nothing says how many may be unavailable it is one
 * at a time, broken ones included; `maxUnavailable` counts all that are unavailable for whatever reason.
 */
export function outdated(
  { set, update }: StatefulSetState,
  replicas: readonly Slot[],
): readonly Slot[] {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return [];
  const targets = replicas.slice(rollingUpdate?.partition ?? 0).reverse();
  const isOld = ({ pod, revision }: Slot): boolean =>
    pod !== undefined && revision !== update.name && !isDeleting(pod);
  if (rollingUpdate?.maxUnavailable === undefined) {
    const next = targets.find((slot) => isOld(slot) || slot.isUnavailable);
    return next && isOld(next) ? [next] : [];
  }
  const unavailable = replicas.filter((slot) => slot.isUnavailable).length;
  const allowed = Math.max(0, maxUnavailable(set, rollingUpdate.maxUnavailable) - unavailable);
  const old = targets.filter(isOld);
  if (set.spec?.podManagementPolicy !== 'Parallel') return old.slice(0, allowed);
  return [
    ...old.filter((slot) => slot.isUnavailable),
    ...old.filter((slot) => !slot.isUnavailable).slice(0, allowed),
  ];
}

/** At least one, or nothing could ever move. */
function maxUnavailable({ spec }: StatefulSet, amount: Amount): number {
  if (typeof amount === 'number') return Math.max(1, amount);
  const percent = Number(/^(\d+)%$/.exec(amount ?? '')?.[1] ?? 0);
  return Math.max(1, Math.floor((percent * (spec?.replicas ?? 1)) / 100));
}
