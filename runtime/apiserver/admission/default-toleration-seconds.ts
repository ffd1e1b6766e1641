import type { Pod, PodSpec, Toleration } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { AdmissionPlugin } from './plugin.ts';

const SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** A pod stays five minutes on a node that is not ready or unreachable, unless it says otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resource: 'pods',
  mutate({ operation, object }) {
    if (operation === 'DELETE') return object;
    const pod = object as KubeObject & Pod;
    if (!pod.spec) return object;
    const spec = tolerating(pod.spec);
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
  },
};

const known = new WeakMap<PodSpec, PodSpec>();

function tolerating(spec: PodSpec): PodSpec {
  let found = known.get(spec);
  if (!found) {
    const missing = TAINTS.filter((key) => !spec.tolerations?.some((each) => covers(each, key)));
    const added = missing.map(
      (key): Toleration => ({
        key,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: SECONDS,
      }),
    );
    found =
      added.length === 0 ? spec : { ...spec, tolerations: [...(spec.tolerations ?? []), ...added] };
    known.set(spec, found);
    known.set(found, found);
  }
  return found;
}

function covers({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute');
}
