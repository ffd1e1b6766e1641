import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type Watch,
  watch,
} from '../../client/index.ts';
import {
  isDeleting,
  isNotFound,
  type KubeObject,
  type OwnerReference,
  type ResourceRef,
  type WatchEvent,
} from '../../meta/index.ts';
import { ServedResources } from '../served-resources.ts';
import {
  blocks,
  FOREGROUND,
  invalidNamespaceMessage,
  isOrphaning,
  isWaiting,
  judge,
  ORPHAN,
  type OwnerState,
  unblocking,
  type Verdict,
  withoutFinalizer,
  withoutOwners,
} from './decide.ts';
import { type Member, OwnerGraph, type Place, workKey } from './graph.ts';
import { concerns, EXAMINE, touchedBy } from './triggers.ts';

export interface GarbageCollectorConfig {
  /** Every resource that is built in. */
  readonly resources: readonly ResourceRef[];
  /** Ids of resources that are neither owned nor owners. Events when absent, as upstream. */
  readonly ignored?: readonly string[];
}

const IGNORED = ['events', 'events.events.k8s.io'];

/** Collects what has lost its owners. Key: `<resource>/<object key>`, with `EXAMINE` before it for a doubtful reference. */
export function createGarbageCollector(deps: ControllerDeps<GarbageCollectorConfig>): Controller {
  const { resources, ignored = IGNORED } = deps.config;
  const served = new ServedResources(deps, resources);
  const graph = new OwnerGraph(deps, served, ignored);
  const watches = new Watches(graph, served);
  return {
    name: 'garbagecollector',
    get watches() {
      return watches.all;
    },
    async reconcile(key, context) {
      const doubtful = key.startsWith(EXAMINE);
      const place = graph.find(doubtful ? key.slice(EXAMINE.length) : key);
      if (!place) return;
      const collector = new Collector(graph, context);
      if (doubtful) collector.examine(place);
      const decision = await collector.attend(place);
      return decision ? { decision } : undefined;
    },
  };
}

/** A watch a member, for as long as it is one. */
class Watches {
  readonly #graph: OwnerGraph;
  readonly #always: readonly Watch[];
  readonly #byMember = new WeakMap<Member, Watch>();
  #members: readonly Member[] = [];
  #all: readonly Watch[] = [];

  constructor(graph: OwnerGraph, served: ServedResources) {
    this.#graph = graph;
    this.#always = served.watches;
  }

  /** The same list while the members are the same. */
  get all(): readonly Watch[] {
    const { members } = this.#graph;
    if (members === this.#members) return this.#all;
    this.#members = members;
    this.#all = [...this.#always, ...members.map((member) => this.#of(member))];
    return this.#all;
  }

  #of(member: Member): Watch {
    const touched = (event: WatchEvent<KubeObject>) => touchedBy(this.#graph, member, event);
    const found = this.#byMember.get(member) ?? watch(member.ref, touched, concerns);
    this.#byMember.set(member, found);
    return found;
  }
}

/** One unit of work: its reads and writes. */
class Collector {
  readonly #graph: OwnerGraph;
  readonly #context: ReconcileContext;

  constructor(graph: OwnerGraph, context: ReconcileContext) {
    this.#graph = graph;
    this.#context = context;
  }

  /** What an object needs, whether it is going or may have to. Returns what was done. */
  async attend(place: Place): Promise<unknown> {
    const { object } = place;
    if (isOrphaning(object)) return this.#orphan(place);
    if (isWaiting(object)) return this.#release(place);
    if (isDeleting(object)) return undefined;
    return this.#collect(place);
  }

  /** Tells of owners in other namespaces, and of namespaced owners of what is in none. */
  examine({ object }: Place): void {
    for (const reference of object.metadata.ownerReferences ?? [])
      if (this.#isElsewhere(object, reference))
        this.#context.events.event(
          object,
          'Warning',
          'OwnerRefInvalidNamespace',
          invalidNamespaceMessage(object, reference),
        );
  }

