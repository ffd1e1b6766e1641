import type { Cluster } from '../../../cluster/index.ts';
import { isConditionTrue, type KubeObject, valueAt } from '../../../meta/index.ts';
import { type Case, NAMESPACE, type Observed, type Step, type Until } from './cases.ts';
import { Desk } from './desk.ts';
import { Simulation } from './simulation.ts';
import { eventsOf, GENERAL_NODES, Masks, snapshotOf } from './snapshot.ts';

/** How often nodes act and conditions are looked at. */
const TICK_MS = 50;
const UNTIL_MS = 60_000;
const SNAP_MS = 900;
const START_MS = 3000;

/** The manager's flags at the recording. */
const MANAGER = {
  nodeMonitorPeriod: '1s',
  nodeMonitorGracePeriod: '6s',
  nodeStartupGracePeriod: '6s',
  nodeEvictionRate: 5,
};

export interface Outcome {
  readonly snapshots: Readonly<Record<string, Readonly<Record<string, object[]>>>>;
  readonly events: ReturnType<typeof eventsOf>;
  readonly results: readonly object[];
  readonly observed: Observed;
  /** The wait that never ended, if one did not. */
  readonly stuckAt?: Until;
}

/** Plays one case on a cluster of its own. */
export class Player {
  readonly #cluster: Cluster;
  readonly #desk: Desk;
  readonly #nodes: Simulation;
  readonly #masks = new Masks();
  readonly #snapshots: Record<string, Record<string, object[]>> = {};
  readonly #results: object[] = [];
  #tracking = false;
  #extremes = {
    maxWanted: 0,
    maxPods: 0,
    maxWithTerminating: 0,
    minReady: Number.POSITIVE_INFINITY,
  };

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#desk = new Desk(cluster, NAMESPACE);
    this.#nodes = new Simulation(cluster, this.#desk);
  }

  async play({ inputs }: Case): Promise<Outcome> {
    await this.#prepare();
    let stuckAt: Until | undefined;
    for (const step of inputs.steps) {
      if (step.until && !(await this.#until(step.until))) {
        stuckAt = step.until;
        break;
      }
      await this.#do(step);
    }
    this.#masks.learn(this.#desk);
    const { maxWanted, ...pods } = this.#extremes;
    const twice = Object.fromEntries(
      Object.entries(pods).map(([key, value]) => [key, [value, value]]),
    );
    return {
      snapshots: this.#snapshots,
      events: eventsOf(this.#desk, this.#masks),
      results: this.#results,
      observed: { maxWanted, ...twice },
      ...(stuckAt ? { stuckAt } : {}),
    };
  }

  async #prepare(): Promise<void> {
    const { ref } = this.#cluster.kinds.find((each) => each.ref.kind === 'Cluster')!;
    const apiVersion = `${ref.group}/${ref.version}`;
    const settings = { spec: { controllerManager: MANAGER } };
    await this.#desk.create({
      apiVersion,
      kind: 'Cluster',
      metadata: { name: 'recorded' },
      ...settings,
    });
    await this.#desk.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    for (const name of GENERAL_NODES) await this.#nodes.join({ name });
    await this.#pass(START_MS);
  }

  async #pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += TICK_MS) await this.#tick();
  }

  async #tick(): Promise<void> {
    await this.#cluster.advance(TICK_MS);
    await this.#nodes.tick();
    await this.#cluster.drain();
    this.#masks.learn(this.#desk);
    if (this.#tracking) this.#track();
  }

  async #until(until: Until): Promise<boolean> {
    for (let waited = 0; waited < (until.timeout ?? UNTIL_MS); waited += TICK_MS) {
      if (this.#holds(until)) return true;
      await this.#tick();
    }
    return false;
  }

  #holds({ gone, exists, count, of = '', ...asked }: Until): boolean {
    if (gone !== undefined) return this.#desk.find(gone) === undefined;
    if (exists !== undefined) return this.#desk.find(exists) !== undefined;
    if (count !== undefined) return this.#count(count, asked) === asked.is;
    const object = this.#desk.find(of);
    if (!object) return false;
    if (asked.condition) {
      const [type, status] = asked.condition;
      const conditions = (valueAt(object, 'status.conditions') ?? []) as {
        type: string;
        status: string;
      }[];
      return conditions.some((each) => each.type === type && each.status === status);
    }
    if (asked.taint !== undefined) {
      const taints = (valueAt(object, 'spec.taints') ?? []) as { key: string; effect: string }[];
      return taints.some(({ key, effect }) => `${key}:${effect}` === asked.taint) === asked.is;
    }
    const observed = valueAt(object, 'status.observedGeneration') === object.metadata.generation;
    const value = valueAt(object, asked.path ?? '') ?? (asked.is === 0 ? 0 : null);
    return value === asked.is && (!asked.observed || observed);
  }

  #count(kind: string, { ready, phase, deleting }: Until): number {
    return this.#desk.list(kind).filter((object) => {
      if (ready !== undefined && isReady(object) !== ready) return false;
      if (phase !== undefined && valueAt(object, 'status.phase') !== phase) return false;
      return (
        deleting === undefined || (object.metadata.deletionTimestamp !== undefined) === deleting
      );
    }).length;
  }

  async #do(step: Step): Promise<void> {
    if (step.create) await this.#create(step);
    else if (step.merge) await this.#desk.merge(step.merge, step.with);
    else if (step.json) await this.#desk.json(step.json, step.with);
    else if (step.mergeEach)
      for (const { metadata } of this.#desk.list(step.mergeEach).slice(0, step.first))
        await this.#desk.merge(`${step.mergeEach}/${metadata.name}`, step.with);
    else if (step.delete) await this.#desk.delete(step.delete, step.options);
    else if (step.deleteFirst) await this.#desk.delete(this.#firstOf(step.deleteFirst));
    else if (step.evict) await this.#evict(step.evict);
    else if (step.evictFirst) await this.#evict(nameOf(this.#firstOf(step.evictFirst)));
    else if (step.node) await this.#nodes.join(step.node);
    else if (step.stopNode) this.#nodes.stop(step.stopNode);
    else if (step.startNode) this.#nodes.start(step.startNode);
    else if (step.nodeCondition) await this.#nodes.report(...step.nodeCondition);
    else if (step.sleep) await this.#pass(step.sleep);
    else if (step.track) this.#tracking = step.track === 'start';
    else if (step.snap) await this.#snap(step.snap, step.kinds ?? [], step.wait);
  }

  /** `Kind/name` of the first object by name. */
  #firstOf(kind: string): string {
    return `${kind}/${this.#desk.list(kind)[0]?.metadata.name}`;
  }

  async #create({ create, expectError, as = 'create' }: Step): Promise<void> {
    const { code, object } = await this.#desk.create(create!);
    if (!expectError && code >= 400)
      throw new Error(
        `${create!.kind}/${create!.metadata.name}: ${(object as { message?: string }).message}`,
      );
    if (expectError) {
      const message = this.#masks.text((object as { message?: string }).message ?? '');
      this.#results.push({ step: as, code, ...(code >= 400 ? { message } : {}) });
    }
  }

  async #evict(pod: string): Promise<void> {
    const { code, object } = await this.#desk.evict(pod);
    await this.#cluster.drain();
    if (code < 400) {
      this.#results.push({ evict: this.#masks.text(pod), code });
      return;
    }
    const {
      reason,
      message = '',
      details,
    } = object as unknown as {
      reason?: string;
      message?: string;
      details?: { causes?: object[] };
    };
    const text = this.#masks.text(message);
    this.#results.push({
      evict: this.#masks.text(pod),
      code,
      reason,
      message: text,
      causes: details?.causes ?? [],
    });
  }

  async #snap(name: string, kinds: readonly string[], waitMs = SNAP_MS): Promise<void> {
    await this.#pass(waitMs);
    const known = kinds.filter((kind) => this.#desk.refOf(kind));
    this.#snapshots[name] = Object.fromEntries(
      known.map((kind) => [kind, snapshotOf(kind, this.#desk, this.#masks)]),
    );
  }

  #track(): void {
    const pods = this.#desk.list('Pod');
    const live = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const wanted = this.#desk
      .list('ReplicaSet')
      .reduce((sum, set) => sum + Number(valueAt(set, 'spec.replicas') ?? 0), 0);
    const { maxWanted, maxPods, maxWithTerminating, minReady } = this.#extremes;
    this.#extremes = {
      maxWanted: Math.max(maxWanted, wanted),
      maxPods: Math.max(maxPods, live.length),
      maxWithTerminating: Math.max(maxWithTerminating, pods.length),
      minReady: Math.min(minReady, live.filter(isReady).length),
    };
  }
}

const nameOf = (target: string): string => target.split('/')[1]!;

function isReady(object: KubeObject): boolean {
  return isConditionTrue(valueAt(object, 'status.conditions') as never, 'Ready');
}
