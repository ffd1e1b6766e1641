import { describe, expect, it } from 'vitest';
import { deployments } from '../../generated/apps/v1/resources.ts';
import {
  configmaps,
  events,
  namespaces,
  pods,
  serviceaccounts,
} from '../../generated/core/v1/resources.ts';
import { localTransport } from '../cluster/local-transport.ts';
import { clientOf, refusal, serverForTests } from './server.fakes.ts';

const DEFAULT = { namespace: 'default' };
const config = (name: string, data: Record<string, string> = {}) => ({
  metadata: { name, ...DEFAULT },
  data,
});

describe('the server', () => {
  it('creates, reads, updates and deletes, each write at its own revision', async () => {
    const { client, server } = await serverForTests();
    const created = await client.create(configmaps, config('a', { k: '1' }));
    expect(created).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' },
      data: { k: '1' },
    });
    expect(created.metadata.resourceVersion).toBe(String(server.revision));
    const updated = await client.update(configmaps, { ...created, data: { k: '2' } });
    expect(Number(updated.metadata.resourceVersion)).toBe(
      Number(created.metadata.resourceVersion) + 1,
    );
    expect((await client.get(configmaps, 'a', 'default')).data).toEqual({ k: '2' });
    await client.delete(configmaps, { name: 'a', ...DEFAULT });
    expect(await refusal(client.get(configmaps, 'a', 'default'))).toMatchInlineSnapshot(`
      {
        "code": 404,
        "message": "configmaps "a" not found",
        "reason": "NotFound",
      }
    `);
  });

  it('refuses a second object of a name, and an update of what has changed since', async () => {
    const { client } = await serverForTests();
    const first = await client.create(configmaps, config('a'));
    expect(await refusal(client.create(configmaps, config('a')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
    });
    await client.update(configmaps, { ...first, data: { k: 'mine' } });
    expect(
      await refusal(client.update(configmaps, { ...first, data: { k: 'late' } })),
    ).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
  });

  it('writes nothing when nothing changes', async () => {
    const { client, server } = await serverForTests();
    const created = await client.create(configmaps, config('a', { k: '1' }));
    const before = server.revision;
    const same = await client.update(configmaps, { ...created, data: { k: '1' } });
    expect([server.revision, same]).toEqual([before, created]);
  });

  it('makes up names, and takes them as given beside generateName', async () => {
    const { client } = await serverForTests();
    const generated = await client.create(configmaps, {
      metadata: { generateName: 'web-', ...DEFAULT },
    });
    expect(generated.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(await refusal(client.create(configmaps, { metadata: { ...DEFAULT } }))).toMatchObject({
      code: 422,
      fields: ['metadata.name'],
    });
  });

  it('reports everything that is wrong with an object at once', async () => {
    const { client } = await serverForTests();
    const wrong = client.create(deployments, {
      metadata: { name: 'Web', ...DEFAULT },
      spec: {
        replicas: -1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'a b', image: 'x' }], restartPolicy: 'always' },
        },
      },
    } as never);
    expect(await refusal(wrong)).toMatchObject({
      code: 422,
      reason: 'Invalid',
      fields: expect.arrayContaining([
        'metadata.name',
        'spec.replicas',
        'spec.template.spec.restartPolicy',
        'spec.template.spec.containers[0].name',
      ]),
    });
  });

  it('warns of unknown fields, drops them, and refuses them on demand', async () => {
    const { server } = await serverForTests();
    const request = {
      verb: 'create',
      resource: configmaps,
      ...DEFAULT,
      body: { ...config('a'), typo: 1 },
      user: { name: 'tests', groups: [] },
      cause: { component: 'tests', record: 0 },
    } as const;
    const strict = await server.request({ ...request, options: { fieldValidation: 'Strict' } });
    expect(strict).toMatchObject({
      code: 400,
      object: {
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "typo"',
      },
    });
    const warned = await server.request(request);
    expect(warned.warnings).toEqual(['unknown field "typo"']);
    expect(warned.object).not.toHaveProperty('typo');
  });

  it('does a dry run without a trace', async () => {
    const { client, server } = await serverForTests();
    const before = server.revision;
    const dry = await client.create(configmaps, config('a'), { dryRun: true });
    expect(dry.metadata.uid).toBeDefined();
    expect(server.revision).toBe(before);
    expect(await refusal(client.get(configmaps, 'a', 'default'))).toMatchObject({ code: 404 });
  });

  it('keeps status and spec apart, and counts generations of the spec', async () => {
    const { client } = await serverForTests();
    const created = await client.create(deployments, deployment('web'));
    expect(created.metadata.generation).toBe(1);
    const status = { replicas: 3, observedGeneration: 1 };
    const reported = await client.updateStatus(deployments, {
      ...created,
      spec: { ...created.spec, replicas: 9 },
      status,
    } as typeof created);
    expect([reported.spec?.replicas, reported.status, reported.metadata.generation]).toEqual([
      2,
      status,
      1,
    ]);
    const scaled = await client.update(deployments, {
      ...reported,
      spec: { ...reported.spec, replicas: 5 },
      status: { replicas: 77 },
    } as typeof created);
    expect([scaled.spec?.replicas, scaled.status, scaled.metadata.generation]).toEqual([
      5,
      status,
      2,
    ]);
  });

  it('scales whatever says where its replicas are', async () => {
    const { client, server } = await serverForTests();
    await client.create(deployments, deployment('web'));
    const patch = { spec: { replicas: 7 } };
    const scale = await client.patch(deployments, { name: 'web', ...DEFAULT }, patch, {
      subresource: 'scale',
      type: 'application/merge-patch+json',
    });
    expect(scale).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 7 },
      status: { selector: 'app=web' },
    });
    expect(localTransport(server).lister(deployments).byKey('default/web')?.spec?.replicas).toBe(7);
  });

  it('notes every write in the journal, with its cause', async () => {
    const { client, journal } = await serverForTests();
    await client.create(configmaps, config('a'));
    expect(journal.latest(1)[0]).toMatchObject({
      type: 'write',
      component: 'tests',
      verb: 'create',
      resource: 'configmaps',
      key: 'default/a',
    });
  });

  it('forgets events after an hour, each for itself', async () => {
    const { client, server, clock } = await serverForTests();
    const event = (name: string) => ({
      metadata: { name, ...DEFAULT },
      involvedObject: { kind: 'Pod', name: 'x', ...DEFAULT },
      reason: 'Test',
    });
    await client.create(events, event('first'));
    clock.moveTo(clock.now() + 1_800_000);
    await client.create(events, event('second'));
    clock.moveTo(clock.now() + 1_800_001);
    await server.expire(clock.now());
    const left = localTransport(server).lister(events).list();
    expect(left.map(({ metadata }) => metadata.name)).toEqual(['second']);
  });

  it('forks: both sides go on, neither sees the other', async () => {
    const { client, server, clock, journal } = await serverForTests();
    await client.create(configmaps, config('shared'));
    const { Random } = await import('../base/index.ts');
    const fork = server.fork({ now: () => clock.now(), journal, random: Random.seeded(2) });
    const other = clientOf(fork, 'fork');
    await other.create(configmaps, config('there'));
    await client.create(configmaps, config('here'));
    const names = (of: typeof server) =>
      localTransport(of)
        .lister(configmaps)
        .list('default')
        .map(({ metadata }) => metadata.name);
    expect([names(server), names(fork)]).toEqual([
      ['here', 'shared'],
      ['shared', 'there'],
    ]);
  });
});

