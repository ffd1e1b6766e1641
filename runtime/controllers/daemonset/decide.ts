import type { Pod } from '../../../generated/core/v1/types.ts';
import { limits } from '../../base/index.ts';
import { type Ended, upkeep } from './manage.ts';
import { replace } from './rollout.ts';
import type { DaemonSetState, Survey } from './survey.ts';

export interface DaemonSetActions {
  /** Nodes that get a pod, at most a burst of them: what is done brings the key back. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  readonly ended: readonly Ended[];
  readonly retryAtMs?: number;
}

/** First every node comes to have what it should, and only when all do is the next pod replaced. */
export function decide(
  state: DaemonSetState,
  found: Survey,
  removableAtMs: (node: string) => number,
): DaemonSetActions {
  const { create, remove, ...more } = upkeep(state, found, removableAtMs);
  if (create.length + remove.length > 0) return bounded({ create, remove, ...more });
  const type = state.daemonSet.spec?.updateStrategy?.type ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return { create, remove, ...more };
  return bounded({ ...more, ...replace(state, found) });
}

function bounded({ create, remove, ...more }: DaemonSetActions): DaemonSetActions {
  const burst = limits.daemonSetBurst;
  return { ...more, create: create.slice(0, burst), remove: remove.slice(0, burst) };
}
