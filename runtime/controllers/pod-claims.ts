import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod, Volume } from '../../generated/core/v1/types.ts';
import type { ControllerDeps } from '../client/index.ts';

const BY_CLAIM = 'pods-claim';
const NONE: readonly string[] = [];

/** Keys of the claims among a pod's volumes: those that it names, and those made for it. */
export function claimsOfPod({ metadata: { namespace, name: pod }, spec }: Pod): readonly string[] {
  const { volumes } = spec ?? {};
  if (!volumes?.some(isClaim)) return NONE;
  return volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral ? `${pod}-${name}` : undefined);
    return claim === undefined ? NONE : [`${namespace}/${claim}`];
  });
}

const isClaim = ({ persistentVolumeClaim, ephemeral }: Volume): boolean =>
  persistentVolumeClaim !== undefined || ephemeral !== undefined;

/** Keys of the claims that a pod on a node mounts. */
export function claimsInUse(pod: Pod): readonly string[] {
  return pod.spec?.nodeName ? claimsOfPod(pod) : NONE;
}

/** Finds the pods on nodes that mount a claim. */
export function podsByClaim({ transport }: Pick<ControllerDeps, 'transport'>) {
  transport.addIndex<Pod>(pods, BY_CLAIM, claimsInUse);
  const lister = transport.lister(pods);
  return {
    of: (claimKey: string): readonly Pod[] => lister.byIndex(BY_CLAIM, claimKey),
    count: (claimKey: string): number => lister.countIndex(BY_CLAIM, claimKey),
  };
}
