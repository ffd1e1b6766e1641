import type { Pod } from '../../../generated/core/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';
import type { Observations } from './observations.ts';
import { amountText, type Starved, starvedBy } from './signals.ts';
import type { ContainerStats, PodStats } from './summary.ts';
import { levelOf, type Threshold } from './thresholds.ts';

export const EVICTED = 'Evicted';

/** What the pod's status and event say, and what is annotated on the event. */
export interface EvictionNotice {
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Why a pod is evicted for the want of `starved`, naming its containers that use more than they asked for. */
export function evictionNotice(
  starved: Starved,
  pod: Pod,
  stats: PodStats | undefined,
  thresholds: readonly Threshold[],
  observations: Observations,
): EvictionNotice {
  let message = `The node was low on resource: ${starved}. `;
  const threshold = thresholds.find(({ signal }) => starvedBy(signal) === starved);
  const seen = threshold && observations[threshold.signal];
  if (seen) {
    const level = levelOf(threshold.value, seen.capacity);
    message += `Threshold quantity: ${amountText(starved, level)}, available: ${amountText(starved, seen.available)}. `;
  }
  if (!stats) return { message, annotations: {} };
  const offenders = offendersOf(starved, pod, stats);
  for (const { name, usage, request } of offenders)
    message += `Container ${name} was using ${usage}, request is ${request}, has larger consumption of ${starved}. `;
  return {
    message,
    annotations: {
      offending_containers: offenders.map(({ name }) => name).join(','),
      offending_containers_usage: offenders.map(({ usage }) => usage).join(','),
      starved_resource: starved,
    },
  };
}

interface Offender {
  readonly name: string;
  readonly usage: string;
  readonly request: string;
}

function offendersOf(starved: Starved, { spec }: Pod, { containers }: PodStats): Offender[] {
  const specs = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return (containers ?? []).flatMap((stats): Offender[] => {
    const container = specs.find(({ name }) => name === stats.name);
    const usage = usageOf(starved, stats);
    if (!container || usage === undefined) return [];
    const request = container.resources?.requests?.[starved] ?? '0';
    if (usage <= baseUnits(starved, request)) return [];
    return [{ name: stats.name, usage: amountText(starved, usage), request: String(request) }];
  });
}

function usageOf(starved: Starved, { memory, rootfs, logs }: ContainerStats): number | undefined {
  if (starved === 'memory') return memory?.workingSetBytes;
  if (starved !== 'ephemeral-storage') return undefined;
  const { usedBytes: layer } = rootfs ?? {};
  const { usedBytes: log } = logs ?? {};
  return layer === undefined || log === undefined ? undefined : layer + log;
}
