import { type ClusterPlugin, clusterEvents, type Rejection } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape } from '../pod-shape.ts';
import {
  type AssumedVolumes,
  capacityOf,
  claimsOf,
  classOf,
  type PodClaims,
  planVolumes,
  requestOf,
  type StorageObjects,
  type VolumePlan,
} from '../volumes/index.ts';
import { brokenLine, type UtilizationPoint } from './resource-scorers.ts';

const NAME = 'VolumeBinding';

export interface VolumeBindingArgs {
  /** How long a pod waits for its volumes; 600 unless told. */
  readonly bindTimeoutSeconds?: number;
  /** Scores nodes by the used share of the volumes that they would give; without it they are not scored. */
  readonly shape?: readonly UtilizationPoint[];
}

function refusal(reasons: readonly string[]): Rejection {
  return { plugin: NAME, code: 'UnschedulableAndUnresolvable', reasons };
}

/** Keeps pods on nodes that reach their volumes, or where volumes can be had for the claims that wait for a node. */
export function volumeBinding(args: VolumeBindingArgs, storage: StorageObjects): ClusterPlugin {
  const line = args.shape && brokenLine(args.shape);
  return {
    kind: 'cluster',
    name: NAME,
    events:
      clusterEvents.nodeAdded |
      clusterEvents.nodeLabels |
      clusterEvents.claims |
      clusterEvents.volumes |
      clusterEvents.storageClasses |
      clusterEvents.csiNodes |
      clusterEvents.csiDrivers,
    isWorthRetry: ({ namespace, volumes }, { kinds, storage: changed }) =>
      kinds !== clusterEvents.claims ||
      (changed?.namespace === namespace &&
        Boolean(volumes?.claims.some(({ name }) => name === changed.name))),
    preFilter(shape, { assumed }) {
      const claims = podClaims(shape, storage, assumed);
      if (!claims) return undefined;
      if (typeof claims === 'string') return refusal([claims]);
      if (isReachedFromAll(claims)) return undefined;
      return (_, node) => {
        const plan = planVolumes(claims, node.facts!, storage, assumed);
        return isPlan(plan) ? undefined : refusal(plan);
      };
    },
    preScore(shape, state) {
      const claims = line && podClaims(shape, storage, state.assumed);
      if (!claims || typeof claims === 'string' || claims.delayed.length === 0) return undefined;
      return (feasible, count, scores) => {
        for (let i = 0; i < count; i++) {
          const facts = state.factsAt(feasible[i]!);
          const plan = planVolumes(claims, facts, storage, state.assumed);
          scores[i] = isPlan(plan) ? utilization(plan, line!) : 0;
        }
      };
    },
  };
}

/** Whether no node can be worse than another: everything is bound, to volumes that are there and say nothing of nodes. */
function isReachedFromAll({ volumes, delayed }: PodClaims): boolean {
  return delayed.length === 0 && volumes.every((volume) => volume && !volume.spec?.nodeAffinity);
}

/** What binding the pod's volumes on a node takes; undefined when it has none or they cannot be bound there. */
export function volumePlan(
  shape: PodShape,
  { facts }: NodeInfo,
  storage: StorageObjects,
  assumed: AssumedVolumes,
): VolumePlan | undefined {
  const claims = podClaims(shape, storage, assumed);
  if (!claims || typeof claims === 'string') return undefined;
  const plan = planVolumes(claims, facts!, storage, assumed);
  return isPlan(plan) ? plan : undefined;
}

function podClaims(
  { namespace, volumes }: PodShape,
  storage: StorageObjects,
  assumed: AssumedVolumes,
): PodClaims | string | undefined {
  if (!volumes || volumes.claims.length === 0) return undefined;
  return claimsOf(namespace, volumes, storage, assumed);
}

function isPlan(plan: VolumePlan | readonly string[]): plan is VolumePlan {
  return 'bindings' in plan;
}

/** The mean over storage classes of the score for what is asked of what the volumes have. */
function utilization({ bindings }: VolumePlan, line: (utilization: number) => number): number {
  const classes = new Map<string, { asked: number; had: number }>();
  for (const { claim, volume } of bindings) {
    const name = classOf(claim);
    const { asked, had } = classes.get(name) ?? { asked: 0, had: 0 };
    classes.set(name, { asked: asked + requestOf(claim), had: had + capacityOf(volume) });
  }
  if (classes.size === 0) return 0;
  let sum = 0;
  for (const { asked, had } of classes.values()) sum += line(Math.trunc((asked * 100) / had));
  return Math.round(sum / classes.size);
}
