import { schemaSet } from '../../generated/registry.ts';
import type { Timer } from '../base/index.ts';
import type {
  ApiAccess,
  ClockMode,
  ComponentState,
  Control,
  Lister,
  ManifestState,
  Progress,
  SchedulingExplanation,
} from '../client/index.ts';
import {
  controllerOf,
  type KubeObject,
  keyOf,
  type ResourceRef,
  resourceId,
} from '../meta/index.ts';
import type { JournalRecord } from '../trace/index.ts';
import { goalOf } from './model/tones.ts';
import { type Kind, kindById, momentOf, type World } from './model/world.ts';

export const NOW_MS = Date.UTC(2026, 0, 1, 0, 3, 12, 400);

/** All kinds that the schemas declare, as the real thing serves them. */
export const KINDS: readonly Kind[] = schemaSet.kinds
  .filter(({ storageVersion }) => storageVersion === undefined)
  .map((descriptor) => {
    const { group, version, kind, plural: resource, namespaced } = descriptor;
    return { ref: { group, version, kind, resource, namespaced }, descriptor };
  });

/** A world of plain arrays. What is asked of it is written down in `calls`. */
export class FakeWorld implements World {
  readonly kinds = KINDS;
  readonly objects = new Map<string, KubeObject[]>();
  readonly calls: string[] = [];
  readonly control: Control;
  nowMs = NOW_MS;
  mode: ClockMode = 'eager';
  speed = 1;
  manifests: ManifestState | undefined;
  served: ApiAccess | undefined;
  sleepers: Timer[] = [];
  components: ComponentState[] = [];
  journal: JournalRecord[] = [];
  verdicts = new Map<string, SchedulingExplanation>();
  /** Overrides of what is derived from the objects' goals, by `resource key`. */
  progress = new Map<string, Partial<Progress>>();
  #listeners = new Set<() => void>();

  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) this.put(object);
    this.control = this.#makeControl();
  }

  put(object: KubeObject): void {
    const list = this.#list(object);
    const at = list.findIndex((each) => keyOf(each) === keyOf(object));
    if (at >= 0) list[at] = object;
    else list.push(object);
    list.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  take(object: KubeObject): void {
    const list = this.#list(object);
    list.splice(list.indexOf(object), 1);
  }

  get(resource: string, key: string): KubeObject {
    const found = this.objects.get(resource)?.find((each) => keyOf(each) === key);
    if (!found) throw new Error(`no ${resource} ${key}`);
    return found;
  }

  lister(resource: ResourceRef): Lister<KubeObject> {
    const all = this.objects.get(resourceId(resource)) ?? [];
    const byKey = (key: string) => all.find((each) => keyOf(each) === key);
    return {
      size: all.length,
      byKey,
      get: (name, namespace) => byKey(namespace ? `${namespace}/${name}` : name),
      list: (namespace) =>
        all.filter((each) => namespace === undefined || each.metadata.namespace === namespace),
      byIndex: () => [],
      countIndex: () => 0,
    };
  }

  remove(resource: ResourceRef, object: KubeObject): Promise<void> {
    this.calls.push(`delete ${resourceId(resource)} ${keyOf(object)}`);
    this.take(object);
    return Promise.resolve();
  }

  /** This moment, for pure calls. */
  now(): World {
    return momentOf(this);
  }

  access(): ApiAccess | undefined {
    return this.served;
  }

  /** Tells whoever looks that something changed. */
  change(): void {
    for (const listener of this.#listeners) listener();
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  #list({ apiVersion, kind }: KubeObject): KubeObject[] {
    const found = KINDS.find(({ ref }) => {
      const version = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`;
      return version === apiVersion && ref.kind === kind;
    });
    if (!found) throw new Error(`no kind ${kind} in ${apiVersion}`);
    const id = resourceId(found.ref);
    const list = this.objects.get(id) ?? [];
    this.objects.set(id, list);
    return list;
  }

  #makeControl(): Control {
    const world = this;
    return {
      clock: () => ({
        nowMs: this.nowMs,
        elapsedMs: this.nowMs - Date.UTC(2026, 0, 1),
        mode: this.mode,
        speed: this.speed,
      }),
      setMode: (mode) => {
        this.calls.push(`mode ${mode}`);
        this.mode = mode;
      },
      setSpeed: (speed) => {
        this.calls.push(`speed ${speed}`);
        this.speed = speed;
      },
      step: () => {
        this.calls.push('step');
        this.nowMs += 1000;
        return Promise.resolve();
      },
      progress: () => progressOf(this),
      get converged() {
        return progressOf(world).every(({ atGoal }) => atGoal);
      },
      sleepers: (count) => this.sleepers.slice(0, count),
      components: () => this.components,
      journal: (count, matches = () => true) => this.journal.filter(matches).slice(0, count),
      causesOf: () => [],
      why: (key) => this.verdicts.get(key),
      manifests: () => this.manifests,
      sourceOf: (resource, key) =>
        resource === 'deployments.apps'
          ? { file: `${key.replace(/\/.*/, '')}.ts`, line: 18, column: 14 }
          : undefined,
      revision: () => 1842,
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}

/** What the cluster's own tracker says: roots always, what is owned while it is behind. */
function progressOf(world: FakeWorld): Progress[] {
  const all = [...world.objects].flatMap(([resource, objects]) => {
    const kind = kindById(world, resource);
    if (!kind?.descriptor.goal) return [];
    return objects.flatMap((object): Progress[] => {
      const state = goalOf(kind, object);
      if (state.atGoal && controllerOf(object)) return [];
      const { namespace, name = '' } = object.metadata;
      const { want = 1, have = Number(state.atGoal) } = state;
      return [
        {
          resource,
          kind: kind.ref.kind,
          name,
          ...(namespace ? { namespace } : {}),
          ...state,
          sinceMs: world.nowMs - 41_000,
          trend: [Math.abs(want - have)],
          ...world.progress.get(`${resource} ${keyOf(object)}`),
        },
      ];
    });
  });
  return [...all.filter(({ atGoal }) => !atGoal), ...all.filter(({ atGoal }) => atGoal)];
}
