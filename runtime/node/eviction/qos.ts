import type { Pod } from '../../../generated/core/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';
import { isStatic } from '../pod-source.ts';

export type QosClass = 'BestEffort' | 'Burstable' | 'Guaranteed';

const RESOURCES = ['cpu', 'memory'] as const;
const SYSTEM_CRITICAL = 2_000_000_000;

/** The class that the server gave the pod, or that its containers amount to. */
export function qosOf({ spec, status }: Pod): QosClass {
  if (status?.qosClass) return status.qosClass as QosClass;
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const pairs = containers.flatMap(({ resources }) =>
    RESOURCES.map((name) => {
      const limit = baseUnits(name, resources?.limits?.[name]);
      return { limit, request: baseUnits(name, resources?.requests?.[name]) || limit };
    }),
  );
  if (pairs.every(({ limit, request }) => limit === 0 && request === 0)) return 'BestEffort';
  return pairs.every(({ limit, request }) => limit > 0 && limit === request)
    ? 'Guaranteed'
    : 'Burstable';
}

export function priorityOf({ spec }: Pod): number {
  return spec?.priority ?? 0;
}

/** A pod that the node cannot do without: of system priority, or one that it runs by itself. Never evicted. */
export function isCritical(pod: Pod): boolean {
  return priorityOf(pod) >= SYSTEM_CRITICAL || isStatic(pod);
}
