import { describe, expect, it } from 'vitest';
import {
  mutatingwebhookconfigurations,
  validatingwebhookconfigurations,
} from '../../../../generated/admissionregistration/v1/resources.ts';
import { deployments } from '../../../../generated/apps/v1/resources.ts';
import { horizontalpodautoscalers } from '../../../../generated/autoscaling/v2/resources.ts';
import { configmaps, namespaces, pods } from '../../../../generated/core/v1/resources.ts';
import type { ApiRequest, ApiResponse } from '../../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';
import {
  type HookBench,
  type Hooks,
  hookedUp,
  patchOf,
  verdict,
} from '../../webhooks/webhooks.fakes.ts';

const ON_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['configmaps'],
  operations: ['*'],
};
const IN = { namespace: 'default' };

interface Spec {
  readonly path: string;
  readonly name?: string;
  readonly [more: string]: unknown;
}

const webhooksOf = (hooks: HookBench, specs: readonly Spec[]): object[] =>
  specs.map(({ path, name = `${path.slice(1)}.example.com`, ...more }) => ({
    name,
    rules: [ON_MAPS],
    clientConfig: hooks.at(path),
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  }));

const mutating = ({ client }: Bench, hooks: HookBench, specs: readonly Spec[], name = 'm') =>
  client.create(mutatingwebhookconfigurations, {
    metadata: { name },
    webhooks: webhooksOf(hooks, specs) as never,
  });
const validating = ({ client }: Bench, hooks: HookBench, specs: readonly Spec[], name = 'v') =>
  client.create(validatingwebhookconfigurations, {
    metadata: { name },
    webhooks: webhooksOf(hooks, specs) as never,
  });
const save = ({ client }: Bench, name: string, data: Record<string, string> = {}, more = {}) =>
  client.create(configmaps, { metadata: { name, ...IN, ...more }, data });

async function benchWith(hooks: Hooks): Promise<[Bench, HookBench]> {
  const bench = await serverForTests();
  return [bench, await hookedUp(bench, hooks)];
}

const raw = (bench: Bench, request: Partial<ApiRequest>): Promise<ApiResponse> =>
  Promise.resolve(
    bench.server.request({
      verb: 'create',
      resource: configmaps,
      ...IN,
      user: { name: 'ann', groups: ['system:masters'], extra: { seat: ['1'] } },
      cause: { component: 'tests', record: 0 },
      ...request,
    } as ApiRequest),
  );

describe('a webhook that refuses', () => {
  const denying = (status: object): Hooks => ({
    '/deny': (review) => verdict(review, { allowed: false, status }),
  });
  const refusedBy = async (status: object): Promise<object> => {
    const [bench, hooks] = await benchWith(denying(status));
    await validating(bench, hooks, [{ path: '/deny' }]);
    return refusal(save(bench, 'a'));
  };
  const BY = 'admission webhook "deny.example.com" denied the request';

  it('does so with its message, reason and code, or without explanation', async () => {
    expect(await refusedBy({ message: 'no', code: 403, reason: 'Forbidden' })).toEqual({
      code: 403,
      reason: 'Forbidden',
      message: `${BY}: no`,
    });
    expect(await refusedBy({ reason: 'because' })).toEqual({
      code: 400,
      reason: 'because',
      message: `${BY}: because`,
    });
    expect(await refusedBy({ code: 200 })).toMatchObject({
      code: 400,
      message: `${BY} without explanation`,
    });
  });

  it('is asked about deletions, of one and of many, with the object that was', async () => {
    const [bench, hooks] = await benchWith({
      '/keep': (review) => {
        const { operation, oldObject } = review.request;
        const isKept = operation === 'DELETE' && oldObject?.metadata.name === 'b';
        return verdict(review, { allowed: !isKept });
      },
    });
    for (const name of ['a', 'b', 'c']) await save(bench, name);
    await validating(bench, hooks, [{ path: '/keep' }]);
    expect(await refusal(bench.client.delete(configmaps, { name: 'b', ...IN }))).toMatchObject({
      code: 400,
    });
    expect(hooks.sent[0]![1].request).toMatchObject({
      operation: 'DELETE',
      object: null,
      name: 'b',
      options: { kind: 'DeleteOptions' },
    });
    const answer = await raw(bench, { verb: 'deletecollection' });
    expect(answer.code).toBe(400);
    const { items } = await bench.client.list(configmaps, IN);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['b', 'c']);
  });

  it('never refuses what configures webhooks', async () => {
    const [bench, hooks] = await benchWith(denying({}));
    const all = { ...ON_MAPS, apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] };
    await validating(bench, hooks, [{ path: '/deny', rules: [all] }]);
    await bench.client.delete(validatingwebhookconfigurations, { name: 'v' });
    await save(bench, 'a');
  });
});

