import { formatSelector, type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { Scope, View } from './state.ts';
import { type Kind, kindByName, type World } from './world.ts';

interface Selecting {
  readonly spec?: { readonly selector?: unknown };
}

/**
 * Where enter leads: a namespace to its pods, a node to the pods on it, anything that selects pods to those, a pod and the
 * rest to describe. Decided by what the object has, not by its kind's name.
 */
export function drillIn(kind: Kind, object: KubeObject, world: World): View {
  const pods = kindByName(world, 'pods');
  const scope = pods && scopeOf(kind, object);
  if (!pods || !scope)
    return {
      type: 'describe',
      resource: resourceId(kind.ref),
      key: keyOf(object),
      offset: 0,
      search: '',
    };
  return {
    type: 'table',
    resource: resourceId(pods.ref),
    namespace: scope.namespace,
    filter: '',
    cursor: { offset: 0 },
    ...(scope.scope ? { scope: scope.scope } : {}),
  };
}

function scopeOf(kind: Kind, object: KubeObject): { namespace: string; scope?: Scope } | undefined {
  const { name = '', namespace = '' } = object.metadata;
  const title = `${kind.descriptor.singular}/${name}`;
  if (kind.ref.kind === 'Namespace') return { namespace: name };
  if (kind.ref.kind === 'Node') return { namespace: '', scope: { title, by: 'node', value: name } };
  const selector = (object as Selecting).spec?.selector;
  if (!selector || typeof selector !== 'object') return undefined;
  const labels =
    'matchLabels' in selector || 'matchExpressions' in selector
      ? selector
      : { matchLabels: selector };
  return { namespace, scope: { title, by: 'labels', value: formatSelector(labels) } };
}
