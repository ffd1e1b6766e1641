import type { Pod } from '../../generated/core/v1/types.ts';

const NONE: readonly string[] = [];

/** Keys of the claims among a pod's volumes: those that it names, and those made for it. */
export function claimsOfPod({ metadata: { namespace, name: pod }, spec }: Pod): readonly string[] {
  if (!spec?.volumes) return NONE;
  return spec.volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral ? `${pod}-${name}` : undefined);
    return claim === undefined ? NONE : [`${namespace}/${claim}`];
  });
}
