import type { Lease } from '../../../generated/coordination/v1/types.ts';
import { nodes } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import type { Lister, ReconcileContext, ReconcileResult } from '../../client/index.ts';
import { isApiError, type KubeObject } from '../../meta/index.ts';
import { gridAfter } from '../grid.ts';
import { readyStatus, staleAtMs, unknownConditions } from './health.ts';
import { markPodsNotReady } from './mark-pods.ts';
import type { Settings } from './settings.ts';
import type { LifecycleState } from './state.ts';
import { evictingTaint, hasEvictingTaint, withEvictingTaint, withTaints } from './taints.ts';
import { assessZones, isCounted, newZone, spend, type Zone, zoneKey } from './zones.ts';

/** What a pass reads. */
export interface MonitorView {
  readonly state: LifecycleState;
  readonly settings: Settings;
  readonly nodes: Lister<Node>;
  lease(node: string): Lease | undefined;
  podsOn(node: string): readonly Pod[];
}

/** What a pass did, for the journal. */
interface Report {
  readonly silent: string[];
  readonly tainted: string[];
  zones?: 'stopped' | 'resumed';
}

/** One look at the nodes that are due, then at the zones, then at the queues of nodes to taint. */
export class MonitorPass {
  readonly #view: MonitorView;
  readonly #context: ReconcileContext;
  readonly #nowMs: number;
  readonly #report: Report = { silent: [], tainted: [] };

  constructor(view: MonitorView, context: ReconcileContext) {
    this.#view = view;
    this.#context = context;
    this.#nowMs = context.now();
  }

  async run(): Promise<ReconcileResult> {
    const { state } = this.#view;
    const due = state.takeDue(this.#nowMs);
    for (const name of due) await this.#tryObserve(name);
    if (due.length > 0) await this.#assess();
    const nextTaintMs = await this.#taintWaiting();
    const { silent, tainted, zones } = this.#report;
    const isNews = silent.length > 0 || tainted.length > 0 || zones !== undefined;
    return { ...this.#requeue(nextTaintMs), ...(isNews ? { decision: this.#report } : {}) };
  }

  #requeue(nextTaintMs: number | undefined): ReconcileResult {
    const due = this.#view.state.nextDue();
    const atMs = Math.min(
      due?.atMs ?? Number.POSITIVE_INFINITY,
      nextTaintMs ?? Number.POSITIVE_INFINITY,
    );
    if (atMs === Number.POSITIVE_INFINITY) return {};
    const periodic = nextTaintMs === undefined && !due?.urgent;
    return { requeueAfterMs: atMs - this.#nowMs, periodic };
  }

  /** A node that cannot be written is looked at again at the next moment of the grid. */
  async #tryObserve(name: string): Promise<void> {
    try {
      await this.#observe(name);
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.#lookAgain(name, true);
    }
  }

  async #observe(name: string): Promise<void> {
    const { state, settings } = this.#view;
    const node = this.#view.nodes.byKey(name);
    const record = state.nodes.get(name);
    if (record && record.uid !== node?.metadata.uid) this.#remove(name, record.uid);
    if (!node) return;
    const isNew = !state.nodes.has(name);
    if (isNew)
      this.#tell(
        name,
        node.metadata.uid,
        'RegisteredNode',
        `Node ${name} event: Registered Node ${name} in Controller`,
      );
    const before = readyStatus(node);
    const lease = this.#view.lease(name);
    const grid = { ...this.#grid(), floorMs: state.floorMs };
    const staleMs = staleAtMs(node, lease, settings, grid, this.#nowMs);
    const isStale = staleMs <= this.#nowMs;
    const live = isStale ? await this.#makeUnknown(node) : node;
    const now = readyStatus(live);
    this.#record(live, now === 'True');
    if (now !== undefined) await this.#settleTaint(live, before ?? 'Unknown');
    if (before === 'True' && now !== 'True') await this.#fellSilent(live);
    if (before !== now) this.#lookAgain(name, true);
    else if (!isStale) state.schedule(name, staleMs, false);
  }

  async #makeUnknown(node: Node): Promise<Node> {
    const conditions = unknownConditions(node, this.#nowMs);
    if (conditions === node.status?.conditions) return node;
    const status = { ...node.status, conditions };
    return this.#context.client.updateStatus(nodes, { ...node, status });
  }

  async #fellSilent(node: Node): Promise<void> {
    const { name = '', uid } = node.metadata;
    this.#report.silent.push(name);
    this.#tell(name, uid, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    await markPodsNotReady(this.#view.podsOn(name), this.#context);
  }

