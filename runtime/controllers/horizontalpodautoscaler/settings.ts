import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../base/index.ts';

/** The flags of kube-controller-manager that this controller reads. */
export interface Settings {
  readonly syncMs: number;
  readonly stabilizationMs: number;
  /** As a share of the target. */
  readonly tolerance: number;
  readonly cpuInitializationMs: number;
  readonly readinessDelayMs: number;
}

/** From the first Cluster; a cluster without one runs on the defaults. */
export function settingsOf(clusters: readonly Cluster[]): Settings {
  const given = clusters[0]?.spec?.controllerManager ?? {};
  const {
    horizontalPodAutoscalerSyncPeriod: sync,
    horizontalPodAutoscalerDownscaleStabilization: stabilization,
    horizontalPodAutoscalerCPUInitializationPeriod: cpuInitialization,
    horizontalPodAutoscalerInitialReadinessDelay: readinessDelay,
  } = given;
  return {
    syncMs: milliseconds(sync, 15_000) || 15_000,
    stabilizationMs: milliseconds(stabilization, 300_000),
    tolerance: given.horizontalPodAutoscalerTolerance ?? 0.1,
    cpuInitializationMs: milliseconds(cpuInitialization, 300_000),
    readinessDelayMs: milliseconds(readinessDelay, 30_000),
  };
}

function milliseconds(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? fallback;
}
