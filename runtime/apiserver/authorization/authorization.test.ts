import { beforeEach, describe, expect, it } from 'vitest';
import {
  clusterrolebindings,
  clusterroles,
  rolebindings,
  roles,
} from '../../../generated/rbac/v1/resources.ts';
import type { PolicyRule } from '../../../generated/rbac/v1/types.ts';
import { Random } from '../../base/index.ts';
import { type Client, createClient } from '../../client/index.ts';
import { localTransport } from '../../cluster/local-transport.ts';
import type { User } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';
import type { Access } from './access.ts';

const RBAC = 'rbac.authorization.k8s.io';
const SPACE = 'default';
const IN = { namespace: SPACE };
const ann: User = { name: 'ann', groups: ['crew', 'system:authenticated'] };
const PODS: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };

const ref = (kind: 'Role' | 'ClusterRole', name: string) => ({ apiGroup: RBAC, kind, name });
const to = (name: string) => [{ kind: 'User', apiGroup: RBAC, name }];
const get = (resource: string, more: object = {}): Access => ({
  verb: 'get',
  group: '',
  resource,
  ...more,
});

let bench: Bench;
beforeEach(async () => {
  bench = await serverForTests();
});

const as = (user: User): Client =>
  createClient(localTransport(bench.server), {
    user,
    cause: { component: 'tests', record: 0 },
  });

async function grant(kind: 'Role' | 'ClusterRole', rules: PolicyRule[], name = 'r'): Promise<void> {
  if (kind === 'Role') await bench.client.create(roles, { metadata: { name, ...IN }, rules });
  else await bench.client.create(clusterroles, { metadata: { name }, rules });
  await bench.client.create(rolebindings, {
    metadata: { name: `b-${name}`, ...IN },
    roleRef: ref(kind, name),
    subjects: to('ann'),
  });
}

