import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../../generated/registry.ts';
import { loadSchemas } from '../../../generator/load/index.ts';
import type { KindDescriptor, SchemaSet } from '../../../generator/model/index.ts';
import { openApiAnswer } from './index.ts';

/** Some JSON object, every key of which may be there. */
interface Any {
  readonly [key: string]: Any;
}

const fixtures = loadSchemas(
  fileURLToPath(new URL('../../../generator/fixtures/schemas', import.meta.url)),
);
const small: SchemaSet = {
  ...fixtures,
  groups: [{ name: 'meta.k8s.io', package: 'io.k8s.apimachinery.pkg.apis.meta' }],
};

function read(path: string, schemas: SchemaSet = schemaSet): Any {
  return JSON.parse(openApiAnswer(schemas, { path })!.body.toString()) as Any;
}

const documents = (): Any[] =>
  Object.keys(read('/openapi/v3').paths!).map((name) => read(`/openapi/v3/${name}`));

/** Every value of a document under a key, wherever it is. */
function valuesOf(document: unknown, key: string): unknown[] {
  const found: unknown[] = [];
  JSON.stringify(document, (name, value: unknown) => {
    if (name === key) found.push(value);
    return value;
  });
  return found;
}

/** All keywords of a schema and of those inside. */
function keywordsOf(schema: Any): string[] {
  const { properties, items, additionalProperties } = schema;
  const inside = [...Object.values(properties ?? {}), items, additionalProperties];
  return [
    ...Object.keys(schema),
    ...inside.flatMap((each) => (each === undefined ? [] : keywordsOf(each))),
  ];
}

function resolves(document: Any, reference: string): boolean {
  const steps = reference.replace('#/', '').split('/');
  return steps.reduce<Any | undefined>((at, step) => at?.[step], document) !== undefined;
}

