import type { Pod, Toleration } from '../../../generated/core/v1/types.ts';
import { canonicalJson, formatTime } from '../../meta/index.ts';
import { qosOf } from '../eviction/index.ts';
import { hexOf } from '../hash.ts';
import { CONFIG_HASH, CONFIG_MIRROR, CONFIG_SEEN, CONFIG_SOURCE } from '../pod-source.ts';

/** Node problems do not evict what the node runs by itself. */
const NO_EVICTION: Toleration = { effect: 'NoExecute', operator: 'Exists' };

/** The pod that `node` runs by a manifest: bound to it, named after it, known by a hash of what the manifest says. */
export function staticPod(manifest: Pod, node: string, seenMs: number): Pod {
  const { metadata, spec } = manifest;
  const { name = '', namespace = 'default', labels, annotations } = metadata;
  const { tolerations = [], ...rest } = spec!;
  const uid = metadata.uid || hexOf(canonicalJson({ node, metadata, spec }), 32);
  const tolerates = tolerations.some(
    ({ key, operator, effect }) => !key && operator === 'Exists' && effect === 'NoExecute',
  );
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${node.toLowerCase()}`,
      namespace,
      uid,
      ...(labels ? { labels } : {}),
      annotations: {
        ...annotations,
        [CONFIG_HASH]: uid,
        [CONFIG_SEEN]: formatTime(seenMs),
        [CONFIG_SOURCE]: 'file',
      },
    },
    spec: {
      ...rest,
      nodeName: node,
      tolerations: tolerates ? tolerations : [...tolerations, NO_EVICTION],
    },
  };
  return { ...pod, status: { phase: 'Pending', qosClass: qosOf(pod) } };
}

/** What the API server is to show of a static pod. */
export function mirrorOf({ metadata, spec }: Pod, nodeUid: string): Pod {
  const { name, namespace, labels, annotations, uid = '' } = metadata;
  const owner = { apiVersion: 'v1', kind: 'Node', name: spec!.nodeName!, uid: nodeUid };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: name!,
      namespace: namespace!,
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, [CONFIG_MIRROR]: uid },
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: spec!,
  };
}
