import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import { events, pods } from '../../generated/core/v1/resources.ts';
import type { Event } from '../../generated/core/v1/types.ts';
import { parseDuration } from '../base/index.ts';
import type { Client, FaultState, SchedulingExplanation } from '../client/index.ts';
import { type Cluster, explainPod, type Settled } from '../cluster/index.ts';
import { hasLabels, type KubeObject, type ResourceRef, splitApiVersion } from '../meta/index.ts';

/** A class of `slipway/<group>/<version>`: names a kind and carries its type. */
export interface KindClass<T> {
  readonly resource: ResourceRef<T>;
}

/** Asked for by name, and not there. Names what there is instead. */
export class NotFoundInCluster extends Error {
  override readonly name = 'NotFoundInCluster';
}

/** Any part of an object. */
export type PartialOf<T> = T extends readonly (infer Item)[]
  ? readonly PartialOf<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: PartialOf<T[Key]> | null }
    : T;

interface Listing {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A resource as manifests make it, or a plain object like it. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** A cluster in the hands of a test. Namespaces default to `default`. */
export class TestCluster {
  /** The cluster itself, for what this face leaves out. */
  readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** The administrator's client: patches, applies, subresources. */
  get client(): Client {
    return this.cluster.client;
  }

  /** Virtual time, ms since the Unix epoch. */
  get now(): number {
    return this.cluster.now();
  }

  get converged(): boolean {
    return this.cluster.converged;
  }

  get journalHash(): string {
    return this.cluster.journal.hash();
  }

  /** Creates resources, in order. Throws `ApiError` when the server refuses one. */
  async create(...resources: readonly Manifest[]): Promise<void> {
    for (const resource of resources)
      await this.client.create(this.#resourceOf(resource), this.#placed(resource) as never);
  }

  /** Server-side apply, as saving a manifest does. */
  async apply(...resources: readonly Manifest[]): Promise<void> {
    for (const resource of resources)
      await this.client.apply(this.#resourceOf(resource), this.#placed(resource) as never, {
        fieldManager: 'slipway',
        force: true,
      });
  }

  /** Deletes an object; its dependents go in the background. */
  delete<T>(kind: KindClass<T>, name: string, namespace?: string): Promise<void> {
    return this.client.delete(kind.resource, this.#target(kind, name, namespace));
  }

  /** Evicts a pod as a drain does. Throws `ApiError` (429) while a disruption budget does not allow it. */
  async evict(pod: string, namespace = 'default'): Promise<void> {
    const target = { name: pod, namespace };
    await this.client.createSubresource(pods, target, 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: target,
    });
  }

  /** Merges `patch` into an object, lists by their keys; null takes a field out. */
  patch<T>(kind: KindClass<T>, name: string, patch: PartialOf<T>, namespace?: string): Promise<T> {
    return this.client.patch(kind.resource, this.#target(kind, name, namespace), patch);
  }

  /** Reads, changes and writes an object; `change` returns the new value. */
  update<T>(
    kind: KindClass<T>,
    name: string,
    change: (live: T) => T,
    namespace?: string,
  ): Promise<T> {
    return this.client.modify(kind.resource, this.#target(kind, name, namespace), change);
  }

  /** The object; throws `NotFoundInCluster` if there is none of that name. */
  get<T>(kind: KindClass<T>, name: string, namespace?: string): T {
    const found = this.find(kind, name, namespace);
    if (found) return found;
    const { kind: called } = kind.resource;
    const others = this.list(kind).map((each) => (each as KubeObject).metadata.name);
    const hint =
      others.length > 0 ? `there are ${others.slice(0, 10).join(', ')}` : 'there are none';
    throw new NotFoundInCluster(`no ${called} is called ${name}: ${hint}`);
  }

  find<T>(kind: KindClass<T>, name: string, namespace?: string): T | undefined {
    const target = this.#target(kind, name, namespace);
    return this.cluster.transport.lister(kind.resource).get(target.name, target.namespace);
  }

  /** All objects of a kind, of all namespaces unless one is named, sorted by namespace and name. */
  list<T>(kind: KindClass<T>, { namespace, labels = {} }: Listing = {}): readonly T[] {
    return this.cluster.transport
      .lister(kind.resource)
      .list(namespace)
      .filter((each) => hasLabels((each as KubeObject).metadata.labels, labels));
  }

  /** Events, oldest first; of one object when its name is given. */
  events(about?: string): readonly Event[] {
    return this.cluster.transport
      .lister(events)
      .list()
      .filter(({ involvedObject }) => about === undefined || involvedObject.name === about)
      .sort((a, b) => compare(a.metadata.resourceVersion, b.metadata.resourceVersion));
  }

  /** Lets time pass until everything is at its goal, or nothing more will come of waiting. */
  settle(limit = '15m'): Promise<Settled> {
    return this.cluster.settle(milliseconds(limit));
  }

  /** Lets exactly this much time pass: `90s`, `10m`, `24h`. */
  advance(duration: string): Promise<void> {
    return this.cluster.advance(milliseconds(duration));
  }

  /** Gives the cluster a fault, as on a command line (`zone=b@5m+10m`) or as the `spec` of a Fault; times count from now. */
  inject(fault: string | FaultSpec): FaultState {
    return this.cluster.inject(fault);
  }

  /** Ends a fault, or takes back one that is to come; false when there is none of that id, or it has ended. */
  heal(id: string): boolean {
    return this.cluster.faults.heal(id);
  }

  /** All faults so far, with what became of them. */
  faults(): readonly FaultState[] {
    return this.cluster.faults.list();
  }

  /** An independent copy: what happens in one is not seen in the other. */
  async fork(): Promise<TestCluster> {
    return new TestCluster(await this.cluster.fork());
  }

  /** Why a pod is on its node, or on none. */
  why(pod: string, namespace = 'default'): SchedulingExplanation | undefined {
    return explainPod(this.cluster, `${namespace}/${pod}`);
  }

  #resourceOf(manifest: Manifest): ResourceRef {
    const { group, version } = splitApiVersion(manifest.apiVersion);
    const found = this.cluster.kinds.find(
      ({ ref }) => ref.group === group && ref.version === version && ref.kind === manifest.kind,
    );
    if (!found)
      throw new NotFoundInCluster(`no kind ${manifest.kind} in ${manifest.apiVersion} is served`);
    return found.ref;
  }

  #placed(manifest: Manifest): Manifest {
    const plain = JSON.parse(JSON.stringify(manifest)) as Manifest;
    if (!this.#resourceOf(plain).namespaced || plain.metadata.namespace) return plain;
    return { ...plain, metadata: { ...plain.metadata, namespace: 'default' } };
  }

  #target<T>(
    kind: KindClass<T>,
    name: string,
    namespace = 'default',
  ): { name: string; namespace?: string } {
    return kind.resource.namespaced ? { name, namespace } : { name };
  }
}

function compare(a = '', b = ''): number {
  return Number(a) - Number(b);
}

function milliseconds(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new TypeError(`${JSON.stringify(text)} is no duration: write 90s, 10m or 1h30m`);
  return ms;
}
