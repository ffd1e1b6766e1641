import {
  DEFAULT_SCHEDULER,
  type ExtensionPoint,
  type SchedulerConfig,
  type SchedulerProfile,
  versionTraits,
} from './config.ts';
import type { DefaultSelectors } from './default-selector.ts';
import type { ClusterPlugin, GatePlugin, LocalPlugin, Plugin } from './framework.ts';
import { type BalancedAllocationArgs, balancedAllocation } from './plugins/balanced-allocation.ts';
import { imageLocality } from './plugins/image-locality.ts';
import { type NodeAffinityArgs, nodeAffinity } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodePorts } from './plugins/node-ports.ts';
import { type NodeResourcesFitArgs, nodeResourcesFit } from './plugins/node-resources-fit.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { type PodTopologySpreadArgs, podTopologySpread } from './plugins/pod-topology-spread.ts';
import { schedulingGates } from './plugins/scheduling-gates.ts';
import { taintToleration } from './plugins/taint-toleration.ts';

export interface Weighted<P extends Plugin> {
  readonly plugin: P;
  readonly weight: number;
}

/** A profile resolved to plugins, each extension point in the order in which it runs. */
export interface Profile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore: number;
  readonly gates: readonly GatePlugin[];
  readonly localFilters: readonly LocalPlugin[];
  readonly clusterFilters: readonly ClusterPlugin[];
  readonly localScores: readonly Weighted<LocalPlugin>[];
  readonly clusterScores: readonly Weighted<ClusterPlugin>[];
  /** All plugins, for queueing hints. */
  readonly plugins: readonly Plugin[];
}

/** Weights of the score plugins unless a profile says otherwise; 1 for the rest. */
const WEIGHTS: Readonly<Record<string, number>> = {
  TaintToleration: 3,
  NodeAffinity: 2,
  PodTopologySpread: 2,
};

/** The plugins of the default profile in their order. */
function defaultPlugins(
  config: SchedulerConfig,
  profile: SchedulerProfile,
  selectors: DefaultSelectors,
): Plugin[] {
  const traits = versionTraits(config.kubernetesVersion);
  const args = <T extends object>(name: string): T =>
    (profile.pluginConfig?.find((each) => each.name === name)?.args ?? {}) as T;
  return [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration(traits),
    nodeAffinity(args<NodeAffinityArgs>('NodeAffinity')),
    nodePorts,
    nodeResourcesFit({ ...args<NodeResourcesFitArgs>('NodeResourcesFit'), ...traits }),
    podTopologySpread(args<PodTopologySpreadArgs>('PodTopologySpread'), selectors),
    balancedAllocation({
      ...args<BalancedAllocationArgs>('NodeResourcesBalancedAllocation'),
      ...traits,
    }),
    imageLocality,
  ];
}

/** Resolves a profile: the default plugins, less what is disabled, with the weights given. */
export function resolveProfile(
  config: SchedulerConfig,
  profile: SchedulerProfile,
  selectors: DefaultSelectors,
): Profile {
  const all = defaultPlugins(config, profile, selectors);
  const isOn = (point: ExtensionPoint, name: string): boolean =>
    stays(profile, 'multiPoint', name) && stays(profile, point, name);
  const plugins = all.filter(({ name }) => stays(profile, 'multiPoint', name));
  const filters = all.filter(
    (plugin) => plugin.kind !== 'gate' && isOn('filter', plugin.name) && hasFilter(plugin),
  );
  const scores = all.filter(
    (plugin) => plugin.kind !== 'gate' && isOn('score', plugin.name) && hasScore(plugin),
  );
  const weigh = <P extends Plugin>(plugin: P): Weighted<P> => ({
    plugin,
    weight: weightOf(profile, plugin.name),
  });
  return {
    schedulerName: profile.schedulerName ?? DEFAULT_SCHEDULER,
    percentageOfNodesToScore:
      profile.percentageOfNodesToScore ?? config.percentageOfNodesToScore ?? 0,
    gates: all.filter((plugin): plugin is GatePlugin => plugin.kind === 'gate'),
    localFilters: filters.filter((plugin): plugin is LocalPlugin => plugin.kind === 'local'),
    clusterFilters: filters.filter((plugin): plugin is ClusterPlugin => plugin.kind === 'cluster'),
    localScores: scores.filter((plugin) => plugin.kind === 'local').map(weigh),
    clusterScores: scores.filter((plugin) => plugin.kind === 'cluster').map(weigh),
    plugins,
  };
}

function hasFilter(plugin: Plugin): boolean {
  if (plugin.kind === 'local') return Boolean(plugin.filter ?? plugin.preFilter);
  return plugin.kind === 'cluster' && plugin.preFilter !== undefined;
}

function hasScore(plugin: Plugin): boolean {
  if (plugin.kind === 'local') return plugin.score !== undefined;
  return plugin.kind === 'cluster' && plugin.preScore !== undefined;
}

function stays({ plugins }: SchedulerProfile, point: ExtensionPoint, name: string): boolean {
  const set = plugins?.[point];
  if (set?.enabled?.some((each) => each.name === name)) return true;
  return !set?.disabled?.some((each) => each.name === name || each.name === '*');
}

function weightOf({ plugins }: SchedulerProfile, name: string): number {
  const given = [...(plugins?.score?.enabled ?? []), ...(plugins?.multiPoint?.enabled ?? [])];
  return given.find((each) => each.name === name)?.weight || (WEIGHTS[name] ?? 1);
}

/** The profiles of a configuration; one default profile when it names none. */
export function resolveProfiles(
  config: SchedulerConfig,
  selectors: DefaultSelectors,
): Map<string, Profile> {
  const profiles = config.profiles?.length ? config.profiles : [{}];
  return new Map(
    profiles.map((each) => {
      const profile = resolveProfile(config, each, selectors);
      return [profile.schedulerName, profile];
    }),
  );
}
