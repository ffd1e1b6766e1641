import { describe, expect, it } from 'vitest';
import { configmaps, pods, serviceaccounts } from '../../generated/core/v1/resources.ts';
import type { ManagedFieldsEntry } from '../../generated/meta/v1/types.ts';
import type { ApiRequest, KubeObject } from '../meta/index.ts';
import { type Bench, serverForTests } from './server.fakes.ts';

const AT = { name: 'a', namespace: 'default' };
const USER = { user: { name: 'u', groups: [] }, cause: { component: 'tests', record: 0 } };

async function ask({ server }: Bench, request: object) {
  const whole = { resource: configmaps, ...USER, ...AT, ...request } as unknown as ApiRequest;
  const answer = await server.request(whole);
  const object = server.withManagedFields(whole.resource, answer.object);
  return { ...answer, object, fields: summary(object) };
}

/** `manager operation: the top of what it owns`. */
function summary({ metadata }: KubeObject): string[] | undefined {
  return metadata.managedFields?.map(
    ({ manager, operation, fieldsV1 = {} }: ManagedFieldsEntry) => {
      const data = (fieldsV1 as Record<string, object>)['f:data'] ?? {};
      const keys = Object.keys(data).filter((key) => key !== '.');
      return `${manager} ${operation}: ${keys.join(' ')}`;
    },
  );
}

const asManager = (fieldManager: string) => ({ options: { fieldManager } });
const create = { verb: 'create', name: undefined };
const body = (data: object, metadata: object = {}) => ({ metadata: { ...AT, ...metadata }, data });

describe('managed fields', () => {
  it('are shown of what a dry run would store, as of what is stored', async () => {
    const bench = await serverForTests();
    const dry = { options: { fieldManager: 'me', dryRun: true } };
    const tried = await ask(bench, { ...create, ...dry, body: body({ k: '1' }) });
    expect([tried.code, tried.fields]).toEqual([201, ['me Update: f:k']]);
    await ask(bench, { ...create, ...asManager('me'), body: body({ k: '1' }) });
    const other = { options: { fieldManager: 'you', dryRun: true } };
    const changed = await ask(bench, { verb: 'update', ...other, body: body({ k: '2' }) });
    expect(changed.fields).toEqual(['me Update: ', 'you Update: f:k']);
    expect((await ask(bench, { verb: 'get' })).fields).toEqual(['me Update: f:k']);
    const config = { apiVersion: 'v1', kind: 'ConfigMap', ...body({ n: '1' }) };
    const apply = { verb: 'patch', patchType: 'application/apply-patch+yaml', body: config };
    expect((await ask(bench, { ...apply, ...other })).fields).toEqual([
      'me Update: f:k',
      'you Apply: f:n',
    ]);
  });

  it('keep a dry run without a version of its own', async () => {
    const bench = await serverForTests();
    const dry = { options: { dryRun: true } };
    const given = { ...create, ...dry, body: body({}, { resourceVersion: '5' }) };
    expect((await ask(bench, given)).object.metadata.resourceVersion).toBe('5');
    const none = await ask(bench, { ...create, ...dry, body: body({}) });
    expect(none.object.metadata.resourceVersion).toBeUndefined();
  });

  it('do not give the creator what admission adds', async () => {
    const bench = await serverForTests();
    await bench.client.create(serviceaccounts, {
      metadata: { name: 'default', namespace: 'default' },
    });
    const spec = { containers: [{ name: 'main', image: 'i' }] };
    const { object } = await ask(bench, {
      ...create,
      ...asManager('me'),
      resource: pods,
      body: { metadata: AT, spec },
    });
    const [{ fieldsV1 } = {}] = object.metadata.managedFields ?? [];
    const owned = (fieldsV1 as { 'f:spec': Record<string, object> })['f:spec'];
    expect(Object.keys(owned)).toContain('f:restartPolicy');
    expect(Object.keys(owned)).not.toContain('f:tolerations');
    expect(Object.keys(owned)).not.toContain('f:serviceAccountName');
  });

  it('are cleared by one empty entry and not by none, and then nobody keeps track', async () => {
    const bench = await serverForTests();
    await ask(bench, { ...create, ...asManager('me'), body: body({ k: '1' }) });
    const patch = (managedFields: object[]) =>
      ask(bench, {
        verb: 'patch',
        patchType: 'application/merge-patch+json',
        body: { metadata: { managedFields } },
      });
    expect((await patch([])).fields).toEqual(['me Update: f:k']);
    expect((await patch([{}])).fields).toBeUndefined();
    const later = await ask(bench, { verb: 'update', ...asManager('you'), body: body({ k: '2' }) });
    expect([later.code, later.fields]).toEqual([200, undefined]);
  });

  it('come back with an update as they were sent, and change nothing', async () => {
    const bench = await serverForTests();
    await ask(bench, { ...create, ...asManager('me'), body: body({ k: '1' }) });
    const { object } = await ask(bench, { verb: 'get' });
    const sent = { verb: 'update', ...asManager('you'), body: { ...object, data: { k: '2' } } };
    expect((await ask(bench, sent)).fields).toEqual(['me Update: ', 'you Update: f:k']);
  });

  it('pass from one manager to another by a patch, as kubectl does before it applies', async () => {
    const bench = await serverForTests();
    await ask(bench, { ...create, ...asManager('kubectl-create'), body: body({ k: '1' }) });
    const { object } = await ask(bench, { verb: 'get' });
    const { managedFields, resourceVersion } = object.metadata;
    const renamed = managedFields!.map((each) => ({
      ...each,
      manager: 'kubectl',
      operation: 'Apply',
    }));
    const migrate = (version: string | undefined) =>
      ask(bench, {
        verb: 'patch',
        patchType: 'application/json-patch+json',
        body: [
          { op: 'replace', path: '/metadata/managedFields', value: renamed },
          { op: 'replace', path: '/metadata/resourceVersion', value: version },
        ],
      });
    expect((await migrate('1')).code).toBe(409);
    const { code, fields } = await migrate(resourceVersion);
    expect([code, fields]).toEqual([200, ['kubectl Apply: f:k']]);
    const config = { apiVersion: 'v1', kind: 'ConfigMap', ...body({ n: '1' }) };
    const applied = await ask(bench, {
      verb: 'patch',
      patchType: 'application/apply-patch+yaml',
      ...asManager('kubectl'),
      body: config,
    });
    expect((applied.object as unknown as { data: object }).data).toEqual({ n: '1' });
  });

  it('are refused where they are none', async () => {
    const bench = await serverForTests();
    await ask(bench, { ...create, body: body({}) });
    const wrong = body({}, { managedFields: [{ manager: 'x', operation: 'Steal' }] });
    const { code, object } = await ask(bench, { verb: 'update', body: wrong });
    expect([code, (object as unknown as { message: string }).message]).toMatchInlineSnapshot(`
      [
        422,
        "ConfigMap "a" is invalid: [metadata.managedFields[0].operation: Invalid value: "Steal": must be \`Apply\` or \`Update\`, metadata.managedFields[0].fieldsType: Invalid value: "": must be \`FieldsV1\`]",
      ]
    `);
  });
});
