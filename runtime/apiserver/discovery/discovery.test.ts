import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaSet } from '../../../generated/registry.ts';
import { type KindDescriptor, type SchemaSet, servedAt } from '../../../generator/model/index.ts';
import { compareVersions } from './groups.ts';
import { discoveryAnswer } from './index.ts';
import { storageVersionHash } from './resources.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function kind(group: string, version: string, name: string, rest: Partial<KindDescriptor> = {}) {
  const singular = name.toLowerCase();
  return {
    group,
    version,
    kind: name,
    plural: `${singular}s`,
    singular,
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['watch', 'list', 'get', 'create'],
    schema: `${group.split('.')[0] || 'core'}/${version}.${name}`,
    subresources: {},
    ...rest,
  } as unknown as KindDescriptor;
}

const head = (apiVersion: string, name: string) => ({
  properties: { apiVersion: { enum: [apiVersion] }, kind: { enum: [name] } },
});

const set: SchemaSet = {
  groups: [
    { name: 'apps', priority: 2000 },
    { name: 'batch', priority: 1500 },
  ],
  definitions: {
    'core/v1.Pod': {},
    'core/v1.Binding': {},
    'policy/v1.Eviction': head('policy/v1', 'Eviction'),
    'storage/v1.Eviction': { properties: { other: {} } },
    'autoscaling/v1.Scale': head('autoscaling/v1', 'Scale'),
  },
  kinds: [
    kind('', 'v1', 'Pod', {
      shortNames: ['po'],
      categories: ['all'],
      subresources: {
        status: {},
        others: {
          binding: { kind: 'Binding', verbs: ['create'] },
          eviction: { kind: 'Eviction', verbs: ['create'] },
          exec: { kind: 'PodExecOptions', verbs: ['get', 'create'] },
        },
      },
    }),
    kind('', 'v1', 'Namespace', { namespaced: false }),
    kind('', 'v1', 'Review', { verbs: ['create'] }),
    kind('example.com', 'v1', 'Gizmo'),
    kind('example.com', 'v2beta1', 'Gizmo'),
    kind('example.com', 'v2', 'Gizmo'),
    kind('batch', 'v1', 'Job'),
    kind('apps', 'v1', 'Deployment', {
      subresources: {
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
      },
    }),
  ],
};

function get(path: string, accept?: string, schemas = set) {
  const answer = discoveryAnswer(schemas, { path, accept }, { serverAddress: '127.0.0.1:6443' });
  return answer && JSON.parse(answer.body.toString());
}

describe('the plain documents', () => {
  it('name the core versions and the server', () => {
    expect(get('/api')).toEqual({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
    });
  });

  it('list groups by priority and then by name, without the core group', () => {
    const { groups, ...rest } = get('/apis/');
    expect(rest).toEqual({ kind: 'APIGroupList', apiVersion: 'v1' });
    expect(groups.map(({ name }: { name: string }) => name)).toEqual([
      'apps',
      'batch',
      'example.com',
    ]);
  });

  it('list versions of a group, the preferred one first', () => {
    expect(get('/apis/example.com')).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'example.com',
      versions: ['v2', 'v1', 'v2beta1'].map((version) => ({
        groupVersion: `example.com/${version}`,
        version,
      })),
      preferredVersion: { groupVersion: 'example.com/v2', version: 'v2' },
    });
  });

  it('list resources by name, each before its subresources, with the kinds that these take', () => {
    expect(get('/api/v1')).toEqual({
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        {
          name: 'namespaces',
          singularName: 'namespace',
          namespaced: false,
          kind: 'Namespace',
          verbs: ['create', 'get', 'list', 'watch'],
          storageVersionHash: 'Q3oi5N2YM8M=',
        },
        {
          name: 'pods',
          singularName: 'pod',
          namespaced: true,
          kind: 'Pod',
          verbs: ['create', 'get', 'list', 'watch'],
          shortNames: ['po'],
          categories: ['all'],
          storageVersionHash: 'xPOwRZ+Yhw8=',
        },
        sub('pods/binding', { kind: 'Binding', verbs: ['create'] }),
        sub('pods/eviction', {
          group: 'policy',
          version: 'v1',
          kind: 'Eviction',
          verbs: ['create'],
        }),
        sub('pods/exec', { kind: 'PodExecOptions', verbs: ['create', 'get'] }),
        sub('pods/status', { kind: 'Pod', verbs: ['get', 'patch', 'update'] }),
        {
          name: 'reviews',
          singularName: 'review',
          namespaced: true,
          kind: 'Review',
          verbs: ['create'],
        },
      ],
    });
    const [, scale] = get('/apis/apps/v1').resources;
    expect(scale).toMatchObject({ name: 'deployments/scale', group: 'autoscaling', kind: 'Scale' });
    expect(get('/apis/apps/v1').apiVersion).toBe('v1');
  });

  it('come as YAML too, and as nothing else', () => {
    const yaml = discoveryAnswer(set, { path: '/apis/apps', accept: 'application/yaml' })!;
    expect(yaml.headers['content-type']).toBe('application/yaml');
    expect(parse(yaml.body.toString())).toEqual(get('/apis/apps'));
    const refused = discoveryAnswer(set, { path: '/apis/apps', accept: 'text/html' })!;
    expect([refused.status, JSON.parse(refused.body.toString()).reason]).toEqual([
      406,
      'NotAcceptable',
    ]);
  });

  it.each([
    '/api/v2',
    '/apis/nope',
    '/apis/apps/v2',
    '/apis/apps/v1/deployments',
    '/apis//v1',
    '/',
  ])('are not at %s', (path) => {
    expect(get(path)).toBeUndefined();
  });
});

