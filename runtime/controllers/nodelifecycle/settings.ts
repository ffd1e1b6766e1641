import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../base/index.ts';

/** The flags of kube-controller-manager that this controller reads. */
export interface Settings {
  readonly periodMs: number;
  readonly graceMs: number;
  readonly startupGraceMs: number;
  /** Nodes a second. */
  readonly evictionRate: number;
  readonly secondaryEvictionRate: number;
  readonly largeClusterSize: number;
  readonly unhealthyZone: number;
}

/** What is not the same in all versions of Kubernetes. */
export interface LifecycleConfig {
  /** The grace period of a silent node where the flag is not given: 40 s before 1.32, then 50 s. */
  readonly graceMs?: number;
}

/** From the first Cluster; a cluster without one runs on the defaults of its version. */
export function settingsOf(
  clusters: readonly Cluster[],
  { graceMs = 50_000 }: LifecycleConfig = {},
): Settings {
  const given = clusters[0]?.spec?.controllerManager ?? {};
  return {
    periodMs: milliseconds(given.nodeMonitorPeriod, 5_000),
    graceMs: milliseconds(given.nodeMonitorGracePeriod, graceMs),
    startupGraceMs: milliseconds(given.nodeStartupGracePeriod, 60_000),
    evictionRate: given.nodeEvictionRate ?? 0.1,
    secondaryEvictionRate: given.secondaryNodeEvictionRate ?? 0.01,
    largeClusterSize: given.largeClusterSizeThreshold ?? 50,
    unhealthyZone: given.unhealthyZoneThreshold ?? 0.55,
  };
}

function milliseconds(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseDuration(text)) || fallback;
}
