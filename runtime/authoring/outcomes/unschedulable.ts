import { nodes as clusterNodes } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod, PodSpec } from '../../../generated/core/v1/types.ts';
import type { SchedulingExplanation } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { type ClaimPlace, claimPlace } from './claims.ts';
import { defaultedBy } from './defaults.ts';
import { type Origin, type OutcomeSources, originOf, podFieldOf, podSpecOf } from './origin.ts';
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
    ...placeOf(sources, origin, pod, { plugin, reason }),
    plugin,
    count,
  }));
  if (!first)
    return finding('E_OUTCOME_UNSCHEDULABLE', message, {
      object,
      range: origin.resource.range,
      ...help,
    });
  const elsewhere = others.map(({ plugin, count, range }) => ({
    message: `${plugin} refuses ${count} ${count === 1 ? 'node' : 'nodes'}`,
    range,
  }));
  const related = [...(first.related ?? []), ...elsewhere];
  const { fieldPath, range } = first;
  return finding('E_OUTCOME_UNSCHEDULABLE', message, {
    object,
    fieldPath,
    range,
    ...help,
    ...(related.length > 0 ? { related } : {}),
  });
}

/** The value that a plugin refuses, with other places that have to do with it. */
function placeOf(
  sources: OutcomeSources,
  origin: Origin,
  pod: Pod,
  { plugin, reason }: Pick<Refusals[number], 'plugin' | 'reason'>,
): ClaimPlace {
  const claim = VOLUMES.has(plugin) ? claimPlace(sources, origin, pod, reason) : undefined;
  if (claim) return claim;
  const path = culprit(plugin, reason, pod.spec, sources);
  const [, container, resource] = /^(.+)\.resources\.requests\[(.+)\]$/.exec(path) ?? [];
  if (container === undefined || resource === undefined) return podFieldOf(origin, path);
  const at = Number(/\d+/.exec(container)?.[0] ?? 0);
  const { requests, limits } = podSpecOf(origin).containers?.[at]?.resources ?? {};
  if (requests?.[resource] !== undefined) return podFieldOf(origin, path);
  if (limits?.[resource] !== undefined)
    return podFieldOf(origin, `${container}.resources.limits[${resource}]`);
  const related = defaultedBy(sources, pod.metadata.namespace ?? '', resource);
  return { ...podFieldOf(origin, path), ...(related.length > 0 ? { related } : {}) };
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

/** Plugins that refuse a pod for its volumes. */
const VOLUMES = new Set(['VolumeBinding', 'VolumeZone', 'VolumeRestrictions', 'NodeVolumeLimits']);
const volumes: Culprit = () => 'spec.volumes';

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
  PodTopologySpread: ({ topologySpreadConstraints: all = [] }, reason) => {
    const label = /^has no label (\S+)/.exec(reason)?.[1];
    const at = all.findIndex(
      ({ whenUnsatisfiable, topologyKey }) =>
        whenUnsatisfiable === 'DoNotSchedule' && (label ?? topologyKey) === topologyKey,
    );
    const constraint = `spec.topologySpreadConstraints[${Math.max(0, at)}]`;
    return label === undefined ? constraint : `${constraint}.topologyKey`;
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