const decision = (user: User, access: Access): string => {
  try {
    bench.server.authorize(user, access);
    return 'allowed';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('who may do what', () => {
  it('is no question where everything is allowed, in forks neither', async () => {
    expect(decision(ann, get('secrets', IN))).toContain('cannot get resource "secrets"');
    bench = await serverForTests({ authorization: 'AlwaysAllow' });
    expect(decision(ann, get('secrets', IN))).toBe('allowed');
    const { journal, clock } = bench;
    const fork = bench.server.fork({ journal, random: Random.seeded(2), now: () => clock.now() });
    expect(() => fork.authorize(ann, get('secrets', IN))).not.toThrow();
  });

  it('is what roles of the namespace say, from the next request on', async () => {
    expect(decision(ann, get('pods', IN))).toBe(
      'pods is forbidden: User "ann" cannot get resource "pods" in API group "" in the namespace "default"',
    );
    await grant('Role', [PODS]);
    expect(decision(ann, get('pods', IN))).toBe('allowed');
    expect(decision(ann, get('pods', { namespace: 'kube-system' }))).toContain('forbidden');
    expect(decision(ann, get('pods'))).toBe(
      'pods is forbidden: User "ann" cannot get resource "pods" in API group "" at the cluster scope',
    );
    await bench.client.delete(rolebindings, { name: 'b-r', ...IN });
    expect(decision(ann, get('pods', IN))).toContain('forbidden');
  });

  it('is the same of a cluster role that a namespace binds', async () => {
    await grant('ClusterRole', [PODS]);
    expect(decision(ann, get('pods', IN))).toBe('allowed');
    expect(decision(ann, get('pods'))).toContain('at the cluster scope');
  });

  it('counts groups, and service accounts of the binding’s namespace or another', async () => {
    await bench.client.create(clusterroles, { metadata: { name: 'c' }, rules: [PODS] });
    const subjects = [
      { kind: 'Group', apiGroup: RBAC, name: 'crew' },
      { kind: 'ServiceAccount', name: 'bot' },
      { kind: 'ServiceAccount', name: 'far', namespace: 'kube-public' },
    ];
    const metadata = { name: 'b', ...IN };
    const roleRef = ref('ClusterRole', 'c');
    await bench.client.create(rolebindings, { metadata, roleRef, subjects });
    for (const name of ['bot', 'far', 'other'].map(
      (each) => `system:serviceaccount:default:${each}`,
    ))
      expect([name, decision({ name, groups: [] }, get('pods', IN)) === 'allowed']).toEqual([
        name,
        name.endsWith(':bot'),
      ]);
    const far = { name: 'system:serviceaccount:kube-public:far', groups: [] };
    expect(decision(far, get('pods', IN))).toBe('allowed');
    expect(decision(ann, get('pods', IN))).toBe('allowed');
  });

  it('says which roles a binding misses', async () => {
    await bench.client.create(clusterrolebindings, {
      metadata: { name: 'b' },
      roleRef: ref('ClusterRole', 'gone'),
      subjects: to('ann'),
    });
    expect(decision(ann, get('pods', { name: 'web', subresource: 'log', ...IN }))).toBe(
      'pods "web" is forbidden: User "ann" cannot get resource "pods/log" in API group "" ' +
        'in the namespace "default": RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    );
  });

  it('comes with the bootstrap policy', () => {
    const nobody: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
    const scheduler: User = { name: 'system:kube-scheduler', groups: [] };
    const master: User = { name: 'root', groups: ['system:masters'] };
    const garbage: User = {
      name: 'system:serviceaccount:kube-system:generic-garbage-collector',
      groups: [],
    };
    expect(decision(nobody, { verb: 'get', path: '/healthz' })).toBe('allowed');
    expect(decision(nobody, { verb: 'get', path: '/apis' })).toBe(
      'forbidden: User "system:anonymous" cannot get path "/apis"',
    );
    expect(decision(ann, { verb: 'get', path: '/apis/apps' })).toBe('allowed');
    expect(decision(ann, { verb: 'get', path: '/metrics' })).toContain('forbidden');
    expect(
      decision(scheduler, { ...get('pods', { subresource: 'binding' }), verb: 'create' }),
    ).toBe('allowed');
    expect(decision(scheduler, get('secrets'))).toContain('forbidden');
    expect(decision(garbage, { ...get('crontabs'), group: 'example.com', verb: 'delete' })).toBe(
      'allowed',
    );
    expect(decision(master, { verb: 'get', path: '/metrics' })).toBe('allowed');
  });
});

describe('nobody gives away more than he has', () => {
  const writer: PolicyRule = { apiGroups: [RBAC], resources: ['*'], verbs: ['create', 'update'] };
  const lacking = (rules: string): string =>
    'user "ann" (groups=["crew" "system:authenticated"]) is attempting to grant RBAC ' +
    `permissions not currently held:\n${rules}`;
  const SECRETS = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
  const role = (name: string, ...rules: PolicyRule[]) => ({ metadata: { name, ...IN }, rules });

  it('in the rules of a role', async () => {
    await grant('Role', [writer, PODS]);
    await as(ann).create(roles, role('fine', { ...PODS, verbs: ['list'] }));
    expect(await refusal(as(ann).create(roles, role('more', PODS, SECRETS)))).toEqual({
      code: 403,
      reason: 'Forbidden',
      message: `roles.rbac.authorization.k8s.io "more" is forbidden: ${lacking(
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
      )}`,
    });
    const { metadata } = await bench.client.get(roles, 'fine', SPACE);
    const changed = { ...role('fine', SECRETS), metadata };
    expect(await refusal(as(ann).update(roles, changed as never))).toMatchObject({ code: 403 });
  });

  it('unless he may escalate', async () => {
    await grant('Role', [{ ...writer, verbs: ['escalate'] }]);
    expect(await as(ann).create(roles, role('more', SECRETS))).toMatchObject({ rules: [SECRETS] });
  });

  it('by gathering the rules of others', async () => {
    await bench.client.create(clusterrolebindings, {
      metadata: { name: 'b' },
      roleRef: ref('ClusterRole', 'system:kube-scheduler'),
      subjects: to('ann'),
    });
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
    const asked = as(ann).create(clusterroles, { metadata: { name: 'sum' }, aggregationRule });
    expect(await refusal(asked)).toMatchObject({
      message:
        'clusterroles.rbac.authorization.k8s.io "sum" is forbidden: ' +
        'must have cluster-admin privileges to use the aggregationRule',
    });
  });

  it('by binding a role', async () => {
    await grant('Role', [writer, PODS]);
    await bench.client.create(roles, role('secrets', SECRETS));
    const binding = (name: string) => ({
      metadata: { name: `to-${name}`, ...IN },
      roleRef: ref('Role', name),
      subjects: to('bob'),
    });
    await as(ann).create(rolebindings, binding('r'));
    expect(await refusal(as(ann).create(rolebindings, binding('secrets')))).toMatchObject({
      message: expect.stringContaining(lacking('{APIGroups:[""], Resources:["secrets"]')),
    });
    expect(await refusal(as(ann).create(rolebindings, binding('gone')))).toMatchObject({
      code: 404,
      message: 'roles.rbac.authorization.k8s.io "gone" not found',
    });
    const bind = { apiGroups: [RBAC], resources: ['roles'], verbs: ['bind'] };
    await grant('Role', [{ ...bind, resourceNames: ['secrets'] }], 'binder');
    expect(await as(ann).create(rolebindings, binding('secrets'))).toMatchObject({
      roleRef: { name: 'secrets' },
    });
  });

  it('but the garbage collector may take owners off what it could not write', async () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
    const owned = role('more', SECRETS);
    const metadata = { ...owned.metadata, ownerReferences: [owner] };
    await bench.client.create(roles, { ...owned, metadata });
    const patch = { metadata: { ownerReferences: null } };
    const target = { name: 'more', ...IN };
    const type = 'application/merge-patch+json';
    expect(await as(ann).patch(roles, target, patch, { type })).toMatchObject(owned);
  });
});
