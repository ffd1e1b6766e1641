import type { Scale } from '../../../generated/autoscaling/v1/types.ts';
import type { HorizontalPodAutoscaler } from '../../../generated/autoscaling/v2/types.ts';
import type { Client } from '../../client/index.ts';
import { isApiError, type KubeObject, type ResourceRef } from '../../meta/index.ts';

/** A target with its scale, or why there is none. */
export type Target =
  | { readonly ref: ResourceRef<KubeObject>; readonly scale: Scale & KubeObject }
  | { readonly failure: string };

/** Reads the scale of what an autoscaler names; of any kind that has one. */
export async function targetOf(
  { metadata, spec }: HorizontalPodAutoscaler,
  kinds: readonly ResourceRef<KubeObject>[],
  client: Client,
): Promise<Target> {
  const { apiVersion = '', kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  const parts = apiVersion.split('/');
  if (parts.length > 2) return { failure: `unexpected GroupVersion string: ${apiVersion}` };
  const group = parts.length === 2 ? parts[0]! : '';
  const ref = kinds.find((each) => each.group === group && each.kind === kind);
  if (!ref) return { failure: `no matches for kind "${kind}" in group "${group}"` };
  try {
    const target = { name, namespace: metadata.namespace };
    const scale = await client.getSubresource(ref, target, 'scale');
    return { ref, scale: scale as Scale & KubeObject };
  } catch (error) {
    if (isApiError(error)) return { failure: error.message };
    throw error;
  }
}

/** Tells a target how many pods to have. The failure, if the server refuses. */
export async function rescale(
  ref: ResourceRef<KubeObject>,
  scale: Scale & KubeObject,
  replicas: number,
  client: Client,
): Promise<string | undefined> {
  try {
    await client.updateSubresource<KubeObject>(
      ref,
      { ...scale, spec: { replicas } } as KubeObject,
      'scale',
    );
    return undefined;
  } catch (error) {
    if (isApiError(error)) return error.message;
    throw error;
  }
}
