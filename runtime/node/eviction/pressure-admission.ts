import type { Pod } from '../../../generated/core/v1/types.ts';
import { tolerates } from '../../meta/index.ts';
import { EVICTED } from './messages.ts';
import { isCritical, qosOf } from './qos.ts';
import type { Pressure } from './signals.ts';

const MEMORY_TAINT = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const;

/**
 * Why a kubelet under pressure turns a pod away; undefined for one that it takes. Short of memory alone it takes all but
 * best-effort pods, and of those the ones that tolerate the taint.
 */
export function refusedUnder(
  pressures: readonly Pressure[],
  pod: Pod,
): { readonly reason: string; readonly message: string } | undefined {
  if (pressures.length === 0 || isCritical(pod)) return undefined;
  if (pressures.every((each) => each === 'MemoryPressure')) {
    if (qosOf(pod) !== 'BestEffort') return undefined;
    if (pod.spec?.tolerations?.some((each) => tolerates(each, MEMORY_TAINT))) return undefined;
  }
  return { reason: EVICTED, message: `The node had condition: [${pressures.join(' ')}]. ` };
}
