import type { KubernetesVersion } from '../../../generator/model/index.ts';
import type { ApiGroup, ApiVersion } from '../discovery/groups.ts';
import { versionInfo } from '../discovery/version.ts';
import { Components } from './components.ts';
import type { Json } from './definitions.ts';
import { type Operation, type PathItem, pathsOf } from './operations.ts';
import type { Parameter } from './parameters.ts';
import {
  coreItem,
  groupItem,
  groupsItem,
  issuerItem,
  issuerKeysItem,
  resourcesItem,
  versionItem,
} from './roots.ts';
import type { World } from './world.ts';

type Fill = (components: Components) => PathItem[];

/** One OpenAPI v3 document, not made yet. */
export interface Part {
  /** `apis/apps/v1`: its place below `/openapi/v3/`. */
  readonly name: string;
  /** Whose document it is, where it is a group version's. */
  readonly version?: ApiVersion;
  make(): Json;
}

/** Every document of version 3: one a group version, one a group, and those of the roots. */
export function partsOf(world: World, kubernetes: KubernetesVersion): Part[] {
  const part = (name: string, fill: Fill, version?: ApiVersion): Part => ({
    name,
    ...(version ? { version } : {}),
    make: () => document(world, kubernetes, version ? [version] : [], fill),
  });
  return [
    part('api', (components) => [coreItem(components)]),
    part('apis', (components) => [groupsItem(components)]),
    part('.well-known/openid-configuration', () => [issuerItem()]),
    part('openid/v1/jwks', () => [issuerKeysItem()]),
    part('version', (components) => [versionItem(components, kubernetes)]),
    ...world.groups.flatMap((group) => groupParts(world, group, part)),
  ];
}

function groupParts(
  world: World,
  group: ApiGroup,
  part: (name: string, fill: Fill, version?: ApiVersion) => Part,
): Part[] {
  const root = group.name === '' ? 'api' : `apis/${group.name}`;
  const own = group.name === '' ? [] : [part(root, (components) => [groupItem(components, group)])];
  return [
    ...own,
    ...group.versions.map((version) =>
      part(
        `${root}/${version.version}`,
        (components) => [
          resourcesItem(components, version),
          ...version.kinds.flatMap((kind) => pathsOf(world, components, version, kind)),
        ],
        version,
      ),
    ),
  ];
}

function document(
  world: World,
  kubernetes: KubernetesVersion,
  versions: readonly ApiVersion[],
  fill: Fill,
): Json {
  const components = new Components(world, 'v3', versions);
  const paths = fill(components);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: versionInfo(kubernetes).gitVersion },
    paths: Object.fromEntries(paths.map((item) => [item.path, pathItem(item)])),
    components: {
      schemas: components.written(),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          name: 'authorization',
          in: 'header',
          description: 'The token that a kubeconfig holds, after the word Bearer.',
        },
      },
    },
  };
}

function pathItem({ parameters, operations }: PathItem): Json {
  const methods = Object.entries(operations).map(([method, each]) => [method, operation(each)]);
  return {
    ...Object.fromEntries(methods),
    ...(parameters.length > 0 ? { parameters: parameters.map(parameter) } : {}),
  };
}

function operation(made: Operation): Json {
  const { id, description, tag, action, kind, parameters, body, produces, responses } = made;
  const answers = Object.entries(responses).map(([code, schema]) => [
    code,
    { description: REASONS[code], content: contentOf(produces, schema) },
  ]);
  return {
    tags: [tag],
    description,
    operationId: id,
    ...(parameters.length > 0 ? { parameters: parameters.map(parameter) } : {}),
    ...(body
      ? {
          requestBody: {
            content: contentOf(body.types, body.schema),
            ...(body.required ? { required: true } : {}),
          },
        }
      : {}),
    responses: { ...Object.fromEntries(answers), 401: { description: REASONS[401] } },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind ? { 'x-kubernetes-group-version-kind': kind } : {}),
  };
}

export const REASONS: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  401: 'Unauthorized',
};

const contentOf = (types: readonly string[], schema: Json): Json =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

function parameter({ name, in: place, type, description }: Parameter): Json {
  return {
    name,
    in: place,
    description,
    ...(place === 'path' ? { required: true } : {}),
    schema: { type, uniqueItems: true },
  };
}
