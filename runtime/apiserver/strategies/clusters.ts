import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { podSpecProblems, referencesOf } from './pod-spec/index.ts';
import { forbidden, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Clusters: what pools let their nodes run by themselves must be pods that a kubelet takes. */
export const clusters: Strategy<Cluster & KubeObject> = {
  validate({ spec }, old, found) {
    if (spec === old?.spec) return [];
    return (spec?.nodePools ?? []).flatMap(({ staticPods = [] }, pool) =>
      staticPods.flatMap((pod, at) =>
        staticPodProblems(pod as Pod, `spec.nodePools[${pool}].staticPods[${at}]`, found),
      ),
    );
  },
};

/** What speaks against a manifest of a static pod, `found` apart: fields below `path`. */
function staticPodProblems(
  { metadata, spec }: Pod,
  path: string,
  found: readonly Problem[],
): readonly Problem[] {
  const nameless = metadata?.name ? [] : [required(`${path}.metadata.name`, 'name is required')];
  if (!spec) return [...nameless, required(`${path}.spec`, '')];
  const referred = referencesOf(spec).map(({ resource, field }) =>
    forbidden(`${path}.spec.${field}`, `static pods may not reference ${resource}`),
  );
  const specPlace = { path: `${path}.spec`, isTemplate: false, found };
  return [...nameless, ...podSpecProblems(spec, specPlace), ...referred.slice(0, 1)];
}
