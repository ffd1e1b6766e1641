import type { StatefulSetSpec } from '../../../generated/apps/v1/types.ts';
import { persistentvolumeclaims } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../../generated/core/v1/types.ts';
import { storageclasses } from '../../../generated/storage/v1/resources.ts';
import { type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { Related, SourceRange } from '../contract.ts';
import { labelOf } from '../located-resource.ts';
import { type Origin, type OutcomeSources, podFieldOf, podSpecOf } from './origin.ts';

export interface ClaimPlace {
  readonly fieldPath: string;
  readonly range: SourceRange;
  readonly related?: readonly Related[];
}

/**
 * The claim for which no node takes a pod: at the name by which the pod refers to it, or at the template that made it; with the
 * place in the claim's own manifest.
 */
export function claimPlace(
  sources: OutcomeSources,
  origin: Origin,
  pod: Pod,
  reason: string,
): ClaimPlace | undefined {
  const { namespace = '' } = pod.metadata;
  const missing = /persistentvolumeclaim "([^"]+)" not found/.exec(reason)?.[1];
  const claims = sources.transport.lister(persistentvolumeclaims);
  const isCulprit = (volume: Volume): boolean => {
    const name = claimOf(pod, volume);
    if (name === undefined || missing !== undefined) return name !== undefined && name === missing;
    return claims.get(name, namespace)?.status?.phase !== 'Bound';
  };
  const all = pod.spec?.volumes ?? [];
  const volume = all.find(isCulprit) ?? all.find((each) => claimOf(pod, each) !== undefined);
  if (!volume) return undefined;
  const claim = claims.get(claimOf(pod, volume)!, namespace);
  const made = templatePlace(sources, origin, volume, claim);
  if (made) return made;
  const at = (podSpecOf(origin).volumes ?? []).findIndex(({ name }) => name === volume.name);
  if (at < 0) return undefined;
  const field = volume.ephemeral
    ? ephemeralField(sources, claim)
    : 'persistentVolumeClaim.claimName';
  const related = claim ? ownPlace(sources, claim) : [];
  return {
    ...podFieldOf(origin, `spec.volumes[${at}].${field}`),
    ...(related.length > 0 ? { related } : {}),
  };
}

function claimOf(pod: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral && `${pod.metadata.name}-${name}`);
}

function ephemeralField(sources: OutcomeSources, claim: PersistentVolumeClaim | undefined): string {
  const inside = claim ? claimField(sources, claim) : 'spec';
  return `ephemeral.volumeClaimTemplate.${inside}`;
}

/** In the StatefulSet that makes a claim for each of its pods. */
function templatePlace(
  sources: OutcomeSources,
  { resource }: Origin,
  { name }: Volume,
  claim: PersistentVolumeClaim | undefined,
): ClaimPlace | undefined {
  const { spec } = resource.object as { readonly spec?: StatefulSetSpec };
  const { volumeClaimTemplates = [] } = spec ?? {};
  const at = volumeClaimTemplates.findIndex(({ metadata }) => metadata?.name === name);
  if (at < 0) return undefined;
  const field = claim ? claimField(sources, claim) : 'spec';
  const fieldPath = `spec.volumeClaimTemplates[${at}].${field}`;
  return { fieldPath, range: resource.rangeOf(fieldPath) };
}

function ownPlace(sources: OutcomeSources, claim: PersistentVolumeClaim): Related[] {
  const object = claim as unknown as KubeObject;
  const manifest = sources.manifestOf(resourceId(persistentvolumeclaims), keyOf(object));
  if (!manifest) return [];
  const field = claimField(sources, claim);
  const why = field === 'spec.storageClassName' ? ', its storage class does not exist' : '';
  return [{ message: `${labelOf(object)} is not bound${why}`, range: manifest.rangeOf(field) }];
}

/** What in a claim keeps it from being bound: a storage class that is not there, else all of it. */
export function claimField(
  { transport }: Pick<OutcomeSources, 'transport'>,
  { spec }: PersistentVolumeClaim,
): string {
  const { storageClassName } = spec ?? {};
  const isMissing = storageClassName && !transport.lister(storageclasses).get(storageClassName);
  return isMissing ? 'spec.storageClassName' : 'spec';
}