describe('a review', () => {
  it('says what is done by whom, to what, and how', async () => {
    const [bench, hooks] = await benchWith({ '/see': (review) => verdict(review, {}) });
    await validating(bench, hooks, [{ path: '/see' }]);
    const body = { metadata: { name: 'a' }, data: { k: 'v' } };
    await raw(bench, { body, options: { fieldManager: 'me' } });
    const [[, { apiVersion, kind, request }]] = hooks.sent as [HookBench['sent'][number]];
    const { uid, object, ...rest } = request;
    expect([apiVersion, kind]).toEqual(['admission.k8s.io/v1', 'AdmissionReview']);
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', ...body });
    expect(rest).toMatchInlineSnapshot(`
      {
        "dryRun": false,
        "kind": {
          "group": "",
          "kind": "ConfigMap",
          "version": "v1",
        },
        "name": "a",
        "namespace": "default",
        "oldObject": null,
        "operation": "CREATE",
        "options": {
          "apiVersion": "meta.k8s.io/v1",
          "fieldManager": "me",
          "kind": "CreateOptions",
        },
        "requestKind": {
          "group": "",
          "kind": "ConfigMap",
          "version": "v1",
        },
        "requestResource": {
          "group": "",
          "resource": "configmaps",
          "version": "v1",
        },
        "resource": {
          "group": "",
          "resource": "configmaps",
          "version": "v1",
        },
        "userInfo": {
          "extra": {
            "seat": [
              "1",
            ],
          },
          "groups": [
            "system:masters",
          ],
          "username": "ann",
        },
      }
    `);
  });

  it('comes in the old form to those that know no other, whose answers are not looked at so closely', async () => {
    const [bench, hooks] = await benchWith({
      '/old': () => ({
        response: { allowed: false },
        kind: 'AdmissionReview',
        apiVersion: 'admission.k8s.io/v1beta1',
      }),
    });
    await validating(bench, hooks, [{ path: '/old', admissionReviewVersions: ['v1beta1'] }]);
    expect(await refusal(save(bench, 'a'))).toMatchObject({ code: 400 });
    expect(hooks.sent[0]![1].apiVersion).toBe('admission.k8s.io/v1beta1');
  });

  it('is in the version that the rules name, whatever the request speaks, unless only that counts', async () => {
    const [bench, hooks] = await benchWith({
      '/see': (review) => verdict(review, {}),
      '/exact': (review) => verdict(review, {}),
    });
    const rule = { ...ON_MAPS, apiGroups: ['autoscaling'], apiVersions: ['v1'] };
    const rules = [{ ...rule, resources: ['horizontalpodautoscalers'] }];
    await validating(bench, hooks, [
      { path: '/see', rules },
      { path: '/exact', rules, matchPolicy: 'Exact' },
    ]);
    await bench.client.create(horizontalpodautoscalers, {
      metadata: { name: 'h', ...IN },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        maxReplicas: 3,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 40 } },
          },
        ],
      },
    });
    expect(hooks.sent.map(([path]) => path)).toEqual(['/see']);
    expect(hooks.sent[0]![1].request).toMatchObject({
      kind: { version: 'v1' },
      requestKind: { version: 'v2' },
      object: { apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 40 } },
    });
  });

  it('is of a scale where that is what is written, and a patch to it counts', async () => {
    const [bench, hooks] = await benchWith({
      '/small': (review) =>
        verdict(review, patchOf({ op: 'replace', path: '/spec/replicas', value: 2 })),
    });
    const labels = { app: 'a' };
    await bench.client.create(deployments, {
      metadata: { name: 'd', ...IN },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'c', image: 'i' }] },
        },
      },
    });
    const rule = { ...ON_MAPS, apiGroups: ['apps'], resources: ['deployments/scale'] };
    await mutating(bench, hooks, [{ path: '/small', rules: [rule] }]);
    const patch = { verb: 'patch', patchType: 'application/merge-patch+json' } as const;
    const body = { spec: { replicas: 9 } };
    const asked = { resource: deployments, name: 'd', subresource: 'scale', body };
    const { object } = await raw(bench, { ...patch, ...asked });
    expect(object).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
    expect(hooks.sent[0]![1].request).toMatchObject({
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      subResource: 'scale',
      object: { kind: 'Scale', spec: { replicas: 9 } },
      oldObject: { spec: { replicas: 1 } },
    });
  });
});

