import type { KubeObject } from '../../meta/index.ts';
import { kindById, remember, type World } from './world.ts';

/** Somebody as role bindings name them, with the groups that come with the name. */
export interface Who {
  readonly user: string;
  readonly groups: readonly string[];
}

/** `u:bob`, `g:team`, `s:namespace:name`; undefined for anything else. */
export function whoOf(text: string): Who | undefined {
  const [, kind, name = ''] = /^([ugs]):(.+)$/.exec(text) ?? [];
  switch (kind) {
    case 'u':
      return { user: name, groups: ['system:authenticated'] };
    case 'g':
      return { user: '', groups: [name] };
    case 's':
      return serviceAccount(name);
    default:
      return undefined;
  }
}

function serviceAccount(text: string): Who | undefined {
  const [namespace = '', name = '', ...rest] = text.split(/[:/]/);
  if (namespace === '' || name === '' || rest.length > 0) return undefined;
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}

interface Rule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Binding extends KubeObject {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
}

/** What somebody may do to one resource, or below one path, in one namespace or in all. */
export interface Grant {
  /** Empty = everywhere. */
  readonly namespace: string;
  readonly group: string;
  /** A resource, with its subresource, or a path. */
  readonly resource: string;
  /** Only objects of these names, where there are any. */
  readonly names: readonly string[];
  readonly verbs: ReadonlySet<string>;
  /** Bindings that give it. */
  readonly by: readonly string[];
}

/** Everything that role bindings give somebody. Costs a look at every binding. */
export function grantsOf(who: Who, world: World): readonly Grant[] {
  return remember(world, `grants ${JSON.stringify(who)}`, () => {
    const found = new Map<string, Grant>();
    for (const { binding, namespace } of bindings(world)) {
      if (!binding.subjects?.some((subject) => isMeant(subject, who))) continue;
      for (const rule of rulesOf(binding, namespace, world))
        addRule(found, rule, namespace, binding);
    }
    const order = ({ namespace, group, resource }: Grant): string =>
      `${namespace}\0${group}\0${resource}`;
    return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  });
}

function* bindings(world: World): Generator<{ binding: Binding; namespace: string }> {
  for (const id of ['clusterrolebindings', 'rolebindings']) {
    const kind = kindById(world, `${id}.rbac.authorization.k8s.io`);
    for (const binding of kind ? world.lister(kind.ref).list() : [])
      yield { binding, namespace: binding.metadata.namespace ?? '' };
  }
}

function isMeant(
  { kind, name, namespace = '' }: NonNullable<Binding['subjects']>[number],
  { user, groups }: Who,
): boolean {
  if (kind === 'Group') return groups.includes(name);
  if (kind === 'User') return name === user;
  return user === `system:serviceaccount:${namespace}:${name}`;
}

function rulesOf({ roleRef }: Binding, namespace: string, world: World): readonly Rule[] {
  if (!roleRef) return [];
  const isCluster = roleRef.kind === 'ClusterRole';
  const kind = kindById(world, `${isCluster ? 'clusterroles' : 'roles'}.rbac.authorization.k8s.io`);
  const key = isCluster ? roleRef.name : `${namespace}/${roleRef.name}`;
  const role = kind && world.lister(kind.ref).byKey(key);
  return (role as { rules?: readonly Rule[] } | undefined)?.rules ?? [];
}

function addRule(
  found: Map<string, Grant>,
  rule: Rule,
  namespace: string,
  { metadata }: Binding,
): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames: names = [] } = rule;
  const places = [
    ...apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource }))),
    ...(rule.nonResourceURLs ?? []).map((resource) => ({ group: '', resource })),
  ];
  for (const place of places) {
    const key = JSON.stringify([namespace, place, names]);
    const before = found.get(key);
    found.set(key, {
      ...{ namespace, names, ...place },
      verbs: new Set([...(before?.verbs ?? []), ...verbs]),
      by: [...new Set([...(before?.by ?? []), metadata.name ?? ''])],
    });
  }
}
