import { KeyedMap } from '../base/index.ts';
import type {
  Component,
  ComponentContext,
  ComponentFactory,
  Progress,
  Pulse,
  Subscription,
} from '../client/index.ts';
import {
  controllerOf,
  evaluateGoal,
  type KubeObject,
  keyOf,
  resourceId,
  type WatchEvent,
} from '../meta/index.ts';
import type { ServedKind } from './served.ts';

const TREND_LENGTH = 16;

interface Inherited {
  readonly roots: KeyedMap<Progress>;
  readonly behind: KeyedMap<Progress>;
  readonly beats: ReadonlyMap<string, Beats>;
}

/** How many of a kind were behind at the last moments at which that changed, oldest first. */
type Beats = readonly { readonly atMs: number; readonly behind: number }[];

const BEATS_MAX = 48;

/**
 * Knows which objects are not at their goal, by watching every kind that has one. Work per change of an object: evaluating
 * the goal of that object. Objects that a controller owns are kept only while they are behind; the others always, with
 * the trend of their distance.
 */
export class ProgressTracker implements Component {
  readonly name: string;
  readonly #context: ComponentContext;
  readonly #kinds: readonly ServedKind[];
  readonly #roots: KeyedMap<Progress>;
  readonly #behind: KeyedMap<Progress>;
  /** By resource. */
  readonly #beats: Map<string, Beats>;
  #subscriptions: { kind: ServedKind; events: Subscription<KubeObject> }[] = [];

  constructor(context: ComponentContext, kinds: readonly ServedKind[]) {
    const inherited = context.inherited as Inherited | undefined;
    this.name = context.name;
    this.#context = context;
    this.#kinds = kinds.filter(({ descriptor }) => descriptor.goal);
    this.#roots = inherited?.roots ?? new KeyedMap();
    this.#behind = inherited?.behind ?? new KeyedMap();
    this.#beats = new Map(inherited?.beats);
  }

  /** Objects that are not at their goal. */
  get behindCount(): number {
    return this.#behind.size;
  }

  /** Those behind first; then what nobody owns and is at its goal. */
  progress(): Progress[] {
    const atGoal = [...this.#roots.values()].filter((each) => each.atGoal);
    return [...this.#behind.values(), ...atGoal];
  }

  behind(): Progress[] {
    return [...this.#behind.values()];
  }

  pulses(): Pulse[] {
    return [...this.#beats].map(([resource, beats]) => {
      const trend = beats.map(({ behind }) => behind);
      return { resource, behind: trend.at(-1) ?? 0, trend };
    });
  }

  get depth(): number {
    return 0;
  }

  start(): void {
    const { transport, pace, inherited } = this.#context;
    this.#subscriptions = this.#kinds.map((kind) => ({
      kind,
      events: transport.subscribe(kind.ref, {
        notify: () => pace.ready(),
        initial: inherited === undefined,
      }),
    }));
    pace.ready();
  }

  onTimer(): void {}

  step(): boolean {
    for (const { kind, events } of this.#subscriptions)
      for (let event = events.next(); event; event = events.next()) this.#note(kind, event);
    return false;
  }

  inherit(): Inherited {
    return {
      roots: this.#roots.clone(),
      behind: this.#behind.clone(),
      beats: new Map(this.#beats),
    };
  }

  #note(kind: ServedKind, event: WatchEvent): void {
    const { object } = event;
    const id = `${resourceId(kind.ref)}/${keyOf(object)}`;
    if (event.type === 'DELETED') {
      this.#roots.delete(id);
      this.#catchUp(kind, id);
      return;
    }
    const goal = kind.descriptor.goal;
    if (!goal) return;
    const state = evaluateGoal(goal, object);
    const isRoot = controllerOf(object) === undefined;
    if (state.atGoal && !isRoot) {
      this.#catchUp(kind, id);
      return;
    }
    const before = this.#roots.get(id) ?? this.#behind.get(id);
    const progress = describe(kind, object, state, before, this.#context.pace.now());
    if (isRoot) this.#roots.set(id, progress);
    if (state.atGoal) this.#catchUp(kind, id);
    else this.#fallBehind(kind, id, progress);
  }

  #catchUp(kind: ServedKind, id: string): void {
    if (this.#behind.delete(id)) this.#beat(kind, -1);
  }

  #fallBehind(kind: ServedKind, id: string, progress: Progress): void {
    if (!this.#behind.has(id)) this.#beat(kind, 1);
    this.#behind.set(id, progress);
  }

  /** One more or less of a kind is behind; what changes at one moment is one beat. */
  #beat(kind: ServedKind, by: number): void {
    const resource = resourceId(kind.ref);
    const beats = this.#beats.get(resource) ?? [];
    const last = beats.at(-1);
    const atMs = this.#context.pace.now();
    const before = last?.atMs === atMs ? beats.slice(0, -1) : beats.slice(1 - BEATS_MAX);
    this.#beats.set(resource, [...before, { atMs, behind: (last?.behind ?? 0) + by }]);
  }
}

/** The factory, and the way to the tracker it made last. */
export function progressTracker(
  kinds: readonly ServedKind[],
  made: (tracker: ProgressTracker) => void,
): ComponentFactory {
  return (context) => {
    const tracker = new ProgressTracker(context, kinds);
    made(tracker);
    return tracker;
  };
}

/** A budget that has more than it needs is at its goal, and so nothing away from it. */
function distanceOf({ atGoal, want, have }: ReturnType<typeof evaluateGoal>): number {
  if (atGoal) return 0;
  return want !== undefined && have !== undefined ? Math.abs(want - have) : 1;
}

function describe(
  kind: ServedKind,
  object: KubeObject,
  state: ReturnType<typeof evaluateGoal>,
  before: Progress | undefined,
  nowMs: number,
): Progress {
  const { namespace, name = '' } = object.metadata;
  const distance = distanceOf(state);
  const trend = before?.trend ?? [];
  const moved = trend.at(-1) !== distance || before?.atGoal !== state.atGoal;
  return {
    resource: resourceId(kind.ref),
    kind: kind.ref.kind,
    name,
    ...(namespace ? { namespace } : {}),
    atGoal: state.atGoal,
    ...(state.want === undefined ? {} : { want: state.want }),
    ...(state.have === undefined ? {} : { have: state.have }),
    ...(state.waitingFor === undefined ? {} : { waitingFor: state.waitingFor }),
    sinceMs: moved || !before ? nowMs : before.sinceMs,
    trend: moved ? [...trend, distance].slice(-TREND_LENGTH) : trend,
  };
}
