import type { Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';

/** The pod's containers leave the node: from now on nobody may be using their images. */
export function noteLastUse({ state, context }: Kubelets, { node, images }: PodRecord): void {
  for (const image of images) {
    const key = `${node}\0${image}`;
    const known = state.images.get(key);
    if (known) state.images.set(key, { ...known, lastUsedMs: context.pace.now() });
  }
}