function sub(name: string, rest: object): object {
  return { name, singularName: '', namespaced: true, ...rest };
}

describe('the aggregated document', () => {
  it('has the core group at /api and all others at /apis', () => {
    const core = get('/api', AGGREGATED);
    expect(core).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
    });
    expect(core.items).toHaveLength(1);
    expect(core.items[0].metadata).toEqual({});
    expect(core.items[0].versions[0].resources[1]).toEqual({
      resource: 'pods',
      responseKind: { group: '', version: '', kind: 'Pod' },
      scope: 'Namespaced',
      singularResource: 'pod',
      verbs: ['create', 'get', 'list', 'watch'],
      shortNames: ['po'],
      categories: ['all'],
      subresources: [
        {
          subresource: 'binding',
          responseKind: { group: '', version: '', kind: 'Binding' },
          verbs: ['create'],
        },
        {
          subresource: 'eviction',
          responseKind: { group: 'policy', version: 'v1', kind: 'Eviction' },
          verbs: ['create'],
        },
        {
          subresource: 'exec',
          responseKind: { group: '', version: '', kind: 'PodExecOptions' },
          verbs: ['create', 'get'],
        },
        {
          subresource: 'status',
          responseKind: { group: '', version: '', kind: 'Pod' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
    const names = get('/apis', AGGREGATED).items.map(
      (item: { metadata: { name: string } }) => item.metadata.name,
    );
    expect(names).toEqual(['apps', 'batch', 'example.com']);
  });

  it.each([
    [AGGREGATED, 'apidiscovery.k8s.io/v2'],
    [`${AGGREGATED.replace('v=v2', 'v=v2beta1')},application/json`, 'apidiscovery.k8s.io/v2beta1'],
    [`application/json,${AGGREGATED}`, 'v1'],
    [`${AGGREGATED.replace('v=v2', 'v=v3')},application/json`, 'v1'],
  ])('is answered to %s as %s', (accept, apiVersion) => {
    expect(get('/apis', accept).apiVersion).toBe(apiVersion);
  });

  it('need not be sent to who has it', () => {
    const first = discoveryAnswer(set, { path: '/apis', accept: AGGREGATED })!;
    const { etag = '' } = first.headers;
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    const again = { path: '/apis', accept: AGGREGATED, ifNoneMatch: `"x", ${etag}` };
    expect(discoveryAnswer(set, again)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    const other = { ...again, ifNoneMatch: '"x"' };
    expect(discoveryAnswer(set, other)!.body).toBe(first.body);
  });
});

describe('versions', () => {
  it('of an API sort as Kubernetes sorts them', () => {
    const sorted = ['v10', 'v2', 'v1', 'v11beta2', 'v3beta1', 'v12alpha1', 'bar1', 'foo10'];
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
  });

  it('of the server are what was asked for', () => {
    const answer = discoveryAnswer(set, { path: '/version' }, { version: '1.28' })!;
    const info = JSON.parse(answer.body.toString());
    expect(info).toMatchObject({ major: '1', minor: '28', gitVersion: 'v1.28.0' });
    expect(info).not.toHaveProperty('emulationMajor');
    expect(get('/version')).toMatchObject({ gitVersion: 'v1.36.0', minCompatibilityMinor: '35' });
  });

  it('of what is stored have the hashes that Kubernetes gives them', () => {
    const hash = (group: string, name: string): string =>
      storageVersionHash({ group, version: 'v1', kind: name });
    expect([hash('apps', 'Deployment'), hash('', 'ConfigMap')]).toEqual([
      '8aSe+NMegvE=',
      'qFsyl6wFWjQ=',
    ]);
  });
});

describe('the schemas', () => {
  it('list the groups as kube-apiserver does', () => {
    const { groups } = get('/apis', undefined, schemaSet) as { groups: { name: string }[] };
    const order = groups.map(({ name }) => name);
    const listed = (schemaSet.groups ?? []).map(({ name }) => name);
    const known = order.filter((name) => listed.includes(name));
    expect(known).toEqual(listed.filter((name) => known.includes(name)));
    expect(known.length).toBeGreaterThan(5);
  });

  it('lack in older versions what came later', () => {
    const resources = (version: '1.36' | '1.28'): string[] =>
      get('/apis/networking.k8s.io/v1', undefined, servedAt(schemaSet, version)).resources.map(
        ({ name }: { name: string }) => name,
      );
    expect(resources('1.36')).toContain('ipaddresses');
    expect(resources('1.28')).not.toContain('ipaddresses');
    expect(resources('1.28')).toContain('ingresses');
  });
});
