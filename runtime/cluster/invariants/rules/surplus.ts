import { daemonsets, replicasets } from '../../../../generated/apps/v1/resources.ts';
import type { DaemonSet } from '../../../../generated/apps/v1/types.ts';
import { jobs } from '../../../../generated/batch/v1/resources.ts';
import type { Pod } from '../../../../generated/core/v1/types.ts';
import { controllerOf, type KubeObject, keyOf } from '../../../meta/index.ts';
import type { Observed, RuleMaker } from '../rule.ts';

/** Whose pods are counted together: those of an owner, of a DaemonSet on one node. */
interface Group {
  readonly uid: string;
  readonly owner: string;
  /** Which controller makes them. */
  readonly component: string;
  readonly most: number;
}

/**
 * A controller does not make more pods than it was asked for: with each that it creates, those that have neither ended nor are being
 * deleted are at most as many as its owner wants. A StatefulSet's pods have names of their own, and it may make one anew before it takes
 * away another that is too many. Of a controller that sees late the most counts that it
 * was asked for in that time.
 */
export const surplus: RuleMaker = (observed) => {
  const living = new Map<string, Set<string>>();
  const groupOf = new Map<string, string>();
  const shrunk = new Map<string, Shrunk>();
  return {
    name: 'no more pods than asked for',
    resources: ['pods', 'replicasets', 'jobs'],
    check({ type, object, previous }, resource) {
      if (resource !== 'pods') {
        noteShrinking(shrunk, object, previous, observed.now());
        return undefined;
      }
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
      if (!group) return undefined;
      const asked = shrunk.get(group.uid);
      const isRecent = asked && asked.atMs >= observed.now() - observed.lateness(group.component);
      const most = isRecent ? Math.max(asked.from, group.most) : group.most;
      const count = living.get(name)!.size;
      return count > most
        ? `is number ${count} of the ${most} that ${group.owner} asks for`
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
    most === undefined
      ? undefined
      : { uid: owner?.uid ?? '', owner: `${owner?.kind} ${name}`, component, most };
  switch (owner?.kind) {
    case 'ReplicaSet':
      return asked('replicaset', lister(replicasets).get(name, namespace)?.spec?.replicas);
    case 'Job':
      return asked('job', lister(jobs).get(name, namespace)?.spec?.parallelism);
    case 'DaemonSet':
      return asked('daemonset', perNode(lister(daemonsets).get(name, namespace)));
    default:
      return undefined;
  }
}

/** An owner that asks for fewer pods than it did. */
interface Shrunk {
  readonly from: number;
  readonly atMs: number;
}

function noteShrinking(
  shrunk: Map<string, Shrunk>,
  object: KubeObject,
  previous: KubeObject | undefined,
  nowMs: number,
): void {
  const wanted = (each: KubeObject | undefined): number => {
    const { replicas, parallelism } = ((each as { spec?: unknown } | undefined)?.spec ?? {}) as {
      replicas?: number;
      parallelism?: number;
    };
    return replicas ?? parallelism ?? 0;
  };
  const { uid = '' } = object.metadata;
  const from = wanted(previous);
  if (from > wanted(object))
    shrunk.set(uid, { from: Math.max(from, shrunk.get(uid)?.from ?? 0), atMs: nowMs });
}

/** One, or two while one is replaced by surge. */
function perNode(set: DaemonSet | undefined): number | undefined {
  if (!set) return undefined;
  const surge = set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0;
  return surge === 0 || surge === '0%' ? 1 : 2;
}

/** The node that a daemon pod is made for, by the affinity that its controller gives it. */
function daemonNode({ spec }: Pod): string {
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const field = terms?.[0]?.matchFields?.find(({ key }) => key === 'metadata.name');
  return field?.values?.[0] ?? spec?.nodeName ?? '';
}
