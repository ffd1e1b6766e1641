import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import { formatTime, jsonEqual, ownerReference } from '../../meta/index.ts';
import { type DeploymentActions, decide } from './decide.ts';
import { REVISION } from './revision.ts';

export interface Shape {
  readonly replicas?: number;
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
  readonly image?: string;
  readonly spec?: Partial<NonNullable<Deployment['spec']>>;
}

export function deploymentOf(shape: Shape = {}): Deployment {
  const { replicas = 3, maxSurge = '25%', maxUnavailable = '25%', image = 'app:1', spec } = shape;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-web', generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
      template: templateOf(image),
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
    },
  };
}

export function templateOf(image: string): NonNullable<Deployment['spec']>['template'] {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } };
}

/** A Deployment and its ReplicaSets as an API server would keep them; pods are numbers in the ReplicaSets' statuses. */
export class FakeRollout {
  deployment: Deployment;
  sets: ReplicaSet[] = [];
  nowMs = VIRTUAL_EPOCH_MS;
  readonly scalings: string[] = [];
  /** Whether pods that were told to go are still there. */
  lingering = false;
  #made = 0;

  constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  /** One reconcile: decides and stores. */
  step(): DeploymentActions {
    const actions = decide({
      deployment: this.deployment,
      replicaSets: this.sets,
      hasPods: () => this.lingering,
      nowMs: this.nowMs,
    });
    const { create, updates, remove, scalings, status, revision } = actions;
    if (create) this.sets = [...this.sets, this.#stored(create)];
    this.sets = this.sets
      .filter((each) => !remove.includes(each))
      .map((each) => updates.find(({ metadata }) => metadata.uid === each.metadata.uid) ?? each)
      .map((each) => (updates.includes(each) ? nextGeneration(each) : each));
    for (const { set, from, to } of scalings) this.scalings.push(`${set} ${from}->${to}`);
    const { metadata } = this.deployment;
    const annotations = {
      ...metadata.annotations,
      ...(revision ? { [REVISION]: revision } : {}),
    };
    this.deployment = { ...this.deployment, metadata: { ...metadata, annotations }, status };
    return actions;
  }

  /** Reconciles, and lets all pods be made and become available, until nothing moves. */
  finish(): void {
    for (let at = 0; at < 200; at++) {
      const { status } = this.deployment;
      this.step();
      const { sets } = this;
      for (const { metadata } of sets) this.run(metadata.name ?? '', Number.POSITIVE_INFINITY);
      const isStill = this.sets.every((each, index) => each === sets[index]);
      if (isStill && this.deployment.status === status) return;
    }
    throw new Error('the rollout does not come to rest');
  }

  /** The set's controller makes its pods what the spec says, of which at most `available` are available. */
  run(name: string, available: number): void {
    this.sets = this.sets.map((set) => {
      if (set.metadata.name !== name) return set;
      const replicas = set.spec?.replicas ?? 0;
      const count = Math.min(available, replicas);
      const status = {
        replicas,
        readyReplicas: count,
        availableReplicas: count,
        terminatingReplicas: 0,
        observedGeneration: set.metadata.generation ?? 0,
      };
      return jsonEqual(set.status, status) ? set : { ...set, status };
    });
  }

  change(spec: Partial<NonNullable<Deployment['spec']>>): void {
    const { metadata } = this.deployment;
    this.deployment = {
      ...this.deployment,
      metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 },
      spec: { ...this.deployment.spec!, ...spec },
    };
  }

  set(image: string): ReplicaSet {
    const found = this.sets.find(
      ({ spec }) => spec?.template?.spec?.containers[0]?.image === image,
    );
    if (!found) throw new Error(`no ReplicaSet runs ${image}`);
    return found;
  }

  size(image: string): number {
    return this.set(image).spec?.replicas ?? 0;
  }

  progressing(): string | undefined {
    return this.deployment.status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;
  }

  #stored(set: ReplicaSet): ReplicaSet {
    const uid = `uid-${++this.#made}`;
    const creationTimestamp = formatTime(this.nowMs + this.#made * 1000);
    const metadata = { ...set.metadata, uid, creationTimestamp, generation: 1 };
    return {
      ...set,
      metadata: { ...metadata, ownerReferences: [ownerReference(this.deployment)] },
    };
  }
}

function nextGeneration(set: ReplicaSet): ReplicaSet {
  const generation = (set.metadata.generation ?? 0) + 1;
  return { ...set, metadata: { ...set.metadata, generation } };
}
