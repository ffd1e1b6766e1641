import { beforeEach, describe, expect, it } from 'vitest';
import {
  localsubjectaccessreviews,
  selfsubjectaccessreviews,
  selfsubjectrulesreviews,
  subjectaccessreviews,
} from '../../../../generated/authorization/v1/resources.ts';
import { rolebindings, roles } from '../../../../generated/rbac/v1/resources.ts';
import { createClient } from '../../../client/index.ts';
import { localTransport } from '../../../cluster/local-transport.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };
const LIST_PODS = { ...IN, verb: 'list', resource: 'pods' };
const RULE = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };

let bench: Bench;
beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(roles, { metadata: { name: 'r', ...IN }, rules: [RULE] });
  await bench.client.create(rolebindings, {
    metadata: { name: 'b', ...IN },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'User', name: 'ann' }],
  });
});

const ann = () =>
  createClient(localTransport(bench.server), {
    user: { name: 'ann', groups: ['system:authenticated'] },
    cause: { component: 'tests', record: 0 },
  });

describe('reviews of access', () => {
  it('answer for anybody, with what it rests on', async () => {
    const spec = { user: 'ann', resourceAttributes: LIST_PODS };
    expect((await bench.client.create(subjectaccessreviews, { spec })).status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b/default" of Role "r" to User "ann"',
    });
    const other = { user: 'bob', resourceAttributes: LIST_PODS };
    const answer = await bench.client.create(subjectaccessreviews, { spec: other });
    expect(answer.status).toEqual({ allowed: false });
    expect(answer.spec).toEqual(other);
  });

  it('answer for the asker', async () => {
    const allowed = async (resourceAttributes: object) =>
      (await ann().create(selfsubjectaccessreviews, { spec: { resourceAttributes } })).status
        ?.allowed;
    expect(await allowed(LIST_PODS)).toBe(true);
    expect(await allowed({ ...LIST_PODS, subresource: 'log' })).toBe(false);
  });

  it('answer for paths', async () => {
    const nonResourceAttributes = { path: '/apis', verb: 'get' };
    const spec = { groups: ['system:authenticated'], nonResourceAttributes };
    expect((await bench.client.create(subjectaccessreviews, { spec })).status).toMatchObject({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" ' +
        'to Group "system:authenticated"',
    });
  });

  it('answer in one namespace only about that one', async () => {
    const review = (namespace: string) =>
      bench.client.create(localsubjectaccessreviews, {
        metadata: IN,
        spec: { user: 'ann', resourceAttributes: { ...LIST_PODS, namespace } },
      });
    expect((await review('default')).status?.allowed).toBe(true);
    expect(await refusal(review('other'))).toMatchObject({
      code: 422,
      fields: ['spec.resourceAttributes.namespace'],
    });
  });

  it.each([
    [{ user: 'ann' }, ['spec.resourceAttributes']],
    [{ resourceAttributes: LIST_PODS }, ['spec.user']],
    [
      { user: 'ann', resourceAttributes: LIST_PODS, nonResourceAttributes: { path: '/' } },
      ['spec.nonResourceAttributes'],
    ],
  ])('are refused when they ask %j', async (spec, fields) => {
    const asked = bench.client.create(subjectaccessreviews, { spec } as never);
    expect(await refusal(asked)).toMatchObject({ code: 422, fields });
    const named = { metadata: { name: 'x' }, spec: { user: 'ann', resourceAttributes: LIST_PODS } };
    expect(await refusal(bench.client.create(subjectaccessreviews, named))).toMatchObject({
      fields: ['metadata'],
    });
  });
});

it('tells the asker all that he may do in a namespace', async () => {
  const { status } = await ann().create(selfsubjectrulesreviews, { spec: IN });
  expect(status?.incomplete).toBe(false);
  expect(status?.resourceRules).toContainEqual(RULE);
  expect(status?.nonResourceRules).toContainEqual({
    verbs: ['get'],
    nonResourceURLs: expect.arrayContaining(['/apis', '/version']),
  });
  expect(await refusal(ann().create(selfsubjectrulesreviews, { spec: {} }))).toMatchObject({
    code: 400,
    message: 'no namespace on request',
  });
});
