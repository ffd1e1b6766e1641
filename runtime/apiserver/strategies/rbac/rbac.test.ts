import { expect, it } from 'vitest';
import {
  clusterrolebindings,
  clusterroles,
  rolebindings,
  roles,
} from '../../../../generated/rbac/v1/resources.ts';
import type { ResourceRef } from '../../../meta/index.ts';
import { refusal, serverForTests } from '../../server.fakes.ts';

const URLS = { verbs: ['get'], nonResourceURLs: ['/metrics'] };
const PODS = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const of = (...subjects: object[]) => ({ roleRef, subjects });

type Row = readonly [resource: ResourceRef, body: object, fields: readonly string[]];

const REFUSED: readonly Row[] = [
  [roles, { rules: [{ ...PODS, verbs: [] }] }, ['rules[0].verbs']],
  [roles, { rules: [{ verbs: ['get'] }] }, ['rules[0].apiGroups', 'rules[0].resources']],
  [roles, { rules: [URLS] }, ['rules[0].nonResourceURLs']],
  [clusterroles, { rules: [{ ...PODS, ...URLS }] }, ['rules[0].nonResourceURLs']],
  [clusterroles, { aggregationRule: {} }, ['aggregationRule.clusterRoleSelectors']],
  [rolebindings, { roleRef: { kind: 'Pod', name: 'view' } }, ['roleRef.kind']],
  [rolebindings, { roleRef: { kind: 'Role', name: 'a/b' } }, ['roleRef.name']],
  [rolebindings, { roleRef: { ...roleRef, apiGroup: 'x' } }, ['roleRef.apiGroup']],
  [clusterrolebindings, { roleRef: { ...roleRef, kind: 'Role' } }, ['roleRef.kind']],
  [clusterrolebindings, of({ kind: 'ServiceAccount', name: 'a' }), ['subjects[0].namespace']],
  [rolebindings, of({ kind: 'Robot', name: 'a' }), ['subjects[0].kind']],
  [rolebindings, of({ kind: 'User', name: 'a', apiGroup: 'x' }), ['subjects[0].apiGroup']],
  [rolebindings, of({ kind: 'ServiceAccount', name: 'A_' }), ['subjects[0].name']],
];

it.each(REFUSED)('refuses %j with %j at %j', async (resource, body, fields) => {
  const { client } = await serverForTests();
  const namespace = resource.namespaced ? { namespace: 'default' } : {};
  const metadata = { name: 'x', ...namespace };
  const create = client.create(resource, { metadata, ...body } as never);
  expect(await refusal(create)).toMatchObject({ code: 422, fields });
});

it('fills in the group of users and groups, and lets nobody move a binding to another role', async () => {
  const { client } = await serverForTests();
  const metadata = { name: 'x', namespace: 'default' };
  const subjects = [
    { kind: 'User', name: 'ann' },
    { kind: 'ServiceAccount', name: 'bot' },
  ];
  const made = await client.create(rolebindings, { metadata, roleRef, subjects });
  expect(made.subjects).toEqual([{ ...subjects[0], apiGroup: roleRef.apiGroup }, subjects[1]]);
  const moved = client.update(rolebindings, { ...made, roleRef: { ...roleRef, name: 'edit' } });
  expect(await refusal(moved)).toMatchObject({ code: 422, fields: ['roleRef'] });
});

it('takes names that nothing else would, but none that a path could not hold', async () => {
  const { client } = await serverForTests();
  const create = (name: string) =>
    client.create(roles, { metadata: { name, namespace: 'default' } });
  expect(await create('Any:Thing Goes')).toBeDefined();
  for (const name of ['a/b', '..', '50%'])
    expect(await refusal(create(name))).toMatchObject({ fields: ['metadata.name'] });
});
