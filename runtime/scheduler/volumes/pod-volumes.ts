import type { Pod, Volume } from '../../../generated/core/v1/types.ts';

/** A claim that a pod mounts. */
export interface ClaimUse {
  readonly name: string;
  /** It belongs to the pod alone, and a controller makes it. */
  readonly isEphemeral: boolean;
}

/** The volumes of a pod that decide where it may go. */
export interface PodVolumes {
  readonly claims: readonly ClaimUse[];
  /** Disks that only one pod, or only readers, can have. */
  readonly disks: readonly Volume[];
}

/** The volumes that matter as they are in the pod; undefined when it has none, as most pods. */
export function volumesThatMatter({ spec }: Pod): readonly Volume[] | undefined {
  const { volumes } = spec ?? {};
  return volumes?.some(matters) ? volumes : undefined;
}

/** Whether the pod's name is part of a claim's. */
export function hasEphemeralClaims(volumes: readonly Volume[] | undefined): boolean {
  return volumes?.some(({ ephemeral }) => ephemeral !== undefined) ?? false;
}

export function podVolumes(pod: Pod): PodVolumes | undefined {
  const volumes = volumesThatMatter(pod);
  if (!volumes) return undefined;
  return {
    claims: volumes.filter(isClaim).map(({ name, persistentVolumeClaim }) => ({
      name: persistentVolumeClaim?.claimName ?? `${pod.metadata?.name}-${name}`,
      isEphemeral: persistentVolumeClaim === undefined,
    })),
    disks: volumes.filter(isDisk),
  };
}

function matters(volume: Volume): boolean {
  return isClaim(volume) || isDisk(volume) || volume.image !== undefined;
}

function isClaim({ persistentVolumeClaim, ephemeral }: Volume): boolean {
  return persistentVolumeClaim !== undefined || ephemeral !== undefined;
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume): boolean {
  return Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd);
}
