import { describe, expect, it } from 'vitest';
import { deployments } from '../../generated/apps/v1/resources.ts';
import { configmaps } from '../../generated/core/v1/resources.ts';
import { refusal, serverForTests } from './server.fakes.ts';

const AT = { name: 'web', namespace: 'default' };

const web = {
  metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'main', image: 'web:1' },
          { name: 'log', image: 'log:1' },
        ],
      },
    },
  },
};

describe('patches', () => {
  it('merge lists by their key when strategic', async () => {
    const { client } = await serverForTests();
    await client.create(deployments, web);
    const patched = await client.patch(deployments, AT, {
      spec: { template: { spec: { containers: [{ name: 'log', image: 'log:2' }] } } },
    });
    expect(patched.spec?.template?.spec?.containers.map(({ image }) => image)).toEqual([
      'web:1',
      'log:2',
    ]);
  });

  it('replace lists when merging, and remove with null', async () => {
    const { client } = await serverForTests();
    await client.create(deployments, web);
    const type = 'application/merge-patch+json' as const;
    const patched = await client.patch(
      deployments,
      AT,
      {
        metadata: { labels: { app: null, tier: 'front' } },
        spec: { template: { spec: { containers: [{ name: 'only', image: 'x:1' }] } } },
      },
      { type },
    );
    expect(patched.metadata.labels).toEqual({ tier: 'front' });
    expect(patched.spec?.template?.spec?.containers.map(({ name }) => name)).toEqual(['only']);
  });

  it('follow paths as JSON patches', async () => {
    const { client } = await serverForTests();
    await client.create(deployments, web);
    const type = 'application/json-patch+json' as const;
    const patched = await client.patch(
      deployments,
      AT,
      [
        { op: 'test', path: '/spec/replicas', value: 2 },
        { op: 'replace', path: '/spec/replicas', value: 4 },
        { op: 'remove', path: '/spec/template/spec/containers/1' },
      ],
      { type },
    );
    expect([patched.spec?.replicas, patched.spec?.template?.spec?.containers.length]).toEqual([
      4, 1,
    ]);
    const failing = [{ op: 'test', path: '/spec/replicas', value: 99 }];
    expect(await refusal(client.patch(deployments, AT, failing, { type }))).toMatchObject({
      code: 422,
    });
  });

  it('may not give the object another name, nor miss its revision', async () => {
    const { client } = await serverForTests();
    await client.create(deployments, web);
    expect(
      await refusal(client.patch(deployments, AT, { metadata: { name: 'other' } })),
    ).toMatchObject({
      code: 400,
      message: 'the name of the object (other) does not match the name on the URL (web)',
    });
    const another = { metadata: { uid: 'a0000000-0000-4000-8000-000000000001' } };
    expect(await refusal(client.patch(deployments, AT, another))).toMatchObject({
      code: 422,
      fields: ['metadata.uid'],
    });
    const stale = { metadata: { resourceVersion: '1' }, spec: { replicas: 3 } };
    expect(await refusal(client.patch(deployments, AT, stale))).toMatchObject({ code: 409 });
  });
});

describe('server-side apply', () => {
  const config = (data: Record<string, string>) => ({
    metadata: { name: 'settings', namespace: 'default' },
    data,
  });

  it('creates, and removes what its manager no longer says', async () => {
    const { client } = await serverForTests();
    const by = { fieldManager: 'slipway' };
    await client.apply(configmaps, config({ a: '1', b: '1' }), by);
    const next = await client.apply(configmaps, config({ a: '2' }), by);
    expect(next.data).toEqual({ a: '2' });
  });

  it('leaves alone what others own, and conflicts where it says otherwise, unless forced', async () => {
    const { client, as } = await serverForTests();
    await client.apply(configmaps, config({ a: 'mine' }), { fieldManager: 'first' });
    await as('kubectl-edit').patch(
      configmaps,
      { name: 'settings', namespace: 'default' },
      { data: { a: 'theirs', c: 'theirs' } },
    );
    const again = client.apply(configmaps, config({ a: 'mine' }), { fieldManager: 'first' });
    expect(await refusal(again)).toMatchInlineSnapshot(`
      {
        "code": 409,
        "fields": [
          ".data.a",
        ],
        "message": "Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .data.a",
        "reason": "Conflict",
      }
    `);
    const forced = await client.apply(configmaps, config({ a: 'mine' }), {
      fieldManager: 'first',
      force: true,
    });
    expect(forced.data).toEqual({ a: 'mine', c: 'theirs' });
  });

  it('shows who owns what when somebody looks', async () => {
    const { client, server } = await serverForTests();
    await client.apply(configmaps, config({ a: '1' }), { fieldManager: 'slipway' });
    const object = await client.get(configmaps, 'settings', 'default');
    const { metadata } = server.withManagedFields(configmaps, object as never);
    expect(metadata.managedFields).toEqual([
      {
        manager: 'slipway',
        operation: 'Apply',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      },
    ]);
  });

  it('writes nothing when it says the same again', async () => {
    const { client, server } = await serverForTests();
    const by = { fieldManager: 'slipway' };
    await client.apply(configmaps, config({ a: '1' }), by);
    const before = server.revision;
    await client.apply(configmaps, config({ a: '1' }), by);
    expect(server.revision).toBe(before);
  });

  it('refuses fields that the schema does not know', async () => {
    const { client } = await serverForTests();
    const wrong = client.apply(configmaps, { ...config({}), typo: 1 } as never, {
      fieldManager: 'x',
    });
    expect(await refusal(wrong)).toMatchObject({
      code: 500,
      message:
        'failed to create typed patch object (default/settings; v1, Kind=ConfigMap): .typo: field not declared in schema',
    });
  });
});
