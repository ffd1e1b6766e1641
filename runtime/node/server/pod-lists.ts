import type { Pod } from '../../../generated/core/v1/types.ts';
import { formatTime } from '../../meta/index.ts';
import { imageId } from '../images.ts';
import type { Kubelets } from '../kubelets.ts';
import { CONFIG_SEEN, CONFIG_SOURCE } from '../pod-source.ts';
import { isOrphan, podsOn, recordKeyOf, recordOf } from '../pods-on.ts';
import { Sharing } from '../sharing.ts';

const HEAD = { kind: 'PodList', apiVersion: 'v1', metadata: {} };

/** All pods of a node, with where the kubelet has each from and since when. */
export function podList(kubelets: Kubelets, node: string): object {
  const pods = podsOn(kubelets, node).filter((pod) => !isOrphan(recordKeyOf(kubelets, pod)));
  return { ...HEAD, items: pods.map((pod) => withSource(kubelets, pod)) };
}

function withSource(kubelets: Kubelets, { metadata, spec, status }: Pod): object {
  const record = recordOf(kubelets, { metadata, spec } as Pod);
  const seen = record ? { [CONFIG_SEEN]: formatTime(record.startMs) } : {};
  const annotations = { ...seen, [CONFIG_SOURCE]: 'api', ...metadata.annotations };
  return { metadata: { ...metadata, annotations }, spec, status };
}

/** The pods of which a container runs, as the container runtime knows them. */
export function runningPods(kubelets: Kubelets, node: string): object {
  const sharing = new Sharing(kubelets, kubelets.context.pace.now());
  const items = podsOn(kubelets, node).flatMap((pod) => {
    const record = recordOf(kubelets, pod);
    const running = record ? sharing.running(pod, record) : [];
    if (running.length === 0) return [];
    const { name, namespace, uid } = pod.metadata;
    const containers = running.map(({ spec }) => ({
      name: spec.name,
      image: imageId(spec.image ?? ''),
      resources: {},
    }));
    return [{ metadata: { name, namespace, uid }, spec: { containers }, status: {} }];
  });
  return { ...HEAD, items };
}
