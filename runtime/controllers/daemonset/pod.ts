import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Affinity, Pod, PodSpec, Toleration } from '../../../generated/core/v1/types.ts';
import type { Init } from '../../client/index.ts';
import { REVISION_LABEL } from '../history.ts';
import { podFromTemplate } from '../pod-control.ts';

const GENERATION_LABEL = 'pod-template-generation';
/** How often the template has changed, as the API server counts. */
const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation';

const exists = (condition: string, effect: NonNullable<Toleration['effect']>): Toleration => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect,
});

/** A node that is in trouble keeps its daemon pods, and gets them. */
const EVERYWHERE: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];
const ON_HOST_NETWORK = [...EVERYWHERE, exists('network-unavailable', 'NoSchedule')];

const tolerations = new WeakMap<PodSpec, readonly Toleration[]>();

/** The template's tolerations and those of every daemon pod. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  let found = tolerations.get(spec);
  if (!found) {
    const added = spec.hostNetwork ? ON_HOST_NETWORK : EVERYWHERE;
    found = added.reduce(addOrReplace, spec.tolerations ?? []);
    tolerations.set(spec, found);
  }
  return found;
}

function addOrReplace(list: readonly Toleration[], added: Toleration): readonly Toleration[] {
  const isSame = ({ key, effect, operator = 'Equal', value = '' }: Toleration): boolean =>
    key === added.key && effect === added.effect && operator === added.operator && value === '';
  return list.some(isSame) ? list.map((each) => (isSame(each) ? added : each)) : [...list, added];
}

/**
 * Makes pods for nodes. They share all of the template but their affinity, by which the scheduler puts each on its node and
 * on no other.
 */
export function podMaker(daemonSet: DaemonSet, hash: string): (node: string) => Init<Pod> {
  const { template } = daemonSet.spec ?? {};
  const spec: PodSpec = template?.spec ?? { containers: [] };
  const generation = daemonSet.metadata.annotations?.[GENERATION_ANNOTATION];
  const labels = {
    ...template?.metadata?.labels,
    ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }),
    [REVISION_LABEL]: hash,
  };
  const shared = podFromTemplate(daemonSet, {
    metadata: { ...template?.metadata, labels },
    spec: { ...spec, tolerations: daemonTolerations(spec) },
  });
  return (node) => ({
    ...shared,
    spec: { ...shared.spec!, affinity: onlyOn(node, spec.affinity) },
  });
}

/** The affinity with nothing required of a node but its name. */
function onlyOn(node: string, affinity: Affinity | undefined): Affinity {
  const byName = { key: 'metadata.name', operator: 'In', values: [node] } as const;
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [byName] }],
      },
    },
  };
}

export function isUpdated({ metadata }: Pod, hash: string): boolean {
  return metadata.labels?.[REVISION_LABEL] === hash;
}
