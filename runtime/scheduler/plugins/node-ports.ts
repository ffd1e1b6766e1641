import { clusterEvents, type LocalPlugin, type Rejection } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { HostPort } from '../pod-shape.ts';

const NAME = 'NodePorts';
const ANY_ADDRESS = '0.0.0.0';

const REFUSED: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
};

/** One host port of one protocol and address belongs to one pod a node; 0.0.0.0 stands for all addresses. */
export const nodePorts: LocalPlugin = {
  kind: 'local',
  name: NAME,
  events: clusterEvents.podDeleted | clusterEvents.nodeAdded,
  isWorthRetry: ({ requirements }, { pod }) =>
    !pod ||
    requirements.hostPorts.some((wanted) =>
      pod.requirements.hostPorts.some((freed) => clash(wanted, freed)),
    ),
  filter({ hostPorts }, node) {
    return hostPorts.some((port) => inUse(port, node)) ? REFUSED : undefined;
  },
};

function inUse({ protocol, ip, port }: HostPort, { ports }: NodeInfo): boolean {
  const used = ports?.get(`${protocol}/${port}`);
  if (!used || used.length === 0) return false;
  return ip === ANY_ADDRESS || used.includes(ip) || used.includes(ANY_ADDRESS);
}

/** Whether two pods cannot have these ports on one node. */
export function clash(a: HostPort, b: HostPort): boolean {
  if (a.protocol !== b.protocol || a.port !== b.port) return false;
  return a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS;
}
