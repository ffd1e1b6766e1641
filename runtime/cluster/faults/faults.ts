import { faults as faultResources } from '../../../generated/cluster/v1/resources.ts';
import type { Fault, FaultSpec } from '../../../generated/cluster/v1/types.ts';
import type { Random } from '../../base/index.ts';
import type {
  Component,
  ComponentContext,
  FaultState,
  Subscription,
  Transport,
} from '../../client/index.ts';
import { jsonEqual, parseTime, type WatchEvent } from '../../meta/index.ts';
import type { Nodes } from '../../node/index.ts';
import type { Journal } from '../../trace/index.ts';
import { checkComponent } from './components.ts';
import { Entries } from './entries.ts';
import { FaultError } from './form.ts';
import { Gate } from './gate.ts';
import { interceptor } from './intercept.ts';
import type { World } from './kind.ts';
import { LateWatches } from './late-watches.ts';
import { type Entry, type FaultsState, newEntry } from './state.ts';
import { parseFault } from './text.ts';

/** What faults need of the cluster that they are in. */
export interface Surroundings {
  readonly transport: Transport;
  readonly journal: Journal;
  now(): number;
  /** The stream of randomness of one fault. */
  stream(name: string): Random;
  /** Names of the components that may be hit. */
  components(): readonly string[];
  nodes(): Nodes | undefined;
  restart(component: string): void;
  /** Takes a component off the loop. */
  stop(component: string): void;
  jump(ms: number): void;
}

/** The faults of one cluster: those to come, those under way, and what they do. One of its components. */
export class Faults implements Component {
  readonly name = 'faults';
  readonly gate: Gate;
  readonly #around: Surroundings;
  readonly #entries: Entries;
  readonly #dead = new Map<string, string>();
  readonly #inherited: FaultsState | undefined;
  #nextId: number;
  #context!: ComponentContext;
  #watches!: LateWatches;
  #objects: Subscription<Fault> | undefined;
  /** Entries whose time has come, and components that are to start anew at the end of this moment. */
  #due: { readonly id: string; readonly what: 'begin' | 'end' | 'quiet' }[] = [];
  #restarts: string[] = [];

  constructor(around: Surroundings, inherited?: FaultsState) {
    this.#around = around;
    this.#inherited = inherited;
    this.gate = new Gate(around.transport);
    this.#nextId = inherited?.nextId ?? 1;
    this.#entries = new Entries(inherited?.entries);
    for (const [name, id] of inherited?.dead ?? []) this.#dead.set(name, id);
  }

