/** The version whose behaviour and wording the scheduler follows. */
export type SchedulerVersion = '1.21' | '1.28' | '1.36';

/** A plugin named in a profile. `*` stands for all. */
export interface PluginRef {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled?: readonly PluginRef[];
  readonly disabled?: readonly PluginRef[];
}

/** A profile of KubeSchedulerConfiguration: what pods that name its scheduler are scheduled by. */
export interface SchedulerProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: Readonly<Partial<Record<ExtensionPoint, PluginSet>>>;
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: object }[];
}

export type ExtensionPoint =
  | 'multiPoint'
  | 'preEnqueue'
  | 'queueSort'
  | 'preFilter'
  | 'filter'
  | 'postFilter'
  | 'preScore'
  | 'score'
  | 'reserve'
  | 'permit'
  | 'preBind'
  | 'bind'
  | 'postBind';

/** The fields of KubeSchedulerConfiguration that matter here; absent ones have upstream's defaults. */
export interface SchedulerConfig {
  readonly kubernetesVersion?: SchedulerVersion;
  readonly profiles?: readonly SchedulerProfile[];
  /** 0 or absent: adaptive. */
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
}

export const DEFAULT_SCHEDULER = 'default-scheduler';

/** What differs between versions, decided in one place. */
export interface VersionTraits {
  /** Taint messages name the taint (up to 1.34). */
  readonly namesTaint: boolean;
  /** A request beyond a node's allocatable cannot be helped by preemption (since 1.32). */
  readonly beyondNodeIsUnresolvable: boolean;
  /** Balanced allocation skips pods without requests (since 1.33). */
  readonly skipsBestEffort: boolean;
  /** Balanced allocation scores how the pod changes the balance, not only what it leaves (since 1.36). */
  readonly scoresBalanceChange: boolean;
  /** Images that are mounted count for where images lie (since 1.36). */
  readonly countsMountedImages: boolean;
  /** Failing messages mention resource claims, as dynamic resource allocation is on (since 1.34). */
  readonly mentionsClaims: boolean;
  /** The part about preemption gets a second full stop (up to 1.30). */
  readonly doubleStop: boolean;
  /** Nodes that PreFilter leaves out are counted with a reason of their own (since 1.31). */
  readonly countsAbsentNodes: boolean;
  /** An idle scheduler takes pods from back-off early (since 1.33). */
  readonly popsFromBackoff: boolean;
  /** A pod names the node that it goes to while its volumes are being bound (since 1.35). */
  readonly nominatesWhileBinding: boolean;
  /** Conditions carry the pod's generation (since 1.34). */
  readonly observesGeneration: boolean;
}

export function versionTraits(version: SchedulerVersion = '1.36'): VersionTraits {
  const recent = version === '1.36';
  return {
    namesTaint: !recent,
    beyondNodeIsUnresolvable: recent,
    skipsBestEffort: recent,
    scoresBalanceChange: recent,
    countsMountedImages: recent,
    mentionsClaims: recent,
    doubleStop: !recent,
    countsAbsentNodes: recent,
    popsFromBackoff: recent,
    nominatesWhileBinding: recent,
    observesGeneration: recent,
  };
}
