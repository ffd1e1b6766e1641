import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import type { Namespace, Node, Pod, Service } from '../../generated/core/v1/types.ts';
import { ClusterState } from './cluster-state.ts';
import { type SchedulerConfig, type VersionTraits, versionTraits } from './config.ts';
import { DefaultSelectors } from './default-selector.ts';
import { shapeOf } from './pod-shape.ts';
import {
  type DisruptionBudget,
  type DisruptionBudgetObject,
  disruptionBudget,
} from './preemption/index.ts';
import { resolveProfiles } from './profile.ts';
import { ProfileRunner } from './profile-runner.ts';
import type { Labels } from './selectors.ts';
import { listedStorage, type StorageLists, type StorageObjects } from './volumes/index.ts';

/** The objects that a scheduling decision depends on. */
export interface SchedulingObjects {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services?: readonly Service[];
  readonly replicaSets?: readonly ReplicaSet[];
  readonly namespaces?: readonly Namespace[];
  readonly budgets?: readonly DisruptionBudgetObject[];
  readonly storage?: StorageLists;
}

/** A snapshot with the profiles that judge it: enough to schedule or explain pods without a cluster. */
export interface SchedulingView {
  readonly state: ClusterState;
  readonly runners: ReadonlyMap<string, ProfileRunner>;
  readonly traits: VersionTraits;
  readonly budgets: readonly DisruptionBudget[];
  readonly storage: StorageObjects;
}

/** Builds a view of objects as they are. Work: O(objects). */
export function createView(
  objects: SchedulingObjects,
  config: SchedulerConfig = {},
): SchedulingView {
  const state = new ClusterState();
  for (const { metadata } of objects.namespaces ?? [])
    state.setNamespace(metadata.name ?? '', metadata.labels as Labels | undefined);
  for (const node of objects.nodes) state.setNode(node);
  for (const pod of objects.pods) placePod(state, pod);
  const traits = versionTraits(config.kubernetesVersion);
  const selectors = new DefaultSelectors({
    serviceSelectors: (namespace, labels) =>
      (objects.services ?? [])
        .filter((service) => (service.metadata?.namespace ?? '') === namespace)
        .map((service) => (service.spec?.selector ?? {}) as Labels)
        .filter((selector) => {
          const keys = Object.keys(selector);
          return keys.length > 0 && keys.every((key) => labels[key] === selector[key]);
        }),
    ownerSelector: (kind, namespace, name) =>
      kind === 'ReplicaSet'
        ? objects.replicaSets?.find(
            ({ metadata }) => metadata?.name === name && (metadata?.namespace ?? '') === namespace,
          )?.spec?.selector
        : undefined,
  });
  const storage = listedStorage(objects.storage ?? {});
  const runners = new Map<string, ProfileRunner>();
  for (const [name, profile] of resolveProfiles(config, { selectors, storage }))
    runners.set(name, new ProfileRunner(profile, traits));
  const budgets = (objects.budgets ?? []).map(disruptionBudget);
  return { state, runners, traits, budgets, storage };
}

/** Counts a pod on its node, or the one it is nominated for, until it has ended. */
export function placePod(state: ClusterState, pod: Pod): void {
  const { nodeName } = pod.spec ?? {};
  const { phase, nominatedNodeName } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return;
  const { namespace = '', name = '', uid = '', deletionTimestamp } = pod.metadata ?? {};
  const record = {
    key: `${namespace}/${name}`,
    uid,
    shape: shapeOf(pod),
    pod,
    terminating: deletionTimestamp !== undefined,
  };
  if (nodeName) state.addPod(nodeName, record);
  else if (nominatedNodeName) state.nominations.set(nominatedNodeName, record);
}
