import type { Cluster, KubeletSettings } from '../../generated/cluster/v1/types.ts';
import { milliseconds } from './durations.ts';
import { type EvictionSettings, evictionSettings } from './eviction/index.ts';

const UPDATE_MS = 10_000;
const REPORT_MS = 300_000;
const RESOLUTION_MS = 15_000;

/** The settings of every kubelet, from the first Cluster; a cluster without one runs on the defaults. */
export interface Settings {
  readonly leaseSeconds: number;
  /** How often a kubelet looks whether the status of its node has changed. */
  readonly updateMs: number;
  /** How often it posts it even so. */
  readonly reportMs: number;
  readonly crashMaxMs: number;
  readonly maxPods: number;
  readonly register: boolean;
  /** The domain that pods look for services in. */
  readonly clusterDomain: string;
  /** Whether a node pulls one image at a time. */
  readonly serialPulls: boolean;
  /** How often usage is measured. */
  readonly resolutionMs: number;
  /** Folder of static pods; absent: the one that all kubelets have in common. */
  readonly staticPodPath: string | undefined;
  readonly eviction: EvictionSettings;
  /** As the Cluster has them. */
  readonly given: KubeletSettings;
}

export function settingsOf(clusters: readonly Cluster[]): Settings {
  const kubelet: KubeletSettings = clusters[0]?.spec?.kubelet ?? {};
  const { nodeStatusUpdateFrequency, nodeStatusReportFrequency } = kubelet;
  const updateMs = milliseconds(nodeStatusUpdateFrequency, 0) || UPDATE_MS;
  const quietMs = nodeStatusUpdateFrequency === undefined ? REPORT_MS : updateMs;
  return {
    leaseSeconds: kubelet.nodeLeaseDurationSeconds ?? 40,
    updateMs,
    reportMs: milliseconds(nodeStatusReportFrequency, 0) || quietMs,
    crashMaxMs: milliseconds(kubelet.maxContainerRestartPeriod, 300_000),
    maxPods: kubelet.maxPods ?? 110,
    register: kubelet.registerNode ?? true,
    clusterDomain: clusters[0]?.spec?.network?.clusterDomain ?? 'cluster.local',
    serialPulls: kubelet.serializeImagePulls ?? true,
    resolutionMs:
      milliseconds(clusters[0]?.spec?.metricsServer?.metricResolution, 0) || RESOLUTION_MS,
    staticPodPath: kubelet.staticPodPath ?? kubelet.podManifestPath,
    eviction: evictionSettings(kubelet),
    given: kubelet,
  };
}

export function sameSettings(a: Settings, b: Settings): boolean {
  const text = (settings: Settings): string =>
    JSON.stringify(settings, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  return text(a) === text(b);
}
