import { describe, expect, it } from 'vitest';
import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import type { ApiRequest, KubeObject, ResourceRef } from '../../meta/index.ts';
import { type Bench, serverForTests } from '../server.fakes.ts';
import { type HookBench, hookedUp, type Review } from '../webhooks/webhooks.fakes.ts';

const GROUP = 'stable.example.com';
const USER = { name: 'ann', groups: ['system:masters'] };
const CAUSE = { component: 'tests', record: 0 };

const ref = (version: string): ResourceRef => ({
  group: GROUP,
  version,
  resource: 'tabs',
  kind: 'Tab',
  namespaced: true,
});

const text = { type: 'string' };
const version = (name: string, storage: boolean, properties: object) => ({
  name,
  storage,
  served: true,
  schema: { openAPIV3Schema: { type: 'object', properties } },
});

/** Two versions, of which one keeps in one field what the other keeps in two. */
async function withTabs(
  convert: (review: Review) => object = converted,
  conversion?: object,
): Promise<{ bench: Bench; hooks: HookBench; ask: Ask }> {
  const bench = await serverForTests();
  const hooks = await hookedUp(bench, { '/convert': convert });
  const webhook = { clientConfig: hooks.at('/convert'), conversionReviewVersions: ['v1'] };
  const made = await bench.client.create(customresourcedefinitions, {
    metadata: { name: `tabs.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { plural: 'tabs', singular: 'tab', kind: 'Tab' },
      versions: [
        version('v1', true, { hostPort: text }),
        version('v2', false, { host: text, port: text }),
      ],
      conversion: conversion ?? { strategy: 'Webhook', webhook },
    },
  } as never);
  const conditions = ['NamesAccepted', 'Established'].map((type) => ({
    type,
    status: 'True',
    reason: 'Test',
    message: '',
  }));
  const acceptedNames = { plural: 'tabs', singular: 'tab', kind: 'Tab', listKind: 'TabList' };
  const body = { ...made, status: { conditions, acceptedNames, storedVersions: ['v1'] } };
  const ask: Ask = async (of, request) => {
    const resource = typeof of === 'string' ? ref(of) : of;
    const whole = { resource, namespace: 'default', user: USER, cause: CAUSE, ...request };
    const { code, object } = await bench.server.request(whole as ApiRequest);
    return { code, object: object as Told };
  };
  await ask(customresourcedefinitions as never, {
    verb: 'update',
    subresource: 'status',
    name: `tabs.${GROUP}`,
    namespace: undefined,
    body,
  });
  return { bench, hooks, ask };
}

type Told = KubeObject & { readonly message?: string; readonly items?: readonly KubeObject[] };
type Ask = (
  of: string | ResourceRef,
  request: Partial<ApiRequest>,
) => Promise<{ code: number; object: Told }>;

interface Tab extends KubeObject {
  readonly hostPort?: string;
  readonly host?: string;
  readonly port?: string;
}

function other(object: Tab): object {
  const { hostPort, host, port, ...rest } = object;
  if (hostPort === undefined) return { ...rest, hostPort: `${host}:${port}` };
  const [first, second] = hostPort.split(':');
  return { ...rest, host: first, port: second };
}

const answer = ({ apiVersion, request }: Review, response: object): object => ({
  kind: 'ConversionReview',
  apiVersion,
  response: { uid: request.uid, result: { status: 'Success' }, ...response },
});

function converted(review: Review): object {
  const { objects, desiredAPIVersion: apiVersion } = review.request;
  const convertedObjects = objects.map((object) => ({ ...other(object as Tab), apiVersion }));
  return answer(review, { convertedObjects });
}

const tab = (name: string, body: object, version = 'v1') => ({
  apiVersion: `${GROUP}/${version}`,
  kind: 'Tab',
  metadata: { name },
  ...body,
});

describe('objects that a webhook converts', () => {
  it('are seen in either version, and stored in one', async () => {
    const { bench, hooks, ask } = await withTabs();
    await ask('v1', { verb: 'create', body: tab('a', { hostPort: 'h:1' }) });
    expect(hooks.sent).toEqual([]);
    const seen = await ask('v2', { verb: 'get', name: 'a' });
    expect(seen.object).toMatchObject({ apiVersion: `${GROUP}/v2`, host: 'h', port: '1' });
    const made = await ask('v2', {
      verb: 'create',
      body: tab('b', { host: 'i', port: '2' }, 'v2'),
    });
    expect(made).toMatchObject({ code: 201, object: { host: 'i', port: '2' } });
    const { object } = await ask('v1', { verb: 'get', name: 'b' });
    expect(object).toMatchObject({ apiVersion: `${GROUP}/v1`, hostPort: 'i:2' });
    const patch = { verb: 'patch', patchType: 'application/merge-patch+json' } as const;
    const patched = await ask('v2', { ...patch, name: 'a', body: { port: '3' } });
    expect(patched.object).toMatchObject({ host: 'h', port: '3' });
    expect(bench.server.cache(ref('v1')).row('default/a')?.object).toMatchObject({
      hostPort: 'h:3',
    });
  });

  it('are converted all at once for a list, and not again', async () => {
    const { hooks, ask } = await withTabs();
    for (const name of ['a', 'b', 'c'])
      await ask('v1', { verb: 'create', body: tab(name, { hostPort: `${name}:1` }) });
    for (let round = 0; round < 2; round++) {
      const { object } = await ask('v2', { verb: 'list' });
      expect(object.items).toMatchObject([{ host: 'a' }, { host: 'b' }, { host: 'c' }]);
    }
    expect(hooks.sent).toHaveLength(1);
    expect(hooks.sent[0]![1].request).toMatchObject({ desiredAPIVersion: `${GROUP}/v2` });
    expect(hooks.sent[0]![1].request.objects).toHaveLength(3);
  });

  it('keep their metadata but for labels and annotations', async () => {
    const { ask } = await withTabs((review) => {
      const { objects, desiredAPIVersion: apiVersion } = review.request;
      const change = (object: KubeObject): object => ({
        ...other(object as Tab),
        apiVersion,
        metadata: { ...object.metadata, labels: { by: 'hook' }, generation: 99 },
      });
      return answer(review, { convertedObjects: objects.map(change) });
    });
    await ask('v1', { verb: 'create', body: tab('a', { hostPort: 'h:1' }) });
    const { object } = await ask('v2', { verb: 'get', name: 'a' });
    expect(object.metadata).toMatchObject({ labels: { by: 'hook' }, generation: 1 });
  });

  it('are there for who only wants to know which there are, whatever the webhook does', async () => {
    const { bench, ask } = await withTabs(() => ({}));
    await ask('v1', { verb: 'create', body: tab('a', { hostPort: 'h:1' }) });
    const names = bench.server
      .cache(ref('v2'))
      .list()
      .map(({ metadata }) => metadata.name);
    expect(names).toEqual(['a']);
  });
});

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe('an answer that is none', () => {
  const told = async (
    convert: (review: Review) => object,
    conversion?: object,
  ): Promise<string | undefined> => {
    const { ask } = await withTabs(convert, conversion);
    await ask('v1', { verb: 'create', body: tab('a', { hostPort: 'h:1' }) });
    const { code, object } = await ask('v2', { verb: 'get', name: 'a' });
    expect(code).toBe(500);
    return object.message
      ?.replace(`conversion webhook for ${GROUP}/v1, Kind=Tab `, '')
      .replace(UID, '…');
  };
  const changed =
    (change: (object: KubeObject) => object) =>
    (review: Review): object => {
      const { objects, desiredAPIVersion: apiVersion } = review.request;
      return answer(review, {
        convertedObjects: objects.map((each) => change({ ...each, apiVersion })),
      });
    };

  it('is told in the words of a real server', async () => {
    const elsewhere = {
      strategy: 'Webhook',
      webhook: {
        clientConfig: { service: { name: 'none', namespace: 'default', path: '/c' } },
        conversionReviewVersions: ['v1'],
      },
    };
    const all = [
      await told(converted, elsewhere),
      await told((review) => answer(review, { result: { status: 'Failed', message: 'cannot' } })),
      await told((review) => answer(review, { result: { status: 'Odd' } })),
      await told((review) => answer(review, { uid: 'other' })),
      await told((review) => answer(review, { convertedObjects: [] })),
      await told((review) => answer(review, { convertedObjects: review.request.objects })),
      await told(changed((object) => ({ ...object, kind: 'Other' }))),
      await told(changed((o) => ({ ...o, metadata: { ...o.metadata, name: 'b' } }))),
      await told(changed((o) => ({ ...o, metadata: { ...o.metadata, uid: 'x' } }))),
      await told(changed((o) => ({ ...o, metadata: { ...o.metadata, labels: { a: 1 } } }))),
    ];
    expect(all).toMatchInlineSnapshot(`
      [
        "failed: Post "https://none.default.svc:443/c?timeout=30s": service "none" not found",
        "failed: cannot",
        "failed: response.result.status was 'Odd', not 'Success'",
        "failed: expected response.uid="…", got "other"",
        "returned 0 objects, expected 1",
        "returned invalid object at index 0: invalid groupVersion (expected stable.example.com/v2, received stable.example.com/v1)",
        "returned invalid object at index 0: invalid kind (expected Tab, received Other)",
        "returned invalid object: must have the same name: a != b",
        "returned invalid object: must have the same UID: … != x",
        "returned invalid metadata: metadata.labels[a] must be a string, but is number in converted object",
      ]
    `);
  });

  it('refuses what would have to be stored in another version', async () => {
    const { bench, ask } = await withTabs(() => ({}));
    const body = tab('b', { host: 'i', port: '2' }, 'v2');
    expect(await ask('v2', { verb: 'create', body })).toMatchObject({ code: 500 });
    expect(bench.server.cache(ref('v1')).size).toBe(0);
  });
});
