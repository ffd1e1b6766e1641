import type { ClusterPlugin } from '../framework.ts';

const MEBIBYTE = 1024 * 1024;
const LEAST_BYTES = 23 * MEBIBYTE;
const MOST_BYTES_PER_IMAGE = 1000 * MEBIBYTE;

export interface ImageLocalityOptions {
  /** Since 1.36 images that are mounted count too, though not for what counts as most. */
  readonly countsMountedImages: boolean;
}

/**
 * Prefers nodes that hold the pod's images already. A big image counts more; one that few nodes hold counts less, so that
 * pods do not all follow it to one node.
 */
export function imageLocality({ countsMountedImages }: ImageLocalityOptions): ClusterPlugin {
  return {
    kind: 'cluster',
    name: 'ImageLocality',
    preScore({ requirements: { images, mountedImages } }, state) {
      const named = countsMountedImages ? [...images, ...mountedImages] : images;
      const wanted = named.flatMap((name) => {
        const image = state.images.get(name);
        return image
          ? [{ name, bytes: Math.trunc(image.sizeBytes * (image.nodes / state.nodeCount)) }]
          : [];
      });
      if (wanted.length === 0) return undefined;
      const most = MOST_BYTES_PER_IMAGE * images.length;
      return (feasible, count, scores) => {
        for (let i = 0; i < count; i++) {
          const held = state.factsAt(feasible[i]!).images;
          let sum = 0;
          for (const { name, bytes } of wanted) if (held.has(name)) sum += bytes;
          const clamped = Math.max(LEAST_BYTES, Math.min(sum, most));
          scores[i] = Math.trunc((100 * (clamped - LEAST_BYTES)) / (most - LEAST_BYTES));
        }
      };
    },
  };
}
