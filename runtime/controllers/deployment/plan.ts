import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { buildNewSet, replicasOf, splitByTemplate, totalHeld } from './replica-sets.ts';
import { newSetAnnotations, nextRevision, withReplicas } from './revision.ts';
import { isRollingUpdate, maxReplicas, wantedReplicas } from './strategy.ts';

/** One change of size, as the event tells it. */
export interface Scaling {
  readonly set: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The ReplicaSets of a Deployment while it is being decided what becomes of them: each step replaces values, and what
 * differs from the start in the end is to be written. Lives within one decision.
 */
export class RolloutPlan {
  readonly deployment: Deployment;
  /** The one that has the Deployment's template, once there is one. */
  newSet: ReplicaSet | undefined;
  /** The others, oldest first. */
  oldSets: ReplicaSet[];
  /** Set when `newSet` does not exist yet. */
  creates = false;
  readonly scalings: Scaling[] = [];
  readonly remove: ReplicaSet[] = [];
  readonly #before: ReadonlySet<ReplicaSet>;

  constructor(deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.deployment = deployment;
    this.#before = new Set(sets);
    const { newSet, oldSets } = splitByTemplate(deployment, sets);
    this.newSet = newSet && synchronised(deployment, newSet, nextRevision(oldSets));
    this.oldSets = oldSets;
  }

  get all(): readonly ReplicaSet[] {
    return this.newSet ? [...this.oldSets, this.newSet] : this.oldSets;
  }

  /** What is to be written, apart from a set to create. */
  get updates(): readonly ReplicaSet[] {
    const existing = this.creates ? this.oldSets : this.all;
    return existing.filter((each) => !this.#before.has(each));
  }

  /** Plans the ReplicaSet for the template, as large as surge allows. */
  create(): void {
    const room = maxReplicas(this.deployment) - totalHeld(this.oldSets);
    const wanted = wantedReplicas(this.deployment);
    const replicas = isRollingUpdate(this.deployment)
      ? Math.max(0, Math.min(room, wanted))
      : wanted;
    this.newSet = buildNewSet(this.deployment, replicas, nextRevision(this.oldSets));
    this.creates = true;
    if (replicas > 0)
      this.scalings.push({ set: this.newSet.metadata.name ?? '', from: 0, to: replicas });
  }

  /** Resizes `set`, unless it has that size. */
  resize(set: ReplicaSet, to: number): boolean {
    if (replicasOf(set) === to) return false;
    this.resizeAndNote(set, to);
    return true;
  }

  /** Also notes the Deployment's size on the set when the set's own stays. */
  resizeAndNote(set: ReplicaSet, to: number): void {
    const from = replicasOf(set);
    const before = set.metadata.annotations ?? {};
    const annotations = withReplicas(before, this.deployment);
    if (from === to && annotations === before) return;
    const metadata = { ...set.metadata, annotations };
    this.#replace(set, { ...set, metadata, spec: { ...set.spec!, replicas: to } });
    if (from !== to) this.scalings.push({ set: set.metadata.name ?? '', from, to });
  }

  #replace(before: ReplicaSet, after: ReplicaSet): void {
    if (before === this.newSet) this.newSet = after;
    else this.oldSets = this.oldSets.map((each) => (each === before ? after : each));
  }
}

/** The existing ReplicaSet for the template, with what it takes over from the Deployment. */
function synchronised(deployment: Deployment, set: ReplicaSet, revision: bigint): ReplicaSet {
  const before = set.metadata.annotations ?? {};
  const annotations = newSetAnnotations(deployment, before, revision);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const { minReadySeconds: minReadyBefore = 0, ...spec } = set.spec!;
  if (annotations === before && minReadySeconds === minReadyBefore) return set;
  return {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: minReadySeconds > 0 ? { ...spec, minReadySeconds } : spec,
  };
}
