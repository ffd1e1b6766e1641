import { elapsedText } from '../effects.ts';
import type { Kubelets } from '../kubelets.ts';

/** Settings of ours that are flags or old names, and no fields of a KubeletConfiguration. */
const NO_FIELDS = new Set([
  'housekeepingInterval',
  'lowDiskSpaceThresholdMB',
  'maxContainerRestartPeriod',
  'maximumDeadContainers',
  'maximumDeadContainersPerContainer',
  'minimumContainerTTLDuration',
  'minimumImageTTLDuration',
  'outOfDiskTransitionFrequency',
  'podManifestPath',
]);

/** The configuration that a kubelet runs with, by the names of KubeletConfiguration, with what it does where nothing is said. */
export function configz({ settings }: Kubelets): object {
  const { given, eviction, ...own } = settings();
  const fields = Object.entries(given).filter(([name]) => !NO_FIELDS.has(name));
  return {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    ...Object.fromEntries(fields),
    clusterDomain: own.clusterDomain,
    crashLoopBackOff: { maxContainerRestartPeriod: elapsedText(own.crashMaxMs) },
    evictionMaxPodGracePeriod: eviction.maxPodGraceSeconds,
    evictionPressureTransitionPeriod: elapsedText(eviction.transitionMs),
    imageGCHighThresholdPercent: eviction.imageGc.highPercent,
    imageGCLowThresholdPercent: eviction.imageGc.lowPercent,
    imageMaximumGCAge: elapsedText(eviction.imageGc.maxAgeMs),
    imageMinimumGCAge: elapsedText(eviction.imageGc.minAgeMs),
    localStorageCapacityIsolation: eviction.localStorageIsolation,
    maxPods: own.maxPods,
    nodeLeaseDurationSeconds: own.leaseSeconds,
    nodeStatusReportFrequency: elapsedText(own.reportMs),
    nodeStatusUpdateFrequency: elapsedText(own.updateMs),
    registerNode: own.register,
    serializeImagePulls: own.serialPulls,
    ...(own.staticPodPath === undefined ? {} : { staticPodPath: own.staticPodPath }),
  };
}
