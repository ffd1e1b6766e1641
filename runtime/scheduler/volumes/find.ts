import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import { baseUnits } from '../../meta/index.ts';
import type { NodeFacts } from '../node-info.ts';
import { compileLabelSelector, type Labels } from '../selectors.ts';
import type { AssumedVolumes } from './assumed.ts';
import {
  claimKey,
  classOf,
  isFullyBound,
  isReachable,
  requestOf,
  SELECTED_NODE,
} from './claims.ts';
import { matchingVolume } from './match.ts';
import type { PodVolumes } from './pod-volumes.ts';
import type { StorageObjects } from './storage-objects.ts';

/** The claims of a pod by what has to happen to them. */
export interface PodClaims {
  /** The volumes of those that are bound; undefined for one that is gone. */
  readonly volumes: readonly (PersistentVolume | undefined)[];
  /** To be bound to a volume that the chosen node reaches, or provisioned for it. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

/** What one node would mean for the pod's claims. */
export interface VolumePlan {
  readonly bindings: readonly {
    readonly claim: PersistentVolumeClaim;
    readonly volume: PersistentVolume;
  }[];
  readonly provisions: readonly PersistentVolumeClaim[];
}

const VOLUME_GONE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const NODE_CONFLICT = 'node(s) had volume node affinity conflict';
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = 'node(s) did not have enough free storage';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Sorts the claims of a pod, or says why it cannot be scheduled at all. */
export function claimsOf(
  namespace: string,
  { claims }: PodVolumes,
  storage: StorageObjects,
  assumed: AssumedVolumes,
): PodClaims | string {
  const volumes: (PersistentVolume | undefined)[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let waits = false;
  for (const { name, isEphemeral } of claims) {
    const claim = storage.claim(namespace, name);
    const about = `persistentvolumeclaim "${name}"`;
    if (!claim)
      return isEphemeral
        ? `waiting for ephemeral volume controller to create the ${about}`
        : `${about} not found`;
    const { status, spec, metadata } = claim;
    if (status?.phase === 'Lost')
      return `${about} bound to non-existent persistentvolume "${spec?.volumeName ?? ''}"`;
    if (metadata.deletionTimestamp !== undefined) return `${about} is being deleted`;
    const decided = assumed.get(claimKey(claim));
    if (decided && 'volume' in decided) volumes.push(storage.volume(decided.volume));
    else if (isFullyBound(claim)) volumes.push(storage.volume(spec?.volumeName ?? ''));
    else if (isDelayed(claim, storage)) delayed.push(claim);
    else waits = true;
  }
  return waits ? 'pod has unbound immediate PersistentVolumeClaims' : { volumes, delayed };
}

function isDelayed(claim: PersistentVolumeClaim, storage: StorageObjects): boolean {
  if (claim.spec?.volumeName) return false;
  return storage.storageClass(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** What binding the claims on this node would take, or why it cannot be. */
export function planVolumes(
  { volumes, delayed }: PodClaims,
  node: NodeFacts,
  storage: StorageObjects,
  assumed: AssumedVolumes,
): VolumePlan | readonly string[] {
  const reasons: string[] = [];
  const bad = volumes.findIndex((volume) => !volume || !isReachable(volume, node));
  if (bad >= 0) reasons.push(volumes[bad] ? NODE_CONFLICT : VOLUME_GONE);
  const plan = planDelayed(delayed, node, storage, assumed);
  if (typeof plan === 'string') reasons.push(plan);
  return reasons.length > 0 || typeof plan === 'string' ? reasons : plan;
}

function planDelayed(
  claims: readonly PersistentVolumeClaim[],
  node: NodeFacts,
  storage: StorageObjects,
  assumed: AssumedVolumes,
): VolumePlan | string {
  const bindings: VolumePlan['bindings'][number][] = [];
  const provisions: PersistentVolumeClaim[] = [];
  const chosen = new Set<PersistentVolume>();
  for (const claim of [...claims].sort((a, b) => requestOf(a) - requestOf(b))) {
    const selected = selectedNodeOf(claim, assumed);
    if (selected && selected !== node.name) return BIND_CONFLICT;
    const key = claimKey(claim);
    const volume = selected
      ? undefined
      : matchingVolume(
          claim,
          storage.volumesOfClass(classOf(claim)),
          node,
          (each) => chosen.has(each) || assumed.isTaken(each.metadata.name ?? '', key),
        );
    if (!volume) {
      const problem = whyNotProvisioned(claim, node, storage);
      if (problem) return problem;
      provisions.push(claim);
      continue;
    }
    chosen.add(volume);
    bindings.push({ claim, volume });
  }
  return { bindings, provisions };
}

function selectedNodeOf(claim: PersistentVolumeClaim, assumed: AssumedVolumes): string | undefined {
  const decided = assumed.get(claimKey(claim));
  if (decided && 'selectedNode' in decided) return decided.selectedNode;
  return claim.metadata.annotations?.[SELECTED_NODE];
}

function whyNotProvisioned(
  claim: PersistentVolumeClaim,
  node: NodeFacts,
  storage: StorageObjects,
): string | undefined {
  const found = storage.storageClass(classOf(claim));
  if (!found?.provisioner || found.provisioner === NO_PROVISIONER) return BIND_CONFLICT;
  if (!isAllowed(found, node.labels)) return BIND_CONFLICT;
  return hasCapacity(claim, found, node, storage) ? undefined : NO_SPACE;
}

/** Terms are alternatives; a class without any allows every node. */
function isAllowed({ allowedTopologies = [] }: StorageClass, labels: Labels): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) =>
      ((values ?? []) as readonly string[]).includes(labels[key] ?? '\0'),
    ),
  );
}

/** Drivers that publish their capacity are asked for it; others have enough. */
function hasCapacity(
  claim: PersistentVolumeClaim,
  { metadata, provisioner }: StorageClass,
  node: NodeFacts,
  storage: StorageObjects,
): boolean {
  if (!storage.csiDriver(provisioner)?.spec?.storageCapacity) return true;
  const wanted = requestOf(claim);
  return storage
    .capacitiesOfClass(metadata.name ?? '')
    .some(({ capacity, maximumVolumeSize, nodeTopology }) => {
      const limit = maximumVolumeSize ?? capacity;
      if (limit === undefined || baseUnits('storage', limit) < wanted) return false;
      return nodeTopology !== undefined && compileLabelSelector(nodeTopology).matches(node.labels);
    });
}
