import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import type { Pod, PodSpec, Toleration } from '../../../generated/core/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import type { AdmissionPlugin } from './plugin.ts';

const SECONDS = 300;
const CLUSTERS = 'clusters.cluster.slipway.dev';
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/**
 * A pod stays for the cluster's `podEvictionTimeout`, five minutes, on a node that is not ready or unreachable, unless it
 * says otherwise.
 */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resource: 'pods',
  mutate({ operation, object }, core) {
    if (operation === 'DELETE') return object;
    const pod = object as KubeObject & Pod;
    if (!pod.spec) return object;
    const spec = tolerating(pod.spec, secondsOf(core));
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
  },
};

const secondsByCluster = new WeakMap<object, number>();

function secondsOf(core: Pick<Core, 'first'>): number {
  const cluster = core.first(CLUSTERS) as (Cluster & KubeObject) | undefined;
  if (!cluster) return SECONDS;
  let seconds = secondsByCluster.get(cluster);
  if (seconds === undefined) {
    const ms = parseDuration(cluster.spec?.controllerManager?.podEvictionTimeout ?? '');
    seconds = ms === undefined ? SECONDS : Math.round(ms / 1000);
    secondsByCluster.set(cluster, seconds);
  }
  return seconds;
}

/** Pods of one template go on sharing their spec; `seconds` is what it was completed for. */
const known = new WeakMap<PodSpec, { readonly seconds: number; readonly spec: PodSpec }>();

function tolerating(spec: PodSpec, seconds: number): PodSpec {
  const found = known.get(spec);
  if (found?.seconds === seconds) return found.spec;
  const missing = TAINTS.filter((key) => !spec.tolerations?.some((each) => covers(each, key)));
  const added = missing.map(
    (key): Toleration => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: seconds,
    }),
  );
  const completed =
    added.length === 0 ? spec : { ...spec, tolerations: [...(spec.tolerations ?? []), ...added] };
  known.set(spec, { seconds, spec: completed });
  known.set(completed, { seconds, spec: completed });
  return completed;
}

function covers({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute');
}
