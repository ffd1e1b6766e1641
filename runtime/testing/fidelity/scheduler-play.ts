import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Service,
} from '../../../generated/core/v1/types.ts';
import type { CSINode, StorageClass } from '../../../generated/storage/v1/types.ts';
import { Random } from '../../base/index.ts';
import { mergePatch } from '../../meta/index.ts';
import {
  createView,
  type DisruptionBudgetObject,
  placementOf,
  type SchedulerConfig,
  type SchedulingView,
  scoreTable,
} from '../../scheduler/index.ts';
import { admitted, type PriorityClass, type RuntimeClass } from './scheduler-admission.ts';

export interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A pod to schedule, or a change. */
export type Step =
  | KubeObject
  | { readonly create: KubeObject }
  | { readonly delete: KubeObject }
  | { readonly merge: KubeObject; readonly with: object }
  | { readonly settle: readonly string[] }
  | { readonly sleep: number };

export interface PodOutcome {
  readonly node?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly nominatedNodeName?: string;
  readonly gone?: true;
}

interface Scored {
  readonly pod: string;
  readonly table: ReturnType<typeof scoreTable>;
}

const PREEMPTED = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' };
const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' };

/** A cluster in which nothing runs but the scheduler and, as far as volumes need it, their controller. */
export class Play {
  readonly #config: SchedulerConfig;
  readonly #profile: string | undefined;
  readonly #random = Random.seeded(1);
  readonly #cursor = { start: 0 };
  #objects: readonly KubeObject[];
  /** Pods that were to be scheduled, with the last and the first thing that came of it. */
  readonly #last = new Map<string, PodOutcome>();
  readonly #first = new Map<string, PodOutcome>();

  constructor(
    objects: readonly KubeObject[],
    config: SchedulerConfig,
    profile: string | undefined,
  ) {
    this.#config = config;
    this.#profile = profile;
    this.#objects = objects;
    this.#objects = objects.map((each) => (each.kind === 'Pod' ? this.#admit(each) : each));
    this.#objects = this.#objects.map((each) => this.#prebound(each));
  }

  /** Does a step; a pod that is scheduled gives its scores. */
  step(step: Step): Scored | undefined {
    if ('kind' in step && step.kind === 'Pod') {
      const pod = this.#admit(step, this.#profile) as unknown as Pod;
      this.#objects = [...this.#objects, pod as unknown as KubeObject];
      const { schedulerName = 'default-scheduler' } = pod.spec ?? {};
      const view = this.#view();
      if (!view.runners.has(schedulerName)) return undefined;
      const table = scoreTable(pod, view);
      this.#schedule(pod);
      return { pod: step.metadata.name, table };
    }
    if ('create' in step) this.#objects = [...this.#objects, step.create];
    if ('delete' in step) this.#remove(step.delete);
    if ('merge' in step)
      this.#replace(step.merge, (object) => mergePatch(object, step.with) as KubeObject);
    if ('create' in step || 'delete' in step || 'merge' in step) this.#retry();
    return undefined;
  }

  outcome(name: string): PodOutcome {
    const pod = this.#pods().find(({ metadata }) => metadata.name === name);
    if (!pod) return { gone: true };
    if (pod.spec?.nodeName) return { node: pod.spec.nodeName };
    return this.#last.get(name) ?? {};
  }

  first(name: string): PodOutcome {
    return this.#first.get(name) ?? {};
  }

  /** Pods that preemption marked. */
  victims(): string[] {
    return this.#pods()
      .filter(({ status }) => status?.conditions?.some(({ reason }) => reason === PREEMPTED.reason))
      .map(({ metadata }) => metadata.name ?? '')
      .sort();
  }

