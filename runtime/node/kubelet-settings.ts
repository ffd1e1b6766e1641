import type { Cluster, KubeletSettings } from '../../generated/cluster/v1/types.ts';
import { milliseconds } from './behaviour-script.ts';

/** The settings of every kubelet, from the first Cluster; a cluster without one runs on the defaults. */
export interface Settings {
  readonly leaseSeconds: number;
  readonly reportMs: number;
  readonly crashMaxMs: number;
  readonly maxPods: number;
  readonly register: boolean;
}

export function settingsOf(clusters: readonly Cluster[]): Settings {
  const kubelet: KubeletSettings = clusters[0]?.spec?.kubelet ?? {};
  return {
    leaseSeconds: kubelet.nodeLeaseDurationSeconds ?? 40,
    reportMs: milliseconds(kubelet.nodeStatusReportFrequency, 300_000),
    crashMaxMs: milliseconds(kubelet.maxContainerRestartPeriod, 300_000),
    maxPods: kubelet.maxPods ?? 110,
    register: kubelet.registerNode ?? true,
  };
}