  /** As the Ready condition was before this look: a ready node loses the taint, another waits for one. */
  async #settleTaint(
    node: Node,
    status: NonNullable<ReturnType<typeof readyStatus>>,
  ): Promise<void> {
    const { state } = this.#view;
    const { name = '' } = node.metadata;
    const wanted = evictingTaint(status);
    if (wanted === undefined || hasEvictingTaint(node)) {
      state.dequeue(name);
      await this.#writeTaint(node, wanted);
      return;
    }
    state.enqueue(zoneKey(node), name, this.#nowMs);
  }

  async #writeTaint(node: Node, key: string | undefined): Promise<void> {
    const taints = withEvictingTaint(node, key, this.#nowMs);
    if (taints === node.spec?.taints || (taints.length === 0 && !node.spec?.taints)) return;
    await this.#context.client.update(nodes, withTaints(node, taints));
  }

  /** Judges the zones. When none is left, evictions stop and their taints go; when one comes back, silence counts anew. */
  async #assess(): Promise<void> {
    const { state, settings } = this.#view;
    const zones = [...state.zones.entries()];
    const peopled = zones.filter(([, { ready, unready }]) => ready + unready > 0);
    for (const [key] of zones) if (!peopled.some(([each]) => each === key)) state.zones.delete(key);
    const { change, zones: changed } = assessZones(peopled, settings, this.#nowMs);
    for (const [key, zone] of changed) state.zones.set(key, zone);
    if (change === 'none') return;
    this.#report.zones = change;
    if (change === 'resumed') state.floorMs = this.#nowMs;
    for (const [name, { ready }] of [...state.nodes.entries()]) {
      if (ready) continue;
      if (change === 'stopped') await this.#clearTaint(name);
      this.#lookAgain(name, change === 'resumed');
    }
  }

  async #clearTaint(name: string): Promise<void> {
    this.#view.state.dequeue(name);
    const node = this.#view.nodes.byKey(name);
    if (node) await this.#writeTaint(node, undefined);
  }

  /** Gives out the taints that the zones' rates allow by now; returns when the next one is allowed. */
  async #taintWaiting(): Promise<number | undefined> {
    const { state } = this.#view;
    let nextMs: number | undefined;
    for (const [key, zone] of [...state.zones.entries()]) {
      const left = zone.rate > 0 ? await this.#taintZone(key, zone) : undefined;
      if (left !== undefined && (nextMs === undefined || left < nextMs)) nextMs = left;
    }
    return nextMs;
  }

  async #taintZone(key: string, from: Zone): Promise<number | undefined> {
    const { state } = this.#view;
    let zone = from;
    for (;;) {
      const name = state.firstWaiting(key);
      if (name === undefined) return undefined;
      if (zone.freeAtMs > this.#nowMs) return zone.freeAtMs;
      state.dequeue(name);
      zone = spend(zone, this.#nowMs);
      state.zones.set(key, zone);
      await this.#taint(name);
    }
  }

  async #taint(name: string): Promise<void> {
    const node = this.#view.nodes.byKey(name);
    const status = node && readyStatus(node);
    if (!node || status === undefined || status === 'True') return;
    try {
      await this.#writeTaint(node, evictingTaint(status));
      this.#report.tainted.push(name);
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.#lookAgain(name, true);
    }
  }

  #remove(name: string, uid: string): void {
    const { state, settings } = this.#view;
    this.#tell(
      name,
      uid,
      'RemovingNode',
      `Node ${name} event: Removing Node ${name} from Controller`,
    );
    state.dequeue(name);
    state.record(name, undefined, newZone(settings));
  }

  #record(node: Node, ready: boolean): void {
    const { state, settings } = this.#view;
    const { name = '', uid = '' } = node.metadata;
    const zone = zoneKey(node);
    const before = state.nodes.get(name);
    if (before && before.zone !== zone) state.dequeue(name);
    state.record(name, { uid, zone, ready, counted: isCounted(node) }, newZone(settings));
  }

  #lookAgain(name: string, urgent: boolean): void {
    this.#view.state.schedule(name, gridAfter(this.#grid(), this.#nowMs), urgent);
  }

  #grid(): { startMs: number; periodMs: number } {
    const { state, settings } = this.#view;
    return { startMs: state.startMs, periodMs: settings.periodMs };
  }

  #tell(name: string, uid: string | undefined, reason: string, message: string): void {
    const about: KubeObject = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, ...(uid ? { uid } : {}) },
    };
    this.#context.events.event(about, 'Normal', reason, message);
  }
}
