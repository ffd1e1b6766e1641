import type { Kind } from './world.ts';

/** What a kind is for the keys: which of them mean something on its objects. */
export type Trait =
  /** Any object at all. */
  | 'object'
  | 'deletable'
  | 'editable'
  | 'pod'
  | 'log'
  | 'template'
  | 'scalable'
  | 'revision'
  | 'node'
  | 'cron'
  | 'secret'
  | 'service'
  | 'referable'
  | 'fault'
  /** A row of a tree. */
  | 'tree'
  | 'tile';

/** Kinds that others name in their specs. */
const REFERABLE = new Set([
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'serviceaccounts',
  'priorityclasses.scheduling.k8s.io',
  'storageclasses.storage.k8s.io',
  'namespaces',
]);

/** Kinds whose pods are made anew when their template changes. */
const ROLLED = new Set(['deployments', 'statefulsets', 'daemonsets']);

const known = new WeakMap<Kind, ReadonlySet<Trait>>();

/** Worked out once a kind. */
export function traitsOf(kind: Kind): ReadonlySet<Trait> {
  let traits = known.get(kind);
  if (!traits) {
    traits = new Set(found(kind));
    known.set(kind, traits);
  }
  return traits;
}

export const CONTAINER_TRAITS: ReadonlySet<Trait> = new Set(['object', 'log']);
export const FAULT_TRAITS: ReadonlySet<Trait> = new Set(['fault']);
export const TILE_TRAITS: ReadonlySet<Trait> = new Set(['tile']);
export const NO_TRAITS: ReadonlySet<Trait> = new Set();

function* found({ ref, descriptor }: Kind): Generator<Trait> {
  const { group, resource } = ref;
  const isCore = group === '';
  yield 'object';
  if (descriptor.verbs.includes('delete')) yield 'deletable';
  if (descriptor.verbs.includes('patch')) yield 'editable';
  if (descriptor.subresources.scale) yield 'scalable';
  if (isCore && resource === 'pods') yield* ['pod', 'log'] as const;
  if (isCore && resource === 'nodes') yield 'node';
  if (isCore && resource === 'secrets') yield 'secret';
  if (isCore && resource === 'services') yield 'service';
  if (group === 'apps' && ROLLED.has(resource)) yield 'template';
  if (group === 'apps' && resource === 'replicasets') yield 'revision';
  if (group === 'batch' && resource === 'cronjobs') yield 'cron';
  if (group === 'apps' || resource === 'jobs' || resource === 'services') yield 'log';
  if (REFERABLE.has(isCore ? resource : `${resource}.${group}`)) yield 'referable';
}