describe('definitions', () => {
  it('of version 3 are named and annotated as Kubernetes does', () => {
    const { schemas } = read('/openapi/v3/apis/apps/v1', small).components!;
    expect(schemas!['io.k8s.api.apps.v1.Deployment']).toMatchInlineSnapshot(`
      {
        "description": "Keeps pods of one template running and replaces them step by step when the template changes.",
        "properties": {
          "apiVersion": {
            "description": "Group and version of the schema.",
            "type": "string",
          },
          "kind": {
            "description": "Name of the kind.",
            "type": "string",
          },
          "metadata": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
              },
            ],
            "description": "Name, labels and the rest.",
          },
          "spec": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec",
              },
            ],
            "default": {},
            "description": "The deployment as it should be.",
          },
          "status": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentStatus",
              },
            ],
            "description": "The deployment as it is.",
          },
        },
        "type": "object",
        "x-kubernetes-group-version-kind": [
          {
            "group": "apps",
            "kind": "Deployment",
            "version": "v1",
          },
        ],
      }
    `);
    expect(schemas!['io.k8s.api.apps.v1.DeploymentSpec']).toMatchInlineSnapshot(`
      {
        "description": "How many pods there should be, of what template, and how they are replaced.",
        "properties": {
          "replicas": {
            "default": 1,
            "description": "Number of pods wanted. Zero is a valid number; the default is one. This text is long enough to be broken into lines by every layout.",
            "format": "int32",
            "minimum": 0,
            "type": "integer",
          },
          "strategy": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy",
              },
            ],
            "default": {
              "type": "RollingUpdate",
            },
            "description": "How old pods give way to new ones.",
          },
          "template": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.api.core.v1.PodTemplateSpec",
              },
            ],
            "description": "Pods to make.",
          },
        },
        "required": [
          "template",
        ],
        "type": "object",
      }
    `);
    expect(schemas!['io.k8s.api.apps.v1.DeploymentList']).toMatchInlineSnapshot(`
      {
        "description": "List of deployments.",
        "properties": {
          "apiVersion": {
            "description": "Group and version of the list.",
            "type": "string",
          },
          "items": {
            "description": "The deployments.",
            "items": {
              "$ref": "#/components/schemas/io.k8s.api.apps.v1.Deployment",
            },
            "type": "array",
          },
          "kind": {
            "description": "Name of the kind of the list.",
            "type": "string",
          },
          "metadata": {
            "allOf": [
              {
                "$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
              },
            ],
            "description": "What there is to say of the list as a whole.",
          },
        },
        "required": [
          "items",
        ],
        "type": "object",
        "x-kubernetes-group-version-kind": [
          {
            "group": "apps",
            "kind": "DeploymentList",
            "version": "v1",
          },
        ],
      }
    `);
    expect(Object.keys(schemas!)).toMatchInlineSnapshot(`
      [
        "io.k8s.api.apps.v1.Deployment",
        "io.k8s.api.apps.v1.DeploymentList",
        "io.k8s.api.apps.v1.DeploymentSpec",
        "io.k8s.api.apps.v1.DeploymentStatus",
        "io.k8s.api.apps.v1.DeploymentStrategy",
        "io.k8s.api.apps.v1.RollingUpdateDeployment",
        "io.k8s.api.core.v1.Container",
        "io.k8s.api.core.v1.PodSpec",
        "io.k8s.api.core.v1.PodTemplateSpec",
        "io.k8s.api.core.v1.ResourceRequirements",
        "io.k8s.apimachinery.pkg.api.resource.Quantity",
        "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
        "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
        "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
        "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
        "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent",
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
      ]
    `);
  });

  it('of version 2 have no defaults, enums and limits, and texts beside references', () => {
    const { definitions } = read('/openapi/v2', small);
    expect(definitions!['io.k8s.api.apps.v1.DeploymentSpec']).toMatchInlineSnapshot(`
      {
        "description": "How many pods there should be, of what template, and how they are replaced.",
        "properties": {
          "replicas": {
            "description": "Number of pods wanted. Zero is a valid number; the default is one. This text is long enough to be broken into lines by every layout.",
            "format": "int32",
            "type": "integer",
          },
          "strategy": {
            "$ref": "#/definitions/io.k8s.api.apps.v1.DeploymentStrategy",
            "description": "How old pods give way to new ones.",
          },
          "template": {
            "$ref": "#/definitions/io.k8s.api.core.v1.PodTemplateSpec",
            "description": "Pods to make.",
          },
        },
        "required": [
          "template",
        ],
        "type": "object",
      }
    `);
    const { definitions: all } = read('/openapi/v2');
    const keywords = new Set(Object.values(all!).flatMap(keywordsOf));
    expect([...keywords].filter((each) => !each.startsWith('x-')).sort()).toEqual([
      '$ref',
      'additionalProperties',
      'description',
      'format',
      'items',
      'properties',
      'required',
      'type',
    ]);
  });

  it('exist wherever they are referred to', () => {
    let count = 0;
    for (const document of [read('/openapi/v2'), ...documents()]) {
      const references = new Set(valuesOf(document, '$ref'));
      const dangling = [...references].filter(
        (each) => typeof each === 'string' && !resolves(document, each),
      );
      count += references.size;
      expect(dangling).toEqual([]);
    }
    expect(count).toBeGreaterThan(1000);
  });

  it('say of every kind which it is', () => {
    const kindsIn = (definitions: Any): Set<string> =>
      new Set(
        (valuesOf(definitions, 'x-kubernetes-group-version-kind').flat() as KindDescriptor[]).map(
          ({ group, version, kind }) => `${group}/${version}/${kind}`,
        ),
      );
    const inV2 = kindsIn(read('/openapi/v2').definitions!);
    const wanted = schemaSet.kinds.map(({ group, version, kind }) => `${group}/${version}/${kind}`);
    expect(wanted.filter((each) => !inV2.has(each))).toEqual([]);
    expect(inV2).toContain('/v1/Status');
    expect(inV2).toContain('apps/v1/DeleteOptions');
    expect(inV2).not.toContain('/v1/OwnerReference');
  });

  it('name custom groups backwards', () => {
    const { schemas } = read('/openapi/v3/apis/cluster.slipway.dev/v1').components!;
    expect(Object.keys(schemas!)).toContain('dev.slipway.cluster.v1.Cluster');
  });
});