  async #collect(place: Place): Promise<Verdict | undefined> {
    const { metadata } = place.object;
    const states: OwnerState[] = [];
    for (const reference of metadata.ownerReferences ?? [])
      states.push(await this.#stateOf(reference, metadata.namespace));
    const verdict = judge(place.object, states, () => {
      const dependents = this.#graph.dependentsOf(metadata.uid ?? '');
      const waiting = dependents.some(({ object }) => isWaiting(object));
      return { count: dependents.length, waiting };
    });
    if (verdict.kind === 'keep') return undefined;
    await this.#perform(place, verdict);
    return verdict;
  }

  async #perform({ member, object }: Place, verdict: Verdict): Promise<void> {
    const { client } = this.#context;
    if (verdict.kind === 'disown')
      await client.update(member.ref, withoutOwners(object, verdict.uids));
    if (verdict.kind !== 'delete') return;
    if (verdict.unblock) await client.update(member.ref, unblocking(object));
    const { name = '', namespace, uid } = object.metadata;
    const { propagationPolicy } = verdict;
    const preconditions = uid ? { preconditions: { uid } } : {};
    await client
      .delete(member.ref, { name, namespace }, { propagationPolicy, ...preconditions })
      .catch(unlessGone);
  }

  /** An owner that waits: its dependents go, and when none of them blocks it any more, so does its finalizer. */
  async #release(owner: Place): Promise<unknown> {
    const dependents = this.#graph.dependentsOf(owner.object.metadata.uid ?? '');
    if (!dependents.some(({ object }) => blocks(object, owner.object)))
      return this.#removeFinalizer(owner, FOREGROUND);
    const collected: string[] = [];
    for (const dependent of dependents) {
      if (isDeleting(dependent.object)) continue;
      if (await this.#collect(dependent))
        collected.push(workKey(dependent.member, dependent.object));
    }
    return collected.length > 0 ? { collected } : undefined;
  }

  async #orphan(owner: Place): Promise<unknown> {
    const { uid = '' } = owner.object.metadata;
    const dependents = this.#graph.dependentsOf(uid);
    for (const { member, object } of dependents)
      await this.#context.client
        .update(member.ref, withoutOwners(object, new Set([uid])))
        .catch(unlessGone);
    const done = await this.#removeFinalizer(owner, ORPHAN);
    return { orphaned: dependents.length, ...done };
  }

  async #removeFinalizer({ member, object }: Place, finalizer: string): Promise<object> {
    await this.#context.client
      .update(member.ref, withoutFinalizer(object, finalizer))
      .catch(unlessGone);
    return { removedFinalizer: finalizer };
  }

  /** Absence is confirmed by a live read: a lister over HTTP may lag behind. */
  async #stateOf(reference: OwnerReference, namespace: string | undefined): Promise<OwnerState> {
    const member = this.#graph.memberOf(reference);
    if (!member) return 'solid';
    if (member.ref.namespaced && namespace === undefined) return 'solid';
    const known = this.#graph.named(reference, namespace)?.object;
    const owner =
      known?.metadata.uid === reference.uid ? known : await this.#read(reference, namespace);
    if (owner?.metadata.uid !== reference.uid) return 'absent';
    return isWaiting(owner) ? 'waiting' : 'solid';
  }

  async #read(
    reference: OwnerReference,
    namespace: string | undefined,
  ): Promise<KubeObject | undefined> {
    const { ref } = this.#graph.memberOf(reference)!;
    try {
      return await this.#context.client.get(
        ref,
        reference.name,
        ref.namespaced ? namespace : undefined,
      );
    } catch (error) {
      unlessGone(error);
      return undefined;
    }
  }

  /** Only asked for a reference that did not resolve when it was made, hence the look through all of one kind. */
  #isElsewhere({ metadata }: KubeObject, reference: OwnerReference): boolean {
    const member = this.#graph.memberOf(reference);
    if (!member?.ref.namespaced) return false;
    if (metadata.namespace === undefined) return true;
    if (this.#graph.named(reference, metadata.namespace)?.object.metadata.uid === reference.uid)
      return false;
    return member.lister.list().some((each) => each.metadata.uid === reference.uid);
  }
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
