import type { Pod } from '../../../generated/core/v1/types.ts';
import { ailmentsOf } from '../ailments.ts';
import type { Kubelets } from '../kubelets.ts';
import { forgetPod } from '../pod-sync.ts';
import { staticPod } from './manifest.ts';

/**
 * Brings what a node runs by itself up to what its manifests say: new pods start, changed ones end and start anew, others end.
 * A machine that is off reads them when it boots. Of several manifests of one name the first counts.
 */
export function followManifests(kubelets: Kubelets, node: string, trigger?: number): void {
  const { state, context } = kubelets;
  if (!state.nodes.has(node) || ailmentsOf(kubelets, node, 'off').length > 0) return;
  const running = state.staticKeys.get(node) ?? NONE;
  const manifests = manifestsFor(kubelets, node);
  if (running.length === 0 && manifests.length === 0) return;
  const wanted = new Map<string, Pod>();
  for (const manifest of manifests) {
    const pod = staticPod(manifest, node, context.pace.now());
    const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (!wanted.has(key)) wanted.set(key, pod);
  }
  for (const key of running) {
    const known = state.statics.get(key);
    const pod = wanted.get(key);
    if (!known || known.wanted?.metadata.uid === pod?.metadata.uid) continue;
    const { wanted: _, ...rest } = known;
    state.statics.set(key, pod ? { ...rest, wanted: pod } : rest);
    state.ending.set(key, true);
    state.queue.add(`pod/${key}`, trigger);
  }
  for (const [key, pod] of wanted) {
    if (state.statics.has(key)) continue;
    state.statics.set(key, { node, pod, wanted: pod });
    state.queue.add(`pod/${key}`, trigger);
  }
  const isOurs = (key: string): boolean => state.statics.get(key)?.node === node;
  state.staticKeys.set(node, [...new Set([...running, ...wanted.keys()])].filter(isOurs));
}

/** Its pool's own, then those of its folder. */
function manifestsFor({ state, settings, manifests }: Kubelets, node: string): readonly Pod[] {
  const member = state.fleet.get(node);
  const inFolder = manifests(member?.staticPodPath ?? settings().staticPodPath);
  const own = member?.staticPods ?? NONE;
  return own.length === 0 ? inFolder : [...own, ...inFolder];
}

const NONE: readonly never[] = [];

/** The node has no kubelet any more: what it ran by itself is no more, and is shown no more once somebody deletes the mirrors. */
export function forgetStatics(kubelets: Kubelets, node: string): void {
  const { state } = kubelets;
  for (const key of state.staticKeys.get(node) ?? NONE) {
    const record = state.pods.get(key);
    if (record) forgetPod(kubelets, key, record, undefined);
    state.statics.delete(key);
    state.ending.delete(key);
  }
  state.staticKeys.delete(node);
}