describe('a webhook that changes objects', () => {
  const adds = (key: string) => (review: Parameters<Hooks[string]>[0]) =>
    verdict(review, patchOf({ op: 'add', path: `/data/${key}`, value: 'yes' }));

  it('sees what the one before it made; what comes of it is completed and checked', async () => {
    const [bench, hooks] = await benchWith({
      '/container': (review) =>
        verdict(
          review,
          patchOf({ op: 'add', path: '/spec/containers/-', value: { name: 'x', image: 'y' } }),
        ),
      '/broken': (review) =>
        verdict(review, patchOf({ op: 'add', path: '/spec/containers/1/name', value: 'NO' })),
    });
    const rules = [{ ...ON_MAPS, resources: ['pods'] }];
    await mutating(bench, hooks, [{ path: '/container', rules }]);
    const pod = {
      metadata: { name: 'p', ...IN },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    const made = await bench.client.create(pods, pod);
    expect(made.spec?.containers[1]).toMatchObject({
      name: 'x',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'Always',
    });
    await mutating(bench, hooks, [{ path: '/broken', rules }], 'n');
    const next = { ...pod, metadata: { ...pod.metadata, name: 'q' } };
    expect(await refusal(bench.client.create(pods, next))).toMatchObject({
      code: 422,
      fields: ['spec.containers[1].name'],
    });
  });

  it('is asked again, if it wants to be and others changed the object after it', async () => {
    const follows = (sign: string, key: string) => (review: Parameters<Hooks[string]>[0]) => {
      const { data = {} } = review.request.object as { data?: Record<string, string> };
      return data[sign] ? adds(key)(review) : verdict(review, {});
    };
    const [bench, hooks] = await benchWith({
      '/eager': follows('late', 'again'),
      '/shy': follows('late', 'never'),
      '/late': adds('late'),
    });
    await mutating(bench, hooks, [
      { path: '/eager', reinvocationPolicy: 'IfNeeded' },
      { path: '/shy' },
      { path: '/late' },
    ]);
    const { data } = await save(bench, 'a', { k: 'v' });
    expect(data).toEqual({ k: 'v', late: 'yes', again: 'yes' });
    expect(hooks.sent.map(([path]) => path)).toEqual(['/eager', '/shy', '/late', '/eager']);
  });

  it('comes before all that only check, and in the order of the names of configurations', async () => {
    const [bench, hooks] = await benchWith({
      '/b': adds('b'),
      '/a': adds('a'),
      '/check': (review) => verdict(review, { warnings: ['seen'] }),
    });
    await validating(bench, hooks, [{ path: '/check' }], 'a');
    await mutating(bench, hooks, [{ path: '/b' }], 'z');
    await mutating(bench, hooks, [{ path: '/a' }], 'y');
    const answer = await raw(bench, { body: { metadata: { name: 'c' }, data: { k: 'v' } } });
    expect(answer).toMatchObject({ code: 201, warnings: ['seen'] });
    expect(hooks.sent.map(([path]) => path)).toEqual(['/a', '/b', '/check']);
    expect(hooks.sent[2]![1].request.object).toMatchObject({ data: { a: 'yes', b: 'yes' } });
  });

  it('says why its patch does not fit, in the words of the library behind Kubernetes', async () => {
    const patches = [
      [{ op: 'remove', path: '/data/none' }],
      [{ op: 'add', path: '/spec/x/y', value: 1 }],
      [{ op: 'replace', path: '/spec/x/y', value: 1 }],
      [{ op: 'test', path: '/metadata/name', value: 'z' }],
      [{ op: 'add', path: '/data/x', value: 1 }],
    ];
    const told = [];
    for (const patch of patches) {
      const [bench, hooks] = await benchWith({
        '/p': (review) => verdict(review, patchOf(...patch)),
      });
      await mutating(bench, hooks, [{ path: '/p' }]);
      const { message } = (await refusal(save(bench, 'a', { k: 'v' }))) as { message: string };
      told.push(message.replace('Internal error occurred: ', ''));
    }
    expect(told).toMatchInlineSnapshot(`
      [
        "error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value",
        "add operation does not apply: doc is missing path: "/spec/x/y": missing value",
        "replace operation does not apply: doc is missing path: /spec/x/y: missing value",
        "testing value /metadata/name failed: test failed",
        "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
      ]
    `);
  });

  it('cannot change what is deleted, and not by a patch that does not fit', async () => {
    const [bench, hooks] = await benchWith({
      '/gone': (review) => verdict(review, patchOf({ op: 'remove', path: '/data/none' })),
    });
    await save(bench, 'a');
    await mutating(bench, hooks, [{ path: '/gone' }]);
    expect(await refusal(save(bench, 'b'))).toMatchObject({ code: 500, reason: 'InternalError' });
    expect(await refusal(bench.client.delete(configmaps, { name: 'a', ...IN }))).toMatchObject({
      code: 500,
      message:
        'Internal error occurred: admission webhook "gone.example.com" attempted to modify the object, which is not supported for this operation',
    });
  });
});

describe('which requests a webhook is asked about', () => {
  it('are those whose namespace, object and conditions fit', async () => {
    const [bench, hooks] = await benchWith({
      '/no': (review) => verdict(review, { allowed: false }),
    });
    await bench.client.create(namespaces, {
      metadata: { name: 'strict', labels: { strict: 'yes' } },
    });
    await validating(bench, hooks, [
      {
        path: '/no',
        namespaceSelector: { matchLabels: { strict: 'yes' } },
        objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
        matchConditions: [{ name: 'c', expression: "object.metadata.name != 'spared'" }],
      },
    ]);
    const strict = { namespace: 'strict' };
    await save(bench, 'a');
    await save(bench, 'b', {}, { ...strict, labels: { free: '' } });
    await save(bench, 'spared', {}, strict);
    expect(await refusal(save(bench, 'c', {}, strict))).toMatchObject({ code: 400 });
    expect(hooks.sent).toHaveLength(1);
  });

  it('depend on the policy for failures where a condition cannot be evaluated', async () => {
    const broken = [{ name: 'c', expression: 'object.nothing == 1' }];
    const [bench, hooks] = await benchWith({});
    await validating(bench, hooks, [
      { path: '/a', matchConditions: broken, failurePolicy: 'Ignore' },
    ]);
    await save(bench, 'a');
    await validating(bench, hooks, [{ path: '/b', matchConditions: broken }], 'w');
    expect(await refusal(save(bench, 'b'))).toMatchObject({ code: 403, reason: 'Forbidden' });
    expect(hooks.sent).toEqual([]);
  });

  it('are not those that are only tried, where it would do more than answer', async () => {
    const [bench, hooks] = await benchWith({ '/ok': (review) => verdict(review, {}) });
    const { client } = bench;
    await validating(bench, hooks, [{ path: '/ok', sideEffects: 'NoneOnDryRun' }]);
    const tried = await client.create(
      configmaps,
      { metadata: { name: 'a', ...IN } },
      { dryRun: true },
    );
    expect(tried.metadata.name).toBe('a');
    expect(hooks.sent[0]![1].request).toMatchObject({
      dryRun: true,
      options: { dryRun: ['All'] },
    });
  });
});

describe('a webhook that cannot be asked', () => {
  const failing = async (bench: Bench, hooks: HookBench, more: object = {}): Promise<string> => {
    const spec = { path: '/x', ...more };
    await validating(bench, hooks, [spec]);
    const { message, code } = (await refusal(save(bench, 'a'))) as Record<string, string>;
    expect(code).toBe(500);
    return message!.replace(
      'Internal error occurred: failed calling webhook "x.example.com": ',
      '',
    );
  };

  it('fails the request, unless it may, in the words of a real server', async () => {
    const slow: Hooks = { '/x': () => ({ afterMs: 10_000 }) };
    const told = [];
    const clientConfig = (service: object) => ({ clientConfig: { service } });
    const at = { name: 'hook', namespace: 'default', path: '/x' };
    for (const [hooks, more] of [
      [slow, {}],
      [slow, clientConfig(at)],
      [slow, clientConfig({ ...at, name: 'none' })],
      [slow, clientConfig({ ...at, port: 444 })],
      [{}, {}],
      [{ '/x': () => ({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' }) }, {}],
      [{ '/x': (review) => verdict(review, { uid: 'other' }) }, {}],
      [{ '/x': (review) => verdict(review, patchOf()) }, {}],
      [{ '/x': () => ({}) }, {}],
      [{ '/x': () => ({ kind: 'Pod', apiVersion: 'v1' }) }, {}],
      [{ '/x': (review) => verdict(review, { allowed: 'yes' }) }, {}],
    ] as readonly [Hooks, object][]) {
      const [bench, hooked] = await benchWith(hooks);
      told.push(await failing(bench, hooked, more));
    }
    expect(told.map((each) => each.replace(/uid="[^"]*"/g, 'uid'))).toMatchInlineSnapshot(`
      [
        "failed to call webhook: Post "https://hook.default.svc:443/x?timeout=10s": context deadline exceeded",
        "failed to call webhook: Post "https://hook.default.svc:443/x?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "failed to call webhook: Post "https://none.default.svc:443/x?timeout=10s": service "none" not found",
        "failed to call webhook: Post "https://hook.default.svc:444/x?timeout=10s": no service port 444 found for service "hook"",
        "failed to call webhook: the server could not find the requested resource",
        "received invalid webhook response: webhook response was absent",
        "received invalid webhook response: expected response.uid, got "other"",
        "received invalid webhook response: validating webhook may not return response.patch",
        "received invalid webhook response: webhook response was absent",
        "failed to call webhook: no kind "Pod" is registered for version "v1" in scheme "k8s.io/apiserver/pkg/util/webhook/client.go:71"",
        "failed to call webhook: json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool",
      ]
    `);
  });

  it('is done without where its configuration says so, and the client has waited', async () => {
    const [bench, hooks] = await benchWith({ '/x': () => ({ afterMs: 60_000 }) });
    const ignored = { failurePolicy: 'Ignore', timeoutSeconds: 3 };
    await validating(bench, hooks, [{ path: '/x', ...ignored }]);
    const answer = await raw(bench, { body: { metadata: { name: 'a' } } });
    expect(answer).toMatchObject({ code: 201, tookMs: 3000 });
  });

  it('is one at a URL, where nobody opened a way out of the cluster', async () => {
    const [bench, hooks] = await benchWith({});
    const { client, server } = bench;
    await validating(bench, hooks, [
      { path: '/x', clientConfig: { url: 'https://127.0.0.1:1/x' } },
    ]);
    expect(await refusal(save(bench, 'a'))).toMatchObject({
      code: 500,
      message: expect.stringContaining('can be asked only where the cluster is served'),
    });
    const asked: string[] = [];
    server.openDoor(async ({ url, body }) => {
      asked.push(url);
      const review = JSON.parse(body);
      const said = verdict(review, { allowed: review.request.name !== 'bad', warnings: ['far'] });
      const about = { status: 200, contentType: 'application/json', tookMs: 0 };
      return { ...about, body: JSON.stringify(said) };
    });
    expect(await raw(bench, { body: { metadata: { name: 'a' } } })).toMatchObject({
      code: 201,
      warnings: ['far'],
    });
    expect(await refusal(client.create(configmaps, { metadata: { name: 'bad', ...IN } }))).toEqual({
      code: 400,
      reason: '',
      message: 'admission webhook "x.example.com" denied the request without explanation',
    });
    expect(asked).toEqual([
      'https://127.0.0.1:1/x?timeout=10s',
      'https://127.0.0.1:1/x?timeout=10s',
    ]);
  });
});