describe('paths', () => {
  const operations = (paths: Any): string[] =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(
          ([method, { operationId, 'x-kubernetes-action': action = '' }]) =>
            `${method} ${path} ${operationId} ${action}`,
        ),
    );

  it('are all that can be done with a resource', () => {
    expect(operations(read('/openapi/v3/apis/apps/v1', small).paths!)).toMatchInlineSnapshot(`
      [
        "get /apis/apps/v1/ getAppsV1APIResources ",
        "get /apis/apps/v1/deployments listAppsV1DeploymentForAllNamespaces list",
        "delete /apis/apps/v1/namespaces/{namespace}/deployments deleteAppsV1CollectionNamespacedDeployment deletecollection",
        "get /apis/apps/v1/namespaces/{namespace}/deployments listAppsV1NamespacedDeployment list",
        "post /apis/apps/v1/namespaces/{namespace}/deployments createAppsV1NamespacedDeployment post",
        "delete /apis/apps/v1/namespaces/{namespace}/deployments/{name} deleteAppsV1NamespacedDeployment delete",
        "get /apis/apps/v1/namespaces/{namespace}/deployments/{name} readAppsV1NamespacedDeployment get",
        "patch /apis/apps/v1/namespaces/{namespace}/deployments/{name} patchAppsV1NamespacedDeployment patch",
        "put /apis/apps/v1/namespaces/{namespace}/deployments/{name} replaceAppsV1NamespacedDeployment put",
        "get /apis/apps/v1/namespaces/{namespace}/deployments/{name}/status readAppsV1NamespacedDeploymentStatus get",
        "patch /apis/apps/v1/namespaces/{namespace}/deployments/{name}/status patchAppsV1NamespacedDeploymentStatus patch",
        "put /apis/apps/v1/namespaces/{namespace}/deployments/{name}/status replaceAppsV1NamespacedDeploymentStatus put",
        "get /apis/apps/v1/watch/deployments watchAppsV1DeploymentListForAllNamespaces watchlist",
        "get /apis/apps/v1/watch/namespaces/{namespace}/deployments watchAppsV1NamespacedDeploymentList watchlist",
        "get /apis/apps/v1/watch/namespaces/{namespace}/deployments/{name} watchAppsV1NamespacedDeployment watch",
      ]
    `);
  });

  it('follow a subresource to the kind that it takes', () => {
    const { paths } = read('/openapi/v3/api/v1');
    const at = '/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token';
    const { operationId, ...rest } = paths![at]!.post!;
    expect(operationId).toBe('createCoreV1NamespacedServiceAccountToken');
    expect(rest['x-kubernetes-group-version-kind']).toEqual({
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
    });
  });

  it('connect where a subresource has no object', () => {
    const exec = { exec: { kind: 'PodExecOptions', verbs: ['get', 'create'] } };
    const kinds = small.kinds.map((kind) =>
      kind.kind === 'Pod' ? { ...kind, subresources: { others: exec } } : kind,
    );
    const { paths } = read('/openapi/v3/api/v1', { ...small, kinds });
    const item = paths!['/api/v1/namespaces/{namespace}/pods/{name}/exec']!;
    expect(operations({ exec: item })).toEqual([
      'post exec connectCoreV1PostNamespacedPodExec connect',
      'get exec connectCoreV1GetNamespacedPodExec connect',
    ]);
  });

  it('go on behind a proxy', () => {
    const { paths } = read('/openapi/v3/api/v1');
    const item = paths!['/api/v1/nodes/{name}/proxy/{path}']!;
    expect(operations({ proxy: item })).toEqual([
      'post proxy connectCoreV1PostNodeProxyWithPath connect',
      'delete proxy connectCoreV1DeleteNodeProxyWithPath connect',
      'get proxy connectCoreV1GetNodeProxyWithPath connect',
      'patch proxy connectCoreV1PatchNodeProxyWithPath connect',
      'put proxy connectCoreV1PutNodeProxyWithPath connect',
    ]);
    expect(JSON.stringify(item.parameters)).toContain('"name":"path"');
  });

  it('have each a name of their own', () => {
    const ids = operations(read('/openapi/v2').paths!).map((each) => each.split(' ')[2]);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('say in the words that their readers look for what a list is and how it is narrowed and followed', () => {
    const text = JSON.stringify(read('/openapi/v2'));
    for (const words of [
      'List of services',
      'list of returned',
      'Watch for changes to the described resources',
    ])
      expect(text).toContain(words);
  });

  it('tell kubectl that the server validates fields and knows dry runs', () => {
    for (const document of documents())
      for (const item of Object.values(document.paths!)) {
        // What goes through a proxy is whoever's behind it.
        if (!item.patch || String(item.patch['x-kubernetes-action']) === 'connect') continue;
        const { parameters, 'x-kubernetes-group-version-kind': kind } = item.patch;
        const names = (parameters as unknown as { name: string }[]).map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']));
        expect(kind).toHaveProperty('kind');
      }
  });
});

describe('the documents of version 3', () => {
  const path = '/openapi/v3/apis/apps/v1';
  const listed = (): string => {
    const { paths } = read('/openapi/v3');
    return String(paths!['apis/apps/v1']!.serverRelativeURL);
  };

  it('are listed with their hashes', () => {
    const { paths } = read('/openapi/v3', small);
    expect(Object.keys(paths!)).toEqual([
      '.well-known/openid-configuration',
      'api',
      'api/v1',
      'apis',
      'apis/apps',
      'apis/apps/v1',
      'openid/v1/jwks',
      'version',
    ]);
    const { headers } = openApiAnswer(schemaSet, { path })!;
    expect(listed()).toBe(`${path}?hash=${headers.etag?.slice(1, -1)}`);
  });

  it('may be kept for good by who names the hash, and lead there who names another', () => {
    const [, hash = ''] = listed().split('hash=');
    const { status, headers } = openApiAnswer(schemaSet, { path, hash })!;
    expect([status, headers['cache-control']]).toEqual([200, 'public, immutable']);
    expect(openApiAnswer(schemaSet, { path })!.headers).not.toHaveProperty('cache-control');
    expect(openApiAnswer(schemaSet, { path, hash: 'OLD' })).toMatchObject({
      status: 301,
      headers: { location: listed() },
    });
    const known = { path, hash, ifNoneMatch: `"${hash}"` };
    expect(openApiAnswer(schemaSet, known)).toMatchObject({ status: 304 });
  });

  it('come as JSON only, from paths that exist', () => {
    expect(openApiAnswer(schemaSet, { path, accept: 'text/plain' })!.status).toBe(406);
    expect(openApiAnswer(schemaSet, { path, accept: 'application/json, */*' })!.status).toBe(200);
    expect(openApiAnswer(schemaSet, { path: '/openapi/v3/apis/nope/v1' })).toBeUndefined();
    expect(openApiAnswer(schemaSet, { path: '/openapi' })).toBeUndefined();
  });

  it('are not made again for a set that differs elsewhere', () => {
    const gizmo = { ...small.kinds[0]!, group: 'example.com', version: 'v1', kind: 'Gizmo' };
    const larger = { ...small, kinds: [...small.kinds, gizmo] };
    const bodyOf = (schemas: SchemaSet): Buffer => openApiAnswer(schemas, { path })!.body;
    expect(bodyOf(larger)).toBe(bodyOf(small));
    const kinds = small.kinds.map((kind) => ({ ...kind, plural: `other${kind.plural}` }));
    expect(bodyOf({ ...small, kinds }).equals(bodyOf(small))).toBe(false);
  });
});
