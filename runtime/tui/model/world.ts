import type { ApiAccess, Client, Control, Lister, PodAccess } from '../../client/index.ts';
import {
  type KindDescriptor,
  type KubeObject,
  type ResourceRef,
  resourceId,
  splitApiVersion,
} from '../../meta/index.ts';

import type { Settings } from '../settings/index.ts';

/** Processor time in thousandths of a processor, and memory in bytes. */
export interface Amount {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

/** What pods or nodes were last measured to use. */
export interface Usage {
  /** Of what was asked: the same question has the same id. */
  readonly id: string;
  readonly byKey: ReadonlyMap<string, Amount>;
}

/** A moment of the cluster: this one, or an earlier one. */
export type Moment = 'now' | { readonly revision: number } | { readonly atMs: number };

/** What a copy is to be compared with: one of now with the same again, one of the past with the cluster itself, which is later. */
export interface Other {
  readonly isLater: boolean;
  lister(resource: ResourceRef): Lister<KubeObject>;
}

/** An independent copy of the cluster, whose time stands still until somebody lets it go on. */
export interface Copy {
  readonly world: World;
  readonly other: Other;
  stop(): Promise<void>;
}

/**
 * What the screen looks at: the control and the listers of the kinds that exist. Read only, except through `control` and
 * `request`.
 */
export interface World {
  readonly control: Control;
  readonly kinds: readonly { readonly ref: ResourceRef; readonly descriptor: KindDescriptor }[];
  lister(resource: ResourceRef): Lister<KubeObject>;
  /** Reads what no lister has. Throws while there is no cluster. */
  readonly client: Client;
  /** Whatever happens to the copy does not touch the cluster. Throws when the moment is not held, or something is in flight. */
  copy(of: Moment): Promise<Copy>;
  /** In a copy: what it is compared with. */
  readonly other?: Other;
  /** A client for one request of the user, which `detail` describes in the journal. Throws while there is no cluster. */
  request(detail: Readonly<Record<string, unknown>>): Client;
  /** Undefined while nobody else can reach the cluster. */
  access(): ApiAccess | undefined;
  /** What the objects of the list that is shown were last measured to use; absent until the metrics API has answered. */
  readonly usage?: Usage | undefined;
  /** The way to what runs in pods. Undefined while nobody can reach them. */
  pods(): PodAccess | undefined;
  /** What the user has said of the screen. */
  readonly settings?: Settings | undefined;
}

export type Kind = World['kinds'][number];

const remembered = new WeakMap<World, Map<string, unknown>>();

/**
 * The world at this moment: what is asked of it through `remember` is worked out once. The shell takes a new one when
 * something has changed, so that keys and frames in between cost nothing.
 */
export function momentOf(
  world: World,
  { usage = world.usage, settings = world.settings }: Pick<World, 'usage' | 'settings'> = {},
): World {
  return {
    control: world.control,
    kinds: world.kinds,
    lister: (resource) => world.lister(resource),
    get client() {
      return world.client;
    },
    copy: (of) => world.copy(of),
    request: (detail) => world.request(detail),
    ...(world.other ? { other: world.other } : {}),
    access: () => world.access(),
    pods: () => world.pods(),
    ...(settings ? { settings } : {}),
    ...(usage ? { usage } : {}),
  };
}

export function remember<T>(world: World, key: string, make: () => T): T {
  let kept = remembered.get(world);
  if (!kept) {
    kept = new Map();
    remembered.set(world, kept);
  }
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

export function kindById({ kinds }: World, id: string): Kind | undefined {
  return indexed(kinds).byId.get(id);
}

interface KindIndex {
  readonly count: number;
  readonly byId: ReadonlyMap<string, Kind>;
  /** By group and kind, `apps/Deployment`. */
  readonly byName: ReadonlyMap<string, Kind>;
}

const indexes = new WeakMap<World['kinds'], KindIndex>();

/** Asked for every row and every owner: looked up, not searched. */
function indexed(kinds: World['kinds']): KindIndex {
  const known = indexes.get(kinds);
  if (known?.count === kinds.length) return known;
  const made = {
    count: kinds.length,
    byId: new Map(kinds.toReversed().map((kind) => [resourceId(kind.ref), kind])),
    byName: new Map(kinds.toReversed().map((kind) => [`${kind.ref.group}/${kind.ref.kind}`, kind])),
  };
  indexes.set(kinds, made);
  return made;
}

/** Short names that k9s has beside those of kubectl, by the kind's own id. */
const SHORTER: Readonly<Record<string, string>> = {
  dp: 'deployments.apps',
  sec: 'secrets',
  jo: 'jobs.batch',
  cr: 'clusterroles.rbac.authorization.k8s.io',
  crb: 'clusterrolebindings.rbac.authorization.k8s.io',
  ro: 'roles.rbac.authorization.k8s.io',
  rb: 'rolebindings.rbac.authorization.k8s.io',
  np: 'networkpolicies.networking.k8s.io',
};

/** Names of a kind that are shorter than its own. */
export function shorterNames({ ref }: Kind): readonly string[] {
  const id = resourceId(ref);
  return Object.keys(SHORTER).filter((name) => SHORTER[name] === id);
}

/** A kind that can be listed, by anything people call it: plural, singular, short name, kind, or with its group. */
export function kindByName(world: World, name: string): Kind | undefined {
  const wanted = name.toLowerCase();
  return ownName(world, wanted) ?? ownName(world, SHORTER[wanted] ?? wanted);
}

function ownName(world: World, wanted: string): Kind | undefined {
  return listedKinds(world).find(
    ({ ref, descriptor }) =>
      ref.resource === wanted ||
      descriptor.singular === wanted ||
      descriptor.shortNames.includes(wanted) ||
      ref.kind.toLowerCase() === wanted ||
      resourceId(ref) === wanted,
  );
}

/** What somebody who wants to use kubectl has to set. */
export const kubectlHint = ({ kubeconfig }: ApiAccess): string => `KUBECONFIG=${kubeconfig}`;

/** The kinds that can be listed and have a name of their own: metrics go by that of what they are about. */
export function listedKinds(world: World): readonly Kind[] {
  return world.kinds.filter(
    ({ descriptor }) => descriptor.verbs.includes('list') && descriptor.singular !== '',
  );
}

/** The kind that a reference such as an owner's means. */
export function kindOf(world: World, apiVersion: string, kind: string): Kind | undefined {
  const { group } = splitApiVersion(apiVersion);
  return indexed(world.kinds).byName.get(`${group}/${kind}`);
}

export function objectAt(world: World, resource: string, key: string): KubeObject | undefined {
  const kind = kindById(world, resource);
  return kind && world.lister(kind.ref).byKey(key);
}

/** The shortest name of a kind, as people type it: `deploy`, `po`, `secret`. */
export function shortName({ descriptor }: Kind): string {
  return descriptor.shortNames[0] ?? descriptor.singular;
}

/** Keys of all namespaces, sorted. */
export function namespaces(world: World): readonly string[] {
  return remember(world, 'namespaces', () => {
    const kind = kindByName(world, 'namespaces');
    if (!kind) return [];
    return world
      .lister(kind.ref)
      .list()
      .map(({ metadata }) => metadata.name ?? '');
  });
}
