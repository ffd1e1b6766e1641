import { describe, expect, it } from 'vitest';
import { deployments, replicasets } from '../../generated/apps/v1/resources.ts';
import { jobs } from '../../generated/batch/v1/resources.ts';
import { certificatesigningrequests } from '../../generated/certificates/v1/resources.ts';
import {
  bindings,
  configmaps,
  endpoints,
  namespaces,
  nodes,
  pods,
  replicationcontrollers,
  secrets,
  serviceaccounts,
} from '../../generated/core/v1/resources.ts';
import type { ApiRequest, Status } from '../meta/index.ts';
import { type Bench, serverForTests } from './server.fakes.ts';

const NS = { namespace: 'default' };
const AT = { name: 'a', ...NS };
const CONFIG = { metadata: AT };
const APPLY = 'application/apply-patch+yaml';

async function ask({ server }: Bench, request: object) {
  const answer = await server.request({
    resource: configmaps,
    ...NS,
    user: { name: 'u', groups: ['system:masters'] },
    cause: { component: 'tests', record: 0 },
    ...request,
  } as unknown as ApiRequest);
  const { message = '', details } = answer.object as unknown as Status;
  return { ...answer, text: `${answer.code} ${message}`, details };
}

async function withConfig(): Promise<Bench> {
  const bench = await serverForTests();
  await ask(bench, { verb: 'create', body: CONFIG });
  return bench;
}

describe('options of writes', () => {
  it('are refused where they cannot be', async () => {
    const bench = await withConfig();
    const patch = {
      verb: 'patch',
      name: 'a',
      body: { ...CONFIG, apiVersion: 'v1', kind: 'ConfigMap' },
    };
    const long = 'x'.repeat(129);
    expect([
      (await ask(bench, { ...patch, patchType: APPLY })).text,
      (await ask(bench, { ...patch, patchType: APPLY, options: { fieldManager: long } })).text,
      (await ask(bench, { verb: 'create', body: CONFIG, options: { fieldManager: 'a\u0000' } }))
        .text,
      (await ask(bench, { ...patch, options: { force: true } })).text,
      (await ask(bench, { verb: 'delete', name: 'a', options: { propagationPolicy: 'No' } })).text,
    ]).toMatchInlineSnapshot(`
      [
        "422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch",
        "422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes",
        "422 CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\u0000": should only contain printable characters",
        "422 PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch",
        "422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "No": supported values: "Background", "Foreground", "Orphan", "nil"",
      ]
    `);
  });
});