  /** The transport of a component, through which faults reach it. */
  transportFor(component: string): Transport {
    return this.gate.transportFor(component, this.#inherited?.views ?? new Map());
  }

  /** Wires it in as a component, once the others are there. */
  attach(context: ComponentContext): this {
    this.#context = context;
    this.#watches = new LateWatches({
      entries: this.#entries,
      gate: this.gate,
      now: () => this.#around.now(),
      pace: context.pace,
      strike: (entry, what, detail) => this.#strike(entry, what, detail),
    });
    return this;
  }

  start(): void {
    const { transport, pace } = this.#context;
    this.#objects = transport.subscribe(faultResources, {
      notify: () => pace.ready(),
      initial: this.#inherited === undefined,
    });
    this.#watches.refocus(this.#inherited?.views);
    this.#arm();
    for (const name of this.#dead.keys()) this.#around.stop(name);
    pace.ready();
  }

  /**
   * Gives the cluster a fault, whose `at` counts from now; without one it begins at once. To be called between two units of work.
   * Throws a `FaultError` when it is written wrong, or names a component that there is not.
   */
  inject(
    fault: string | FaultSpec,
    given?: { readonly id: string; readonly fromMs: number },
  ): FaultState {
    const spec = typeof fault === 'string' ? parseFault(fault) : fault;
    const id = given?.id ?? `#${this.#nextId++}`;
    const fromMs = given?.fromMs ?? this.#around.now();
    const entry = newEntry(id, spec, fromMs, (name) => this.#around.stream(name));
    checkComponent(entry, this.#around.components());
    this.#entries.put(entry);
    if (entry.beginMs <= this.#around.now()) this.#begin(entry);
    else this.#context.pace.setTimer(`begin/${id}`, entry.beginMs, 'work');
    return this.#entries.get(id)!;
  }

  /** Ends a fault, or takes back one that is to come. False when there is none of that id, or it has ended. */
  heal(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry || entry.phase === 'ended') return false;
    this.#context.pace.clearTimer(`begin/${id}`);
    this.#context.pace.clearTimer(`end/${id}`);
    if (entry.phase === 'active') this.#end(entry);
    else this.#entries.put({ ...entry, phase: 'ended', quietMs: 0 });
    this.#context.pace.ready();
    return true;
  }

  /** In the order in which they were given. */
  list(): readonly FaultState[] {
    return this.#entries.all();
  }

  /** Nodes that a fault reached as it began; undefined where it is not about nodes or has not begun. */
  reach(id: string): number | undefined {
    return this.#entries.get(id)?.reach;
  }

  /** Something is to come of itself: a fault, the end of one, its late effects, a change that somebody does not see yet. */
  get isBusy(): boolean {
    const isBusy = this.#entries.isBusy(this.#around.now());
    return isBusy || this.gate.heldCount > 0 || this.#restarts.length > 0;
  }

  /** When the last fault that is known will have had its effects; 0 without any. */
  get quietMs(): number {
    return this.#entries.quietMs;
  }

  /** How late, at most, what a component saw until now may have been. */
  lateness(component: string): number {
    return this.#watches.lateness(component);
  }

  /** A component is to start anew: what it read and that it was dead is over. */
  revive(component: string): void {
    this.#dead.delete(component);
    this.gate.forget(component);
  }

  /** After a component was made: what it reads may have to be late. */
  revived(): void {
    this.#watches.refocus();
    this.#arm();
  }

  get depth(): number {
    return this.#due.length;
  }

  onTimer(key: string): void {
    const slash = key.indexOf('/');
    if (slash < 0) return;
    const what = key.slice(0, slash) as 'begin' | 'end' | 'quiet';
    this.#due.push({ id: key.slice(slash + 1), what });
  }

  step(): boolean {
    this.#readObjects();
    const restarts = this.#restarts;
    this.#restarts = [];
    for (const name of restarts) this.#around.restart(name);
    const due = this.#due.shift();
    const entry = due && this.#entries.get(due.id);
    if (entry && due.what === 'begin') this.#begin(entry);
    if (entry && due.what === 'end') this.#end(entry);
    this.#watches.release();
    return this.#due.length > 0 || this.#restarts.length > 0;
  }

  inherit(): FaultsState {
    return {
      entries: this.#entries.copied(),
      views: this.gate.views(),
      dead: new Map(this.#dead),
      nextId: this.#nextId,
    };
  }

  #begin(entry: Entry): void {
    if (entry.phase !== 'waiting') return;
    const { id, kind, value, text } = entry;
    const nowMs = this.#around.now();
    const nodes = this.#around.nodes();
    const body = kind.ailment?.(value, nowMs);
    const reach = body && nodes ? nodes.countAt(body.place) : undefined;
    const detail = { id, fault: text, ...(reach === undefined ? {} : { nodes: reach }) };
    const record = this.#around.journal.input({ component: this.name, what: 'fault', detail });
    this.#entries.put({
      ...entry,
      record,
      phase: entry.endMs === undefined && kind.momentary ? 'ended' : 'active',
      ...(reach === undefined ? {} : { reach }),
    });
    if (body) nodes?.afflict({ ...body, id, record });
    this.#watches.refocus();
    this.#arm();
    kind.begin?.(value, this.#world(id, record), entry.endMs !== undefined);
    const { pace } = this.#context;
    if (entry.endMs !== undefined) pace.setTimer(`end/${id}`, entry.endMs, 'work');
    this.#setQuiet(entry);
  }

  #end(entry: Entry): void {
    if (entry.phase !== 'active') return;
    const { id, kind, value, text } = entry;
    const nowMs = this.#around.now();
    const detail = { id, fault: text };
    const record = this.#around.journal.input({
      component: this.name,
      what: 'fault ends',
      detail,
      because: entry.record,
    });
    const quietMs = nowMs + (kind.aftermathMs ?? 0);
    const ended: Entry = { ...entry, phase: 'ended', endMs: nowMs, quietMs };
    this.#entries.put(ended);
    if (kind.ailment) this.#around.nodes()?.heal(id, record);
    this.#arm();
    kind.end?.(value, this.#world(id, record));
    this.#setQuiet(ended);
    this.#entries.forgetOld(nowMs);
  }

  /** Time must pass until the effects have come, even if nothing else waits for it. */
  #setQuiet({ id, quietMs }: Entry): void {
    if (quietMs > this.#around.now()) this.#context.pace.setTimer(`quiet/${id}`, quietMs, 'work');
  }

  #world(id: string, record: number): World {
    const { journal, restart, stop, jump } = this.#around;
    const strike = (what: string, component: string): void => {
      journal.strike({ component: this.name, what, detail: { component }, because: record });
      this.#entries.count(id);
    };
    return {
      restart: (component) => {
        strike('restart', component);
        restart(component);
      },
      revive: (component) => {
        if (!this.#dead.has(component)) return;
        strike('restart', component);
        restart(component);
      },
      kill: (component) => {
        strike('crash', component);
        this.#dead.set(component, id);
        stop(component);
        this.#arm();
      },
      jump,
    };
  }

  /** Has requests looked at while a fault may hit them, and objects blamed while faults reach them. */
  #arm(): void {
    const active = this.#entries.active();
    const hits = active.some(
      ({ kind, value }) => kind.refuse || (kind.fatalWrite?.(value) ?? 0) > 0,
    );
    this.gate.intercept =
      hits || this.#dead.size > 0
        ? interceptor({
            active,
            dead: this.#dead,
            isComponent: (name) => name === 'kubelet' || this.#around.components().includes(name),
            count: (id) => this.#entries.count(id),
            strike: (entry, what, detail) => this.#strike(entry, what, detail),
            die: (component, entry) => this.#die(component, entry),
          })
        : undefined;
    const reaching = active.some(({ kind }) => kind.ailment !== undefined);
    const nodes = this.#around.nodes();
    this.#around.journal.blame =
      reaching && nodes
        ? (resource, key) => (resource === 'nodes' ? nodes.blame(key) : undefined)
        : undefined;
  }

  #strike({ record }: Entry, what: string, detail: unknown): number {
    const { journal } = this.#around;
    return journal.strike({ component: this.name, what, detail, because: record });
  }

  /** In the middle of a component's work: it is answered nothing from now on, and starts anew when it lets go. */
  #die(component: string, entry: Entry): void {
    this.#dead.set(component, entry.id);
    if (entry.endMs === undefined) {
      this.#restarts.push(component);
      this.#entries.put({ ...this.#entries.get(entry.id)!, phase: 'ended' });
    } else this.#around.stop(component);
    this.#context.pace.ready();
  }

  #readObjects(): void {
    for (let event = this.#objects?.next(); event; event = this.#objects?.next())
      this.#noteObject(event);
  }

  /** Fault objects are faults; an edited one is another. */
  #noteObject({ type, object, previous }: WatchEvent<Fault>): void {
    const id = object.metadata.name ?? '';
    const spec = object.spec ?? {};
    if (type === 'MODIFIED' && previous && jsonEqual(previous.spec, spec)) return;
    if (type !== 'ADDED') this.heal(id);
    if (type === 'DELETED') return;
    const made = parseTime(object.metadata.creationTimestamp);
    const fromMs = Number.isNaN(made) ? this.#around.now() : made;
    try {
      this.inject(spec, { id, fromMs });
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      const detail = { id, problem: error.message };
      this.#around.journal.input({ component: this.name, what: 'fault refused', detail });
    }
  }
}
