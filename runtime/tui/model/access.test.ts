import { describe, expect, it } from 'vitest';
import type { FakeWorld } from '../fakes.ts';
import { object, shop } from '../fakes-shop.ts';
import { whoOf } from './access.ts';
import { Person } from './driving.fakes.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** A team that reads everywhere and deploys at home, and a robot that may read one secret. */
function guarded(): FakeWorld {
  const world = shop();
  const role = (kind: string, name: string, namespace: string | undefined, rules: object[]) =>
    object(RBAC, kind, { name, ...(namespace ? { namespace } : {}) }, { rules });
  const binding = (
    kind: string,
    name: string,
    namespace: string | undefined,
    roleRef: object,
    subject: object,
  ) =>
    object(
      RBAC,
      kind,
      { name, ...(namespace ? { namespace } : {}) },
      { roleRef, subjects: [subject] },
    );
  const team = { kind: 'Group', name: 'team' };
  world.put(
    role('ClusterRole', 'view', undefined, [
      { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ]),
  );
  world.put(
    role('Role', 'deploy', 'shop', [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
    ]),
  );
  world.put(
    role('Role', 'one', 'shop', [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get', 'use'] },
    ]),
  );
  const robot = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' };
  const view = { kind: 'ClusterRole', name: 'view' };
  world.put(binding('ClusterRoleBinding', 'all-view', undefined, view, team));
  world.put(binding('RoleBinding', 'team', 'shop', { kind: 'Role', name: 'deploy' }, team));
  world.put(binding('RoleBinding', 'robot', 'shop', { kind: 'Role', name: 'one' }, robot));
  return world;
}

/** Rows without the cursor and the border, their cells apart. */
const rowsOf = (keys: string): string[] =>
  new Person(guarded(), { columns: 200 })
    .type(keys)
    .lines.slice(4, -2)
    .map((line) => line.replace(/[│▌]/g, '').trim().split(/ {2,}/).join(' '))
    .filter((line) => line !== '');

describe('who may do what', () => {
  it.each([
    ['u:bob', { user: 'bob', groups: ['system:authenticated'] }],
    ['g:team', { user: '', groups: ['team'] }],
    [
      's:shop:web',
      {
        user: 'system:serviceaccount:shop:web',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      },
    ],
    ['s:web', undefined],
    ['bob', undefined],
  ])('%s', (text, who) => {
    expect(whoOf(text)).toEqual(who);
  });

  it('is what bindings give, verb by verb', () => {
    expect(rowsOf(':can g:team<enter>')).toEqual([
      '* /healthz ✓ · · · · · · · all-view',
      '* pods ✓ ✓ ✓ · · · · · all-view',
      '* pods apps ✓ ✓ ✓ · · · · · all-view',
      'shop deployments apps ✓ ✓ ✓ ✓ ✓ ✓ ✓ ✓ * team',
    ]);
    expect(rowsOf(':can u:nobody<enter>')).toEqual(['nothing is allowed']);
  });

  it('is asked of the chosen service account when nobody is named', () => {
    expect(rowsOf(':sa<enter>:can<enter>')).toEqual(['shop secrets: db ✓ · · · · · · · use robot']);
    const { lines } = new Person(guarded()).type(':po<enter>:can<enter>');
    expect(lines.at(-1)).toContain('say who: u:NAME, g:GROUP or s:NAMESPACE:NAME');
  });
});
