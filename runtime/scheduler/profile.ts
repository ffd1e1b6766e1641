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
import { type InterPodAffinityArgs, interPodAffinity } from './plugins/inter-pod-affinity.ts';
import { type NodeAffinityArgs, nodeAffinity } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodePorts } from './plugins/node-ports.ts';
import { type NodeResourcesFitArgs, nodeResourcesFit } from './plugins/node-resources-fit.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { nodeVolumeLimits } from './plugins/node-volume-limits.ts';
import { type PodTopologySpreadArgs, podTopologySpread } from './plugins/pod-topology-spread.ts';
import { schedulingGates } from './plugins/scheduling-gates.ts';
import { taintToleration } from './plugins/taint-toleration.ts';
import { type VolumeBindingArgs, volumeBinding } from './plugins/volume-binding.ts';
import { volumeRestrictions } from './plugins/volume-restrictions.ts';
import { volumeZone } from './plugins/volume-zone.ts';
import type { DefaultPreemptionArgs } from './preemption/index.ts';
import type { StorageObjects } from './volumes/index.ts';

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
  /** How long a pod waits for its volumes to be bound; undefined when volumes are not bound. */
  readonly bindTimeoutMs: number | undefined;
  /** PostFilter: undefined when no preemption is tried. */
  readonly preemption: DefaultPreemptionArgs | undefined;
  /** PostFilter of resource claims, which come before preemption, has a word in messages. */
  readonly mentionsClaims: boolean;
  /** All plugins, for queueing hints. */
  readonly plugins: readonly Plugin[];
}

/** What plugins read besides nodes and pods. */
export interface PluginSources {
  readonly selectors: DefaultSelectors;
  readonly storage: StorageObjects;
}

/** Weights of the score plugins unless a profile says otherwise; 1 for the rest. */
const WEIGHTS: Readonly<Record<string, number>> = {
  TaintToleration: 3,
  NodeAffinity: 2,
  PodTopologySpread: 2,
  InterPodAffinity: 2,
};

const BIND_TIMEOUT_SECONDS = 600;

function argsOf<T extends object>({ pluginConfig }: SchedulerProfile, name: string): T {
  return (pluginConfig?.find((each) => each.name === name)?.args ?? {}) as T;
}

/** The plugins of the default profile in their order. */
function defaultPlugins(
  config: SchedulerConfig,
  profile: SchedulerProfile,
  { selectors, storage }: PluginSources,
): Plugin[] {
  const traits = versionTraits(config.kubernetesVersion);
  const args = <T extends object>(name: string): T => argsOf<T>(profile, name);
  return [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration(traits),
    nodeAffinity(args<NodeAffinityArgs>('NodeAffinity')),
    nodePorts,
    nodeResourcesFit({ ...args<NodeResourcesFitArgs>('NodeResourcesFit'), ...traits }),
    volumeRestrictions(storage),
    nodeVolumeLimits(storage),
    volumeBinding(args<VolumeBindingArgs>('VolumeBinding'), storage),
    volumeZone(storage),
    podTopologySpread(args<PodTopologySpreadArgs>('PodTopologySpread'), selectors),
    interPodAffinity(args<InterPodAffinityArgs>('InterPodAffinity')),
    balancedAllocation({
      ...args<BalancedAllocationArgs>('NodeResourcesBalancedAllocation'),
      ...traits,
    }),
    imageLocality(traits),
  ];
}

