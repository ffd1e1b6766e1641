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
  events: clusterEvents.nodeAdded | clusterEvents.nodeTaints,
  isWorthRetry: (_, { node }) => node?.facts?.unschedulable === false,
  filter(pod, { facts }) {
    if (!facts!.unschedulable) return undefined;
    return pod.tolerations.some((each) => tolerates(each, TAINT)) ? undefined : REFUSED;
  },
};
