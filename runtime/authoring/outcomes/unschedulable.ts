import { nodes as clusterNodes } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod, PodSpec } from '../../../generated/core/v1/types.ts';
import type { SchedulingExplanation } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { type OutcomeSources, originOf, podFieldOf } from './origin.ts';
import { greediest } from './requests.ts';

type Refusals = readonly {
  readonly plugin: string;
  readonly reason: string;
  readonly nodes: number;
}[];

/** A pod that no node takes: at the value that most nodes refuse; the others that some refuse are named beside it. */
export function unschedulable(
  sources: OutcomeSources,
  pod: Pod,
  { pod: key, summary, nodes, counterfactual }: SchedulingExplanation,
): Finding {
  const refusals = tallied(nodes);
  const message = [`pod ${key} ${summary}`, ...refusals.map(textOf)].join('; ');
  const help = counterfactual[0] ? { help: counterfactual[0] } : {};
  const origin = originOf(sources, pod as unknown as KubeObject);
  if (!origin) return finding('E_OUTCOME_UNSCHEDULABLE', message, help);
  const object = labelOf(origin.resource.object);
  const [first, ...others] = refusals.map(({ plugin, reason, nodes: count }) => ({
    ...podFieldOf(origin, culprit(plugin, reason, pod.spec, sources)),
    plugin,
    count,
  }));
  if (!first)
    return finding('E_OUTCOME_UNSCHEDULABLE', message, {
      object,
      range: origin.resource.range,
      ...help,
    });
  const related = others.map(({ plugin, count, range }) => ({
    message: `${plugin} refuses ${count} ${count === 1 ? 'node' : 'nodes'}`,
    range,
  }));
  const { fieldPath, range } = first;
  return finding('E_OUTCOME_UNSCHEDULABLE', message, {
    object,
    fieldPath,
    range,
    ...help,
    ...(related.length > 0 ? { related } : {}),
  });
}

/** Which plugin is the first to refuse how many nodes, most first; the reason is that of one of them. */
function tallied(nodes: SchedulingExplanation['nodes']): Refusals {
  const found = new Map<string, { plugin: string; reason: string; nodes: number }>();
  for (const { refusedBy, reason = '' } of nodes) {
    if (refusedBy === undefined) continue;
    const known = found.get(refusedBy);
    if (known) known.nodes++;
    else found.set(refusedBy, { plugin: refusedBy, reason, nodes: 1 });
  }
  return [...found.values()].sort((a, b) => b.nodes - a.nodes);
}

function textOf({ plugin, reason, nodes }: Refusals[number]): string {
  return `${plugin} refuses ${nodes}${reason ? ` (${reason})` : ''}`;
}

type Culprit = (spec: PodSpec, reason: string, nodes: () => readonly Node[]) => string;

const volumes: Culprit = ({ volumes: all = [] }) => {
  const at = all.findIndex(
    ({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral,
  );
  return at < 0 ? 'spec.volumes' : `spec.volumes[${at}]`;
};

/** Which field of a pod each plugin looks at. */
const CULPRITS: Readonly<Record<string, Culprit>> = {
  NodeName: () => 'spec.nodeName',
  NodeUnschedulable: () => 'spec.tolerations',
  TaintToleration: () => 'spec.tolerations',
  NodeAffinity: ({ nodeSelector }, _, nodes) =>
    nodeSelector
      ? `spec.nodeSelector${unmetLabel(nodeSelector, nodes())}`
      : 'spec.affinity.nodeAffinity',
  NodePorts: (spec) => {
    const at = spec.containers.findIndex(({ ports }) => ports?.some(({ hostPort }) => hostPort));
    const port = spec.containers[at]?.ports?.findIndex(({ hostPort }) => hostPort) ?? 0;
    return `spec.containers[${Math.max(0, at)}].ports[${port}].hostPort`;
  },
  NodeResourcesFit: (spec, reason) => {
    const resource = /^([^\s:]+):/.exec(reason)?.[1] ?? '';
    const at = greediest(spec.containers, 'requests', resource);
    return at === undefined
      ? 'spec.containers'
      : `spec.containers[${at}].resources.requests[${resource}]`;
  },
  PodTopologySpread: ({ topologySpreadConstraints: all = [] }) => {
    const at = all.findIndex(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');
    return `spec.topologySpreadConstraints[${Math.max(0, at)}]`;
  },
  InterPodAffinity: ({ affinity }, reason) =>
    /anti/i.test(reason) || !affinity?.podAffinity
      ? 'spec.affinity.podAntiAffinity'
      : 'spec.affinity.podAffinity',
  VolumeBinding: volumes,
  VolumeZone: volumes,
  VolumeRestrictions: volumes,
  NodeVolumeLimits: volumes,
};

/** The only label of a selector that no node has, in brackets; empty when there is none, or more than one. */
function unmetLabel(selector: Readonly<Record<string, string>>, nodes: readonly Node[]): string {
  const unmet = Object.entries(selector).filter(
    ([key, value]) => !nodes.some(({ metadata }) => metadata?.labels?.[key] === value),
  );
  return unmet.length === 1 ? `[${unmet[0]![0]}]` : '';
}

function culprit(
  plugin: string,
  reason: string,
  spec: PodSpec | undefined,
  { transport }: OutcomeSources,
): string {
  const nodes = (): readonly Node[] => transport.lister(clusterNodes).list();
  return (spec && CULPRITS[plugin]?.(spec, reason, nodes)) ?? 'spec';
}