/** Resolves a profile: the default plugins, less what is disabled, with the weights given. */
export function resolveProfile(
  config: SchedulerConfig,
  profile: SchedulerProfile,
  sources: PluginSources,
): Profile {
  const all = defaultPlugins(config, profile, sources);
  const at = (point: ExtensionPoint): Plugin[] =>
    inOrder(
      all.filter(({ name }) => isOn(profile, point, name)),
      point,
      profile,
    );
  const filters = at('filter').filter(hasFilter);
  const scores = at('score').filter(hasScore);
  const weigh = <P extends Plugin>(plugin: P): Weighted<P> => ({
    plugin,
    weight: weightOf(profile, plugin.name),
  });
  return {
    schedulerName: profile.schedulerName ?? DEFAULT_SCHEDULER,
    percentageOfNodesToScore:
      profile.percentageOfNodesToScore ?? config.percentageOfNodesToScore ?? 0,
    gates: at('preEnqueue').filter(isGate),
    localFilters: filters.filter(isLocal),
    clusterFilters: filters.filter(isCluster),
    localScores: scores.filter(isLocal).map(weigh),
    clusterScores: scores.filter(isCluster).map(weigh),
    bindTimeoutMs: isOn(profile, 'preBind', 'VolumeBinding')
      ? (argsOf<VolumeBindingArgs>(profile, 'VolumeBinding').bindTimeoutSeconds ??
          BIND_TIMEOUT_SECONDS) * 1000
      : undefined,
    preemption: isOn(profile, 'postFilter', 'DefaultPreemption')
      ? argsOf<DefaultPreemptionArgs>(profile, 'DefaultPreemption')
      : undefined,
    mentionsClaims:
      versionTraits(config.kubernetesVersion).mentionsClaims &&
      isOn(profile, 'postFilter', 'DynamicResources'),
    plugins: all,
  };
}

const isGate = (plugin: Plugin): plugin is GatePlugin => plugin.kind === 'gate';
const isLocal = (plugin: Plugin): plugin is LocalPlugin => plugin.kind === 'local';
const isCluster = (plugin: Plugin): plugin is ClusterPlugin => plugin.kind === 'cluster';

function hasFilter(plugin: Plugin): boolean {
  if (plugin.kind === 'local') return Boolean(plugin.filter ?? plugin.preFilter);
  return plugin.kind === 'cluster' && plugin.preFilter !== undefined;
}

function hasScore(plugin: Plugin): boolean {
  if (plugin.kind === 'local') return plugin.score !== undefined;
  return plugin.kind === 'cluster' && plugin.preScore !== undefined;
}

/**
 * Whether a plugin runs at an extension point. What the point itself says counts before what multiPoint says, `enabled`
 * before `disabled`; all default plugins come by multiPoint.
 */
function isOn({ plugins }: SchedulerProfile, point: ExtensionPoint, name: string): boolean {
  for (const set of [plugins?.[point], plugins?.multiPoint]) {
    if (set?.enabled?.some((each) => each.name === name)) return true;
    if (set?.disabled?.some((each) => each.name === name || each.name === '*')) return false;
  }
  return true;
}

/** Plugins that the point enables by name come first, in that order. */
function inOrder(
  plugins: readonly Plugin[],
  point: ExtensionPoint,
  { plugins: sets }: SchedulerProfile,
): Plugin[] {
  const named = (sets?.[point]?.enabled ?? []).map(({ name }) => name);
  if (named.length === 0) return [...plugins];
  const place = ({ name }: Plugin): number => {
    const at = named.indexOf(name);
    return at < 0 ? named.length : at;
  };
  return [...plugins].sort((a, b) => place(a) - place(b));
}

function weightOf({ plugins }: SchedulerProfile, name: string): number {
  const given = [...(plugins?.score?.enabled ?? []), ...(plugins?.multiPoint?.enabled ?? [])];
  return given.find((each) => each.name === name)?.weight || (WEIGHTS[name] ?? 1);
}

/** The profiles of a configuration; one default profile when it names none. */
export function resolveProfiles(
  config: SchedulerConfig,
  sources: PluginSources,
): Map<string, Profile> {
  const profiles = config.profiles?.length ? config.profiles : [{}];
  return new Map(
    profiles.map((each) => {
      const profile = resolveProfile(config, each, sources);
      return [profile.schedulerName, profile];
    }),
  );
}
