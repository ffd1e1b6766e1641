import type { Toleration } from '../../../generated/core/v1/types.ts';
import { clusterEvents, type LocalPlugin, type Rejection } from '../framework.ts';
import { tolerates } from '../tolerations.ts';

const NAME = 'NodeUnschedulable';
const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

const REFUSED: Rejection = {
  plugin: NAME,
  code: 'UnschedulableAndUnresolvable',
  reasons: ['node(s) were unschedulable'],
};

/** Keeps pods off cordoned nodes, unless they tolerate the taint that cordoning sets. */
export const nodeUnschedulable: LocalPlugin = {
  kind: 'local',
  name: NAME,
  events: clusterEvents.nodeAdded | clusterEvents.nodeTaints | clusterEvents.ownTolerations,
  isWorthRetry: ({ requirements }, { node, previousNode }) =>
    node
      ? !node.unschedulable && (previousNode?.unschedulable ?? true)
      : toleratesCordon(requirements.tolerations),
  filter(pod, { facts }) {
    if (!facts!.unschedulable) return undefined;
    return toleratesCordon(pod.tolerations) ? undefined : REFUSED;
  },
};

function toleratesCordon(tolerations: readonly Toleration[]): boolean {
  return tolerations.some((each) => tolerates(each, TAINT));
}