describe('applied configurations', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  const apply = async (body: object, more: object = {}) =>
    (
      await ask(await serverForTests(), {
        verb: 'patch',
        name: 'a',
        patchType: APPLY,
        options: { fieldManager: 'me' },
        body,
        ...more,
      })
    ).text;

  it('say what they are', async () => {
    const { apiVersion: _, ...unversioned } = config;
    expect([
      await apply(unversioned),
      await apply({ ...config, kind: 'Secret' }),
      await apply({ ...config, metadata: { name: 'b' } }),
      await apply({ ...config, metadata: { name: 'a', namespace: 'other' } }),
      await apply({ ...config, metadata: { managedFields: [{ manager: 'x' }] } }),
      await apply({ ...config, data: { k: 5 }, nobody: 1 }),
      await apply({ ...config, immutable: 'yes' }),
    ]).toMatchInlineSnapshot(`
      [
        "400 Incorrect version specified in apply patch. Specified patch version: , expected: v1",
        "400 invalid object type: /v1, Kind=Secret",
        "400 the name of the object (b) does not match the name on the URL (a)",
        "400 the namespace of the provided object does not match the namespace sent on the request",
        "400 metadata.managedFields must be nil",
        "500 failed to create typed patch object (a; v1, Kind=ConfigMap): errors:
        .data.k: expected string, got &value.valueUnstructured{Value:5}
        .nobody: field not declared in schema",
        "500 failed to create typed patch object (a; v1, Kind=ConfigMap): .immutable: expected boolean, got &value.valueUnstructured{Value:"yes"}",
      ]
    `);
  });

  it('may be told off for their text', async () => {
    const notes = { strictErrors: ['twice'], literals: {} };
    const options = { fieldManager: 'me', fieldValidation: 'Strict' };
    expect(await apply(config, { notes, options })).toBe('400 error strict decoding YAML: twice');
    expect(await apply(config, { notes })).toBe('201 ');
  });

  it('set the scale and own it', async () => {
    const bench = await serverForTests();
    const spec = {
      replicas: 1,
      selector: { matchLabels: { a: 'b' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    };
    const made = { verb: 'create', resource: deployments, body: { ...CONFIG, spec } };
    await ask(bench, { ...made, options: { fieldManager: 'maker' } });
    const scale = (force: boolean) =>
      ask(bench, {
        verb: 'patch',
        resource: deployments,
        name: 'a',
        subresource: 'scale',
        patchType: APPLY,
        options: { fieldManager: 'scaler', force },
        body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: AT, spec: { replicas: 4 } },
      });
    expect((await scale(false)).text).toBe(
      '409 Apply failed with 1 conflict: conflict with "maker" using apps/v1: .spec.replicas',
    );
    expect((await scale(true)).object).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    const { object } = await ask(bench, { verb: 'get', resource: deployments, name: 'a' });
    const shown = bench.server.withManagedFields(deployments, object);
    expect(shown.metadata.managedFields?.at(-1)).toMatchObject({
      manager: 'scaler',
      operation: 'Apply',
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
  });
});

describe('patches', () => {
  const patch = async (patchType: string, body: unknown, more: object = {}) =>
    ask(await withConfig(), { verb: 'patch', name: 'a', patchType, body, ...more });
  const JSON_PATCH = 'application/json-patch+json';
  const MERGE = 'application/merge-patch+json';

  it('that make something else of an object are refused as patches', async () => {
    expect([
      (await patch(MERGE, { kind: 'Secret' })).text.replace(/Invalid value: ".*":/, '…'),
      (await patch(MERGE, { data: { k: 5 } })).text.replace(/Invalid value: ".*":/, '…'),
      (await patch('application/strategic-merge-patch+json', { data: { k: 5 } })).text,
    ]).toMatchInlineSnapshot(`
      [
        "422  "" is invalid: patch: … unable to decode v1, Kind=Secret into v1, Kind=ConfigMap",
        "422  "" is invalid: patch: … json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
        "422  "" is invalid: patch: Invalid value: "map[data:map[k:5]]": cannot convert int64 to string",
      ]
    `);
  });

  it('may take the kind away, which the path knows', async () => {
    const { code, object } = await patch(JSON_PATCH, [{ op: 'remove', path: '/kind' }]);
    expect([code, object.kind]).toEqual([200, 'ConfigMap']);
  });

  it('warn of keys that they have twice', async () => {
    const notes = { strictErrors: ['duplicate field "data.a"'], literals: {} };
    const { warnings } = await patch(MERGE, { data: { a: '1' } }, { notes });
    expect(warnings).toEqual(['duplicate field "data.a"']);
  });
});

describe('bodies', () => {
  it('of another kind or version are refused in the words of the decoder', async () => {
    const bench = await serverForTests();
    const post = async (body: object, more: object = {}) =>
      (await ask(bench, { verb: 'create', body, ...more })).text;
    const notes = { strictErrors: ['duplicate field "x"'], literals: { 'spec.replicas': '2.0' } };
    expect([
      await post({ kind: 'Pod', apiVersion: 'v1', ...CONFIG }),
      await post({ kind: 'ConfigMap', apiVersion: 'v2', ...CONFIG }),
      await post({ ...CONFIG, data: { k: 5 } }),
      await post({ ...CONFIG, nobody: 5 }, { options: { fieldValidation: 'Strict' } }),
      await post({ ...CONFIG, spec: { replicas: 2 } }, { resource: deployments, notes }),
    ]).toMatchInlineSnapshot(`
      [
        "400 Pod in version "v1" cannot be handled as a ConfigMap: no kind "Pod" is registered for version "v1" that is a ConfigMap",
        "400 the API version in the data (v2) does not match the expected API version (v1)",
        "400 ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
        "400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nobody"",
        "400 Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number 2.0 into Go struct field DeploymentSpec.spec.replicas of type int32",
      ]
    `);
  });
});

describe('paths', () => {
  it('of collections and objects take what can be done to them', async () => {
    const bench = await withConfig();
    const off = '405 the server does not allow this method on the requested resource';
    const wrong = [
      { verb: 'create', name: 'a', body: CONFIG },
      { verb: 'update', body: CONFIG },
      { verb: 'patch', body: {} },
      { verb: 'deletecollection', namespace: undefined },
      { verb: 'create', namespace: undefined, body: CONFIG },
    ];
    for (const request of wrong) expect((await ask(bench, request)).text).toBe(off);
  });

  it('ask for a version of an object that there is', async () => {
    const bench = await withConfig();
    const get = (resourceVersion: string) =>
      ask(bench, { verb: 'get', name: 'a', options: { resourceVersion } });
    expect((await get('0')).code).toBe(200);
    const { code, details } = await get('999999');
    expect([code, details?.causes?.[0]?.reason, details?.retryAfterSeconds]).toEqual([
      504,
      'ResourceVersionTooLarge',
      1,
    ]);
  });
});

describe('fields that lists select by', () => {
  it('count as their zero where they are absent', async () => {
    const bench = await serverForTests();
    await ask(bench, {
      verb: 'create',
      resource: nodes,
      namespace: undefined,
      body: { metadata: { name: 'n' } },
    });
    const listed = async (resource: unknown, fieldSelector: string, namespace?: string) => {
      const { object } = await ask(bench, {
        verb: 'list',
        resource,
        namespace,
        options: { fieldSelector },
      });
      return (object as unknown as { items: unknown[] }).items.length;
    };
    expect(await listed(nodes, 'spec.unschedulable=false')).toBe(1);
    expect(await listed(nodes, 'spec.unschedulable!=false')).toBe(0);
    expect(await listed(nodes, 'metadata.name=n')).toBe(1);
    expect(await listed(nodes, 'metadata.name=m')).toBe(0);
    expect(await listed(jobs, 'status.successful=0', 'default')).toBe(0);
  });

  it('lead to a pod by its node or name, in all namespaces or in one', async () => {
    const bench = await serverForTests();
    await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...NS } });
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    for (const name of ['a', 'b'])
      await ask(bench, { verb: 'create', resource: pods, body: { metadata: { name }, spec } });
    const target = { kind: 'Node', name: 'n1' };
    const bound = await ask(bench, {
      verb: 'create',
      resource: bindings,
      body: { metadata: { name: 'a' }, target },
    });
    expect([bound.code, bound.object.kind]).toEqual([201, 'Status']);
    const listed = async (fieldSelector: string, namespace?: string) => {
      const { object } = await ask(bench, {
        verb: 'list',
        resource: pods,
        namespace,
        options: { fieldSelector },
      });
      const { items } = object as unknown as { items: { metadata: { name: string } }[] };
      return items.map(({ metadata }) => metadata.name);
    };
    expect(await listed('spec.nodeName=n1')).toEqual(['a']);
    expect(await listed('spec.nodeName=n1', 'other')).toEqual([]);
    expect(await listed('spec.nodeName=')).toEqual(['b']);
    expect(await listed('spec.nodeName=n1,metadata.name=b')).toEqual([]);
    expect(await listed('metadata.name=b')).toEqual(['b']);
    expect(await listed('metadata.namespace=default')).toEqual(['a', 'b']);
    expect(await listed('metadata.namespace=other,metadata.name=a')).toEqual([]);
    expect(await listed('spec.hostNetwork=false')).toEqual(['a', 'b']);
    expect(await listed('spec.host=n1')).toEqual(['a']);
    expect(await listed('status.podIPs=10.1.2.3')).toEqual([]);
  });

  it('are known by the kind, and others refused in its words', async () => {
    const bench = await serverForTests();
    const refused = async (resource: unknown, fieldSelector: string) => {
      const { code, object } = await ask(bench, {
        verb: 'list',
        resource,
        options: { fieldSelector },
      });
      return [code, (object as { message?: string }).message];
    };
    const other = 'field label not supported: ';
    expect(await refused(pods, 'spec.x=1')).toEqual([400, `${other}spec.x`]);
    expect(await refused(nodes, 'metadata.namespace=x')).toEqual([
      400,
      `${other}metadata.namespace`,
    ]);
    expect(await refused(secrets, 'data=1')).toEqual([400, `${other}data`]);
    expect(await refused(jobs, 'status.succeeded=1')).toEqual([
      400,
      'field label "status.succeeded" not supported for batchv1.Job',
    ]);
    expect(await refused(replicasets, 'status.replicas=1')).toEqual([
      400,
      '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ]);
    for (const [resource, selector] of [
      [replicationcontrollers, 'status.replicas=1'],
      [namespaces, 'status.phase!=Active'],
      [certificatesigningrequests, 'spec.signerName=a/b'],
      [secrets, 'type=Opaque'],
    ] as const)
      expect(await refused(resource, selector)).toEqual([200, undefined]);
  });
});

describe('answers', () => {
  it('say of kinds that went out of use that they did', async () => {
    const bench = await serverForTests();
    const { warnings } = await ask(bench, { verb: 'list', resource: endpoints });
    expect(warnings).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    ]);
    expect((await ask(bench, { verb: 'list' })).warnings).toBeUndefined();
  });

  it('say when there is no name left, and that one may try again', async () => {
    const bench = await serverForTests();
    // With no letters to choose from, all generated names are one.
    const body = { metadata: { generateName: 'x-' } };
    const names = new Set<string>();
    const cache = bench.server.cache(configmaps);
    const { row } = cache;
    Object.defineProperty(cache, 'row', {
      value: (key: string) =>
        key.startsWith('default/x-') ? { object: names.add(key) } : row.call(cache, key),
    });
    const { text, details } = await ask(bench, { verb: 'create', body });
    expect(text).toMatch(
      /^409 configmaps "x-\w{5}" already exists, the server was not able to generate a unique name for the object$/,
    );
    expect([details?.retryAfterSeconds, names.size]).toEqual([1, 8]);
  });
});
