import type { KubeletSettings } from '../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import { formatQuantity, quantityOf } from '../../meta/index.ts';
import {
  type Amounts,
  allocatableOf,
  amountsOf,
  type Quantity,
  type ResourceList,
} from '../amounts.ts';
import type { ContainerGcPolicy } from './container-gc.ts';
import type { ImageGcPolicy } from './image-gc.ts';
import { isHard, levelOf, parseThresholds, type Threshold } from './thresholds.ts';

const DEFAULT_HARD: Readonly<Record<string, string>> = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
};
const TRANSITION_MS = 300_000;
const HOUSEKEEPING_MS = 10_000;
const IMAGE_AGE_MS = 120_000;
const MEGABYTE = 1_000_000;

/** What a kubelet's configuration says of eviction and garbage collection. */
export interface EvictionSettings {
  readonly thresholds: readonly Threshold[];
  readonly maxPodGraceSeconds: number;
  readonly transitionMs: number;
  readonly housekeepingMs: number;
  readonly kernelNotification: boolean;
  readonly localStorageIsolation: boolean;
  readonly kubeReserved: ResourceList;
  readonly systemReserved: ResourceList;
  /** All pods together are held to what is not reserved. */
  readonly enforcesPods: boolean;
  /** The system's daemons are held to what is reserved for them. */
  readonly enforcesSystem: boolean;
  readonly imageGc: ImageGcPolicy;
  readonly containerGc: ContainerGcPolicy;
}

/** The settings, with defaults for what is left out. Throws a ThresholdError for thresholds that are none. */
export function evictionSettings(kubelet: KubeletSettings): EvictionSettings {
  const enforce = kubelet.enforceNodeAllocatable ?? ['pods'];
  const ms = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : (parseDuration(text) ?? otherwise);
  const { evictionPressureTransitionPeriod, outOfDiskTransitionFrequency } = kubelet;
  return {
    thresholds: parseThresholds({
      hard: hardOf(kubelet),
      soft: kubelet.evictionSoft,
      softGracePeriod: kubelet.evictionSoftGracePeriod,
      minimumReclaim: kubelet.evictionMinimumReclaim,
      enforceNodeAllocatable: enforce,
    }),
    maxPodGraceSeconds: kubelet.evictionMaxPodGracePeriod ?? 0,
    transitionMs: ms(
      evictionPressureTransitionPeriod ?? outOfDiskTransitionFrequency,
      TRANSITION_MS,
    ),
    housekeepingMs: ms(kubelet.housekeepingInterval, HOUSEKEEPING_MS) || HOUSEKEEPING_MS,
    kernelNotification: kubelet.kernelMemcgNotification ?? false,
    localStorageIsolation: kubelet.localStorageCapacityIsolation ?? true,
    kubeReserved: kubelet.kubeReserved ?? {},
    systemReserved: kubelet.systemReserved ?? {},
    enforcesPods: enforce.includes('pods'),
    enforcesSystem: enforce.includes('system-reserved'),
    imageGc: {
      highPercent: kubelet.imageGCHighThresholdPercent ?? 85,
      lowPercent: kubelet.imageGCLowThresholdPercent ?? 80,
      minAgeMs: ms(kubelet.imageMinimumGCAge ?? kubelet.minimumImageTTLDuration, IMAGE_AGE_MS),
      maxAgeMs: ms(kubelet.imageMaximumGCAge, 0),
    },
    containerGc: {
      minAgeMs: ms(kubelet.minimumContainerTTLDuration, 0),
      maxPerPodContainer: kubelet.maximumDeadContainersPerContainer ?? 1,
      maxContainers: kubelet.maximumDeadContainers ?? -1,
    },
  };
}

function hardOf(kubelet: KubeletSettings): Readonly<Record<string, string>> {
  const { evictionHard, mergeDefaultEvictionSettings, lowDiskSpaceThresholdMB } = kubelet;
  const given = evictionHard ?? DEFAULT_HARD;
  const hard = mergeDefaultEvictionSettings ? { ...DEFAULT_HARD, ...given } : given;
  if (lowDiskSpaceThresholdMB === undefined) return hard;
  const bytes = String(lowDiskSpaceThresholdMB * MEGABYTE);
  return { ...hard, 'nodefs.available': bytes, 'imagefs.available': bytes, ...evictionHard };
}

/** What pods may use of a node: its capacity without what is reserved, and without what hard thresholds keep free. */
export function allocatable(
  capacity: ResourceList,
  poolReserved: ResourceList | undefined,
  { kubeReserved, systemReserved, thresholds }: EvictionSettings,
): ResourceList {
  const unreserved = [poolReserved, kubeReserved, systemReserved].reduce<ResourceList>(
    allocatableOf,
    capacity,
  );
  return allocatableOf(unreserved, keptFree(amountsOf(capacity), thresholds));
}

function keptFree(capacity: Amounts, thresholds: readonly Threshold[]): ResourceList {
  const kept: Record<string, Quantity> = {};
  for (const threshold of thresholds) {
    const resource = KEPT_BY[threshold.signal];
    if (!resource || !isHard(threshold) || capacity[resource] === undefined) continue;
    const amount = levelOf(threshold.value, capacity[resource]);
    kept[resource] = formatQuantity(quantityOf(amount, 0, 'BinarySI')) as Quantity;
  }
  return kept;
}

const KEPT_BY: Readonly<Record<string, string>> = {
  'memory.available': 'memory',
  'nodefs.available': 'ephemeral-storage',
};
