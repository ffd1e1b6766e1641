import {
  controllerOf,
  formatSelector,
  type KubeObject,
  keyOf,
  type Labels,
  resourceId,
} from '../../meta/index.ts';
import { traitsOf } from './traits.ts';
import { objectView, pageView, type Scope, tableView, type View } from './view.ts';
import { type Kind, kindByName, kindOf, type World } from './world.ts';

interface Selecting {
  readonly spec?: { readonly selector?: unknown };
}

/**
 * Where enter leads: a namespace to its pods, a node to the pods on it, anything that selects pods to those, what owns jobs
 * to them, a pod to its containers, the rest to describe. Decided by what the object has.
 */
export function drillIn(kind: Kind, object: KubeObject, world: World): View {
  const pods = kindByName(world, 'pods');
  if (pods === kind) return pageView('containers', { resource: 'pods', key: keyOf(object) });
  const traits = traitsOf(kind);
  if (traits.has('cron')) return jobsOf(kind, object);
  const found = pods && podScope(kind, object);
  return pods && found
    ? tableView(resourceId(pods.ref), found.namespace, found.scope)
    : objectView('describe', resourceId(kind.ref), keyOf(object));
}

function jobsOf({ descriptor }: Kind, { metadata }: KubeObject): View {
  const { name = '', namespace = '', uid = '' } = metadata;
  const title = `${descriptor.singular}/${name}`;
  return tableView('jobs.batch', namespace, { title, by: 'owner', value: uid });
}

/** A workload's or a service's selector as lists take it; undefined when it is none. */
export function selectorText(selector: unknown): string | undefined {
  if (!selector || typeof selector !== 'object') return undefined;
  const isPlain = Object.values(selector).every((value) => typeof value === 'string');
  return formatSelector(isPlain ? { matchLabels: selector as Labels } : (selector as object));
}

/** Which pods belong to an object; undefined when it is no thing that has pods. */
export function podScope(
  kind: Kind,
  object: KubeObject,
): { readonly namespace: string; readonly scope?: Scope } | undefined {
  const { name = '', namespace = '' } = object.metadata;
  const title = `${kind.descriptor.singular}/${name}`;
  const isCore = kind.ref.group === '';
  if (isCore && kind.ref.resource === 'namespaces') return { namespace: name };
  if (isCore && kind.ref.resource === 'nodes')
    return { namespace: '', scope: { title, by: 'node', value: name } };
  const value = selectorText((object as Selecting).spec?.selector);
  return value === undefined ? undefined : { namespace, scope: { title, by: 'labels', value } };
}

/** The list of an object's owner, with the cursor on it. */
export function ownerView(object: KubeObject, world: World): View | undefined {
  const owner = controllerOf(object);
  const kind = owner && kindOf(world, owner.apiVersion, owner.kind);
  if (!owner || !kind) return undefined;
  const { namespace = '' } = object.metadata;
  const key = kind.ref.namespaced ? `${namespace}/${owner.name}` : owner.name;
  const view = tableView(resourceId(kind.ref), kind.ref.namespaced ? namespace : '');
  return { ...view, cursor: { key, at: 0, offset: 0 } };
}

/** The list of what an object owns, of the kind of which it owns most. Looks at everything: for a key, not for a frame. */
export function ownedView(kind: Kind, object: KubeObject, world: World): View | undefined {
  const { uid = '', name = '', namespace = '' } = object.metadata;
  let most = 0;
  let found: Kind | undefined;
  for (const each of world.kinds) {
    const owned = world
      .lister(each.ref)
      .list(namespace === '' ? undefined : namespace)
      .filter((other) => controllerOf(other)?.uid === uid).length;
    if (owned > most) {
      most = owned;
      found = each;
    }
  }
  if (!found) return undefined;
  const title = `${kind.descriptor.singular}/${name}`;
  return tableView(resourceId(found.ref), namespace, { title, by: 'owner', value: uid });
}

/** The list of nodes, with the cursor on the one that an object is bound to. */
export function nodeView(object: KubeObject, world: World): View | undefined {
  const name = (object as { spec?: { nodeName?: string } }).spec?.nodeName;
  const kind = kindByName(world, 'nodes');
  if (!name || !kind) return undefined;
  return { ...tableView(resourceId(kind.ref), ''), cursor: { key: name, at: 0, offset: 0 } };
}