  removeVictims(): void {
    const victims = new Set(this.victims());
    this.#objects = this.#objects.filter(
      ({ kind, metadata }) => kind !== 'Pod' || !victims.has(metadata.name),
    );
    if (victims.size > 0) this.#retry();
  }

  claims(names: readonly string[]): object {
    return Object.fromEntries(
      names.map((name) => {
        const claim = this.#of<PersistentVolumeClaim>('PersistentVolumeClaim').find(
          ({ metadata }) => metadata.name === name,
        );
        const { annotations = {} } = claim?.metadata ?? {};
        return [
          name,
          {
            phase: claim?.status?.phase ?? 'Pending',
            volumeName: claim?.spec?.volumeName ?? null,
            selectedNode: annotations['volume.kubernetes.io/selected-node'] ?? null,
          },
        ];
      }),
    );
  }

  #schedule(pod: Pod): void {
    const name = pod.metadata?.name ?? '';
    const placement = placementOf(pod, this.#view(), {
      cursor: this.#cursor,
      random: this.#random,
    });
    const { node, claims, victims = [], ...rest } = placement;
    if (node !== undefined) {
      this.#bindClaims(claims ?? {}, node);
      const waits = Object.values(claims ?? {}).some(({ volume }) => volume === undefined);
      if (!waits)
        this.#replace(pod as unknown as KubeObject, (object) =>
          merged(object, { spec: { nodeName: node }, status: { nominatedNodeName: null } }),
        );
      return;
    }
    this.#last.set(name, rest);
    if (!this.#first.has(name)) this.#first.set(name, rest);
    const { nominatedNodeName } = rest;
    if (nominatedNodeName)
      this.#replace(pod as unknown as KubeObject, (object) =>
        merged(object, { status: { nominatedNodeName } }),
      );
    for (const victim of victims) this.#preempt(victim);
  }

  /** A victim with a grace period stays, terminating; one without is gone at once. */
  #preempt(name: string): void {
    const victim = this.#pods().find(({ metadata }) => metadata.name === name)!;
    const object = victim as unknown as KubeObject;
    const marks = {
      metadata: { deletionTimestamp: '2024-01-01T00:00:00Z' },
      status: { conditions: [PREEMPTED] },
    };
    if (victim.spec?.terminationGracePeriodSeconds === 0) this.#remove(object);
    else this.#replace(object, (each) => merged(each, marks));
  }

  #retry(): void {
    const waiting = this.#pods().filter(
      ({ spec, metadata }) => !spec?.nodeName && this.#last.has(metadata.name ?? ''),
    );
    for (const pod of waiting) this.#schedule(pod);
  }

  #bindClaims(claims: Readonly<Record<string, { readonly volume?: string }>>, node: string): void {
    for (const [name, { volume }] of Object.entries(claims)) {
      const claim = this.#objects.find(
        ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === name,
      )!;
      const annotations = volume ? BOUND : { 'volume.kubernetes.io/selected-node': node };
      const bound = volume ? { spec: { volumeName: volume }, status: { phase: 'Bound' } } : {};
      this.#replace(claim, (each) => merged(each, { metadata: { annotations }, ...bound }));
    }
  }

  /** What the volume controller has done before the first pod comes. */
  #prebound(object: KubeObject): KubeObject {
    if (object.kind === 'PersistentVolume') {
      const { spec } = object as unknown as PersistentVolume;
      return merged(object, { status: { phase: spec?.claimRef ? 'Bound' : 'Available' } });
    }
    if (object.kind !== 'PersistentVolumeClaim') return object;
    const { spec } = object as unknown as PersistentVolumeClaim;
    if (!spec?.volumeName) return merged(object, { status: { phase: 'Pending' } });
    const exists = this.#of<PersistentVolume>('PersistentVolume').some(
      ({ metadata }) => metadata.name === spec.volumeName,
    );
    const phase = exists ? 'Bound' : 'Lost';
    return merged(object, { metadata: { annotations: BOUND }, status: { phase } });
  }

  #admit(object: KubeObject, profile?: string): KubeObject {
    const pod = admitted(object as unknown as Pod, {
      runtimeClasses: this.#of<RuntimeClass>('RuntimeClass'),
      priorityClasses: this.#of<PriorityClass>('PriorityClass'),
    });
    const named = profile === undefined || pod.spec?.schedulerName;
    const spec = named ? pod.spec : { ...pod.spec, schedulerName: profile };
    return { ...pod, spec } as unknown as KubeObject;
  }

  #of<T>(kind: string): T[] {
    return this.#objects.filter((object) => object.kind === kind) as unknown as T[];
  }

  #pods(): Pod[] {
    return this.#of<Pod>('Pod');
  }

  #remove(object: KubeObject): void {
    this.#objects = this.#objects.filter((each) => !isSame(each, object));
  }

  #replace(object: KubeObject, change: (object: KubeObject) => KubeObject): void {
    this.#objects = this.#objects.map((each) => (isSame(each, object) ? change(each) : each));
  }

  #view(): SchedulingView {
    return createView(
      {
        nodes: this.#of<Node>('Node'),
        pods: this.#pods(),
        services: this.#of<Service>('Service'),
        replicaSets: this.#of<ReplicaSet>('ReplicaSet'),
        namespaces: this.#of<Namespace>('Namespace'),
        budgets: this.#of<DisruptionBudgetObject>('PodDisruptionBudget'),
        storage: {
          claims: this.#of<PersistentVolumeClaim>('PersistentVolumeClaim'),
          volumes: this.#of<PersistentVolume>('PersistentVolume'),
          storageClasses: this.#of<StorageClass>('StorageClass'),
          csiNodes: this.#of<CSINode>('CSINode'),
        },
      },
      this.#config,
    );
  }
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return (
    a.kind === b.kind &&
    a.metadata.name === b.metadata.name &&
    (a.metadata.namespace ?? 'default') === (b.metadata.namespace ?? 'default')
  );
}

function merged(object: KubeObject, patch: object): KubeObject {
  return mergePatch(object, patch) as KubeObject;
}