describe('namespaces', () => {
  it('must exist, and not be going away', async () => {
    const { client } = await serverForTests();
    const lost = { metadata: { name: 'a', namespace: 'nowhere' } };
    expect(await refusal(client.create(configmaps, lost))).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
    await client.create(namespaces, { metadata: { name: 'shop' } });
    await client.delete(namespaces, { name: 'shop' });
    expect((await client.get(namespaces, 'shop')).status?.phase).toBe('Terminating');
    const late = { metadata: { name: 'a', namespace: 'shop' } };
    expect(await refusal(client.create(configmaps, late))).toMatchInlineSnapshot(`
      {
        "code": 403,
        "fields": [
          "metadata.namespace",
        ],
        "message": "configmaps "a" is forbidden: unable to create new content in namespace shop because it is being terminated",
        "reason": "Forbidden",
      }
    `);
  });

  it('of the system stay', async () => {
    const { client } = await serverForTests();
    expect(await refusal(client.delete(namespaces, { name: 'kube-system' }))).toMatchObject({
      code: 403,
      message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    });
  });
});

describe('service accounts', () => {
  it('are needed by pods, and complete one template to one spec', async () => {
    const { client } = await serverForTests();
    const spec = { containers: [{ name: 'main', image: 'web:1' }] };
    const pod = (name: string) => ({ metadata: { name, ...DEFAULT }, spec });
    expect(await refusal(client.create(pods, pod('a')))).toMatchObject({
      code: 403,
      message:
        'pods "a" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    });
    await client.create(serviceaccounts, { metadata: { name: 'default', ...DEFAULT } });
    const first = await client.create(pods, pod('a'));
    const second = await client.create(pods, pod('b'));
    expect(first.spec).toMatchObject({ serviceAccountName: 'default' });
    expect(first.spec?.volumes?.[0]?.name).toMatch(/^kube-api-access-.{5}$/);
    expect(first.spec).toBe(second.spec);
  });
});

function deployment(name: string) {
  const labels = { app: name };
  return {
    metadata: { name, ...DEFAULT },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'web:1' }] },
      },
    },
  };
}
