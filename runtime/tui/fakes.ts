import { schemaSet } from '../../generated/registry.ts';
import type { Timer } from '../base/index.ts';
import {
  type ApiAccess,
  type Client,
  type ClockMode,
  type ComponentState,
  type Control,
  createClient,
  type FaultState,
  type Lister,
  type ManifestError,
  type ManifestState,
  type ManifestView,
  type PodAccess,
  type Progress,
  type Pulse,
  type SchedulingExplanation,
  type Transport,
  type WatchState,
} from '../client/index.ts';
import {
  type ApiRequest,
  type ApiResponse,
  controllerOf,
  type KubeObject,
  keyOf,
  type ResourceRef,
  resourceId,
} from '../meta/index.ts';
import type { JournalRecord } from '../trace/index.ts';
import { goalOf } from './model/tones.ts';
import {
  type Copy,
  type Kind,
  kindById,
  type Moment,
  momentOf,
  type Usage,
  type World,
} from './model/world.ts';
import { NO_SETTINGS, type Settings } from './settings/index.ts';

export const NOW_MS = Date.UTC(2026, 0, 1, 0, 3, 12, 400);

const NO_CAUSE = { component: 'user', record: 0 };

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
  /** What the requests of the user were said to be. */
  readonly requests: object[] = [];
  /** Texts by `namespace/pod/container`, and ` previous` for the run before. */
  readonly logs = new Map<string, string>();
  /** What the metrics API would answer, and what it was asked for. */
  readonly metrics = new Map<string, KubeObject[]>();
  readonly asked: string[] = [];
  readonly copies: FakeWorld[] = [];
  readonly written = new Map<string, ManifestView>();
  readonly outcomes: ManifestError[] = [];
  /** What evictions that are refused say, by the pod's key. */
  readonly refusals = new Map<string, ManifestError>();
  readonly control: Control;
  nowMs = NOW_MS;
  mode: ClockMode = 'eager';
  speed = 1;
  manifests: ManifestState | undefined;
  served: ApiAccess | undefined;
  pulses: Pulse[] = [];
  /** What the metrics API last said, as if it had been asked. */
  usage: Usage | undefined;
  reach: PodAccess | undefined;
  settings: Settings = NO_SETTINGS;
  sleepers: Timer[] = [];
  components: ComponentState[] = [];
  watches: WatchState[] = [];
  journal: JournalRecord[] = [];
  faults: FaultState[] = [];
  /** What tells of the owners of objects' fields. */
  owned = (object: KubeObject): KubeObject => object;
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
      // The one index that is asked for: of pods by their nodes.
      countIndex: (_, value) =>
        all.filter((each) => (each as { spec?: { nodeName?: string } }).spec?.nodeName === value)
          .length,
    };
  }

  /** What a server would do, as far as it matters here: deletes delete, logs are `logs`, the rest is only written down. */
  answer(request: ApiRequest): ApiResponse {
    const { verb, resource, namespace, name = '', subresource, body, parameters } = request;
    const id = resourceId(resource);
    const key = namespace ? `${namespace}/${name}` : name;
    if (verb === 'get' && subresource === 'log') {
      const { container = '', previous } = parameters ?? {};
      const text = this.logs.get(`${key}/${container}${previous ? ' previous' : ''}`);
      return { code: 200, object: {} as KubeObject, text: text ?? '' };
    }
    const object = this.objects.get(id)?.find((each) => keyOf(each) === key);
    if (verb === 'get') return { code: 200, object: object! };
    if (verb === 'list') {
      this.asked.push(`${id} ${namespace ?? ''}`.trim());
      const items = this.metrics.get(id) ?? [];
      return { code: 200, object: { metadata: {}, items } as unknown as KubeObject };
    }
    const said = [verb, `${id}${subresource ? `/${subresource}` : ''}`, key].join(' ');
    const how = [body, request.options].filter((each) => each && Object.keys(each).length > 0);
    this.calls.push([said, ...how.map((each) => JSON.stringify(each))].join(' '));
    if (verb === 'delete' && object) this.take(object);
    return { code: 200, object: object ?? (body as KubeObject) };
  }

  get client(): Client {
    return createClient(this.transport, { user: { name: 'me', groups: [] }, cause: NO_CAUSE });
  }

  request(detail: Readonly<Record<string, unknown>>): Client {
    this.requests.push(detail);
    return this.client;
  }

  copy(of: Moment): Promise<Copy> {
    this.calls.push(`copy ${JSON.stringify(of)}`);
    if (typeof of === 'object' && 'revision' in of && of.revision < 1000)
      return Promise.reject(new Error('that moment is not held; there are rev 1000-1842'));
    const world = new FakeWorld([...this.objects.values()].flat());
    world.mode = 'paused';
    const before = new FakeWorld([...this.objects.values()].flat());
    this.copies.push(world);
    return Promise.resolve({
      world,
      other: { isLater: of !== 'now', lister: (resource) => before.lister(resource) },
      stop: () => {
        this.calls.push('stop copy');
        return Promise.resolve();
      },
    });
  }

  get transport(): Transport {
    return {
      request: (request) => this.answer(request),
      lister: (resource) => this.lister(resource as ResourceRef) as Lister<never>,
      addIndex: () => {},
      subscribe: () => ({ next: () => undefined, pending: false, close: () => {} }),
    };
  }

  /** This moment, for pure calls. */
  now(): World {
    return momentOf(this);
  }

  access(): ApiAccess | undefined {
    return this.served;
  }

  pods(): PodAccess | undefined {
    return this.reach;
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
      runUntil: (_, atMs) => {
        this.calls.push(`until ${atMs - this.nowMs}`);
        this.mode = 'paused';
        this.nowMs = atMs;
        return Promise.resolve(true);
      },
      progress: () => progressOf(this),
      pulses: () => this.pulses,
      get converged() {
        return progressOf(world).every(({ atGoal }) => atGoal);
      },
      sleepers: (count) => this.sleepers.slice(0, count),
      components: () => this.components,
      watches: () => this.watches,
      journal: (count, matches = () => true) => this.journal.filter(matches).slice(0, count),
      causesOf: (id) => causesOf(id, this.journal),
      faults: () => this.faults,
      inject: (fault) => {
        const text = typeof fault === 'string' ? fault : JSON.stringify(fault);
        if (!text.includes('=')) throw new Error(`${text} is no fault`);
        this.calls.push(`inject ${text}`);
        const id = String(this.faults.length + 1);
        const given: FaultState = {
          ...{ id, text, spec: {}, phase: 'active', beginMs: this.nowMs, record: 1, strikes: 0 },
        };
        this.faults = [...this.faults, given];
        return given;
      },
      heal: (id) => {
        this.calls.push(`heal ${id}`);
        const had = this.faults.some((each) => each.id === id && each.phase !== 'ended');
        this.faults = this.faults.map((each) =>
          each.id === id ? { ...each, phase: 'ended' } : each,
        );
        return had;
      },
      manifestOf: (resource, key) => this.written.get(`${resource} ${key}`),
      withManagedFields: (_, object) => this.owned(object),
      why: (key) => this.verdicts.get(key),
      rules: (node) => ({
        ...{ node, mode: 'iptables' },
        texts: [{ family: 'IPv4', text: '*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n' }],
      }),
      manifests: () => this.manifests,
      sourceOf: (resource, key) =>
        resource === 'deployments.apps'
          ? { file: `${key.replace(/\/.*/, '')}.ts`, line: 18, column: 14 }
          : undefined,
      outcomes: () => this.outcomes,
      refusedEviction: (podKey) => this.refusals.get(podKey),
      revision: () => 1842,
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}

function causesOf(id: number, records: readonly JournalRecord[]): JournalRecord[] {
  const chain: JournalRecord[] = [];
  let at = records.find((each) => each.id === id);
  while (at) {
    chain.push(at);
    const { by = 0, trigger = 0 } = at as { by?: number; trigger?: number };
    at = records.find((each) =>
      each.type === 'write' && trigger > 0 ? each.revision === trigger : by > 0 && each.id === by,
    );
  }
  return chain;
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
