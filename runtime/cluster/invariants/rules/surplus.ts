import { daemonsets, replicasets, statefulsets } from '../../../../generated/apps/v1/resources.ts';
import { jobs } from '../../../../generated/batch/v1/resources.ts';
import type { Pod } from '../../../../generated/core/v1/types.ts';
import { controllerOf, type KubeObject, keyOf } from '../../../meta/index.ts';
import type { Observed, RuleMaker } from '../rule.ts';

/** Whose pods are counted together: those of an owner, of a DaemonSet on one node. */
interface Group {
  readonly owner: string;
  /** Which controller makes them. */
  readonly component: string;
  readonly most: number;
}

/**
 * A controller does not make more pods than it was asked for: with each that it creates, those that have neither ended nor are being
 * deleted are as many as its owner wants. Not looked at while the owner shrinks, and while the controller sees late: it must then not
 * count on what it sees, but what it is asked for may have become less.
 */
export const surplus: RuleMaker = (observed) => {
  const living = new Map<string, Set<string>>();
  const groupOf = new Map<string, string>();
  return {
    name: 'no more pods than asked for',
    resources: ['pods'],
    check({ type, object }) {
      const key = keyOf(object);
      const pod = object as unknown as Pod;
      const before = groupOf.get(key);
      const name = type === 'DELETED' || !isLiving(pod) ? undefined : groupName(pod);
      if (before !== name) {
        if (before !== undefined) living.get(before)?.delete(key);
        groupOf.delete(key);
        if (name !== undefined) {
          groupOf.set(key, name);
          if (!living.has(name)) living.set(name, new Set());
          living.get(name)!.add(key);
        }
      }
      if (type !== 'ADDED' || name === undefined) return undefined;
      const group = limitOf(pod, observed);
      const count = living.get(name)!.size;
      return group && count > group.most
        ? `is number ${count} of the ${group.most} that ${group.owner} asks for`
        : undefined;
    },
  };
};

function isLiving({ metadata, status }: Pod): boolean {
  return !metadata.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

function groupName(pod: Pod): string | undefined {
  const owner = controllerOf(pod as unknown as KubeObject);
  if (!owner) return undefined;
  return owner.kind === 'DaemonSet' ? `${owner.uid}/${daemonNode(pod)}` : owner.uid;
}

function limitOf(pod: Pod, { lister }: Observed): Group | undefined {
  const owner = controllerOf(pod as unknown as KubeObject);
  const namespace = pod.metadata.namespace;
  const name = owner?.name ?? '';
  const asked = (component: string, most: number | undefined): Group | undefined =>
    most === undefined ? undefined : { owner: `${owner?.kind} ${name}`, component, most };
  switch (owner?.kind) {
    case 'ReplicaSet':
      return asked('replicaset', lister(replicasets).get(name, namespace)?.spec?.replicas);
    case 'StatefulSet':
      return asked('statefulset', lister(statefulsets).get(name, namespace)?.spec?.replicas);
    case 'Job':
      return asked('job', lister(jobs).get(name, namespace)?.spec?.parallelism);
    case 'DaemonSet':
      return lister(daemonsets).get(name, namespace) && asked('daemonset', 1);
    default:
      return undefined;
  }
}

/** The node that a daemon pod is made for, by the affinity that its controller gives it. */
function daemonNode({ spec }: Pod): string {
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const field = terms?.[0]?.matchFields?.find(({ key }) => key === 'metadata.name');
  return field?.values?.[0] ?? spec?.nodeName ?? '';
}
