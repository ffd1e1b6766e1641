import type { Pod } from '../../../generated/core/v1/types.ts';
import { formatQuantity, parseQuantity, wholeUnits } from '../../meta/index.ts';
import { amountText } from './signals.ts';
import type { PodStats } from './summary.ts';

const STORAGE = 'ephemeral-storage';

/** Why a pod must go because it uses more storage than its own limits allow; undefined for one that does not. */
export function storageExcess(
  pod: Pod,
  stats: PodStats,
  dedicatedImageFs: boolean,
): string | undefined {
  return (
    volumeExcess(pod, stats) ??
    podExcess(pod, stats) ??
    containerExcess(pod, stats, dedicatedImageFs)
  );
}

function volumeExcess({ spec }: Pod, { volume = [] }: PodStats): string | undefined {
  for (const { name, emptyDir } of spec?.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    const used = volume.find((each) => each.name === name)?.usedBytes;
    if (limit === undefined || used === undefined || wholeUnits(limit) <= 0) continue;
    if (used > wholeUnits(limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${text(limit)}". `;
  }
  return undefined;
}

function podExcess(pod: Pod, stats: PodStats): string | undefined {
  const limit = podLimit(pod);
  const used = stats[STORAGE]?.usedBytes ?? 0;
  if (limit === undefined || used <= limit) return undefined;
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${amountText(STORAGE, limit)}. `;
}

/** The sum over containers that have a limit, or an init container's where that is more. */
function podLimit({ spec }: Pod): number | undefined {
  let sum: number | undefined;
  for (const { resources } of spec?.containers ?? []) {
    const limit = resources?.limits?.[STORAGE];
    if (limit !== undefined) sum = (sum ?? 0) + wholeUnits(limit);
  }
  for (const { resources } of spec?.initContainers ?? []) {
    const limit = resources?.limits?.[STORAGE];
    if (limit !== undefined) sum = Math.max(sum ?? 0, wholeUnits(limit));
  }
  return sum;
}

function containerExcess(
  { spec }: Pod,
  { containers }: PodStats,
  dedicatedImageFs: boolean,
): string | undefined {
  for (const { name, rootfs, logs } of containers ?? []) {
    const container = spec?.containers?.find((each) => each.name === name);
    const limit = container?.resources?.limits?.[STORAGE];
    if (!limit || wholeUnits(limit) === 0) continue;
    const used = (logs?.usedBytes ?? 0) + (dedicatedImageFs ? 0 : (rootfs?.usedBytes ?? 0));
    if (used > wholeUnits(limit))
      return `Container ${name} exceeded its local ephemeral storage limit "${text(limit)}". `;
  }
  return undefined;
}

function text(quantity: string | number): string {
  const parsed = parseQuantity(String(quantity));
  return parsed ? formatQuantity(parsed) : String(quantity);
}
