import { createHash } from 'node:crypto';
import type { KubernetesVersion } from '../../../generator/model/index.ts';
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
import { REASONS } from './v3.ts';
import type { World } from './world.ts';

/** The one document of version 2, of all groups together. */
export function swagger(world: World, kubernetes: KubernetesVersion): Json {
  const versions = world.groups.flatMap((group) => group.versions);
  const components = new Components(world, 'v2', versions);
  const shared = new SharedParameters();
  const items: PathItem[] = [
    coreItem(components),
    groupsItem(components),
    issuerItem(),
    issuerKeysItem(),
    versionItem(components, kubernetes),
    ...world.groups.filter(({ name }) => name !== '').map((group) => groupItem(components, group)),
    ...versions.flatMap((version) => [
      resourcesItem(components, version),
      ...version.kinds.flatMap((kind) => pathsOf(world, components, version, kind)),
    ]),
  ];
  const paths = items
    .map((item): [string, Json] => [item.path, pathItem(item, shared)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: versionInfo(kubernetes).gitVersion },
    paths: Object.fromEntries(paths),
    definitions: components.written(),
    parameters: shared.all(),
    securityDefinitions: {
      BearerToken: {
        type: 'apiKey',
        name: 'authorization',
        in: 'header',
        description: 'The token that a kubeconfig holds, after the word Bearer.',
      },
    },
    security: [{ BearerToken: [] }],
  };
}

const HASH_LENGTH = 8;

/** Parameters that many operations have are written once, under a name that follows from what they are. */
class SharedParameters {
  readonly #named = new Map<string, Json>();
  readonly #references = new Map<Parameter, Json>();

  refer(parameter: Parameter): Json {
    const found = this.#references.get(parameter);
    if (found) return found;
    const { name, in: place, type, description } = parameter;
    const required = place === 'path' ? { required: true } : {};
    const content = { uniqueItems: true, type, description, name, in: place, ...required };
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
    const key = `${name}-${hash.slice(0, HASH_LENGTH)}`;
    this.#named.set(key, content);
    const reference = { $ref: `#/parameters/${key}` };
    this.#references.set(parameter, reference);
    return reference;
  }

  all(): Json {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function pathItem({ parameters, operations }: PathItem, shared: SharedParameters): Json {
  const methods = Object.entries(operations).map(([method, each]) => [
    method,
    operation(each, shared),
  ]);
  return {
    ...Object.fromEntries(methods),
    ...(parameters.length > 0 ? { parameters: parameters.map((each) => shared.refer(each)) } : {}),
  };
}

function operation(made: Operation, shared: SharedParameters): Json {
  const { id, description, tag, action, kind, parameters, body, produces, responses } = made;
  const required = body?.required ? { required: true } : {};
  const sent = [
    ...(body ? [{ name: 'body', in: 'body', ...required, schema: body.schema }] : []),
    ...parameters.map((each) => shared.refer(each)),
  ];
  const answers = Object.entries(responses).map(([code, schema]) => [
    code,
    { description: REASONS[code], schema },
  ]);
  return {
    description,
    consumes: body?.types ?? ['*/*'],
    produces,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...(sent.length > 0 ? { parameters: sent } : {}),
    responses: { ...Object.fromEntries(answers), 401: { description: REASONS[401] } },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind ? { 'x-kubernetes-group-version-kind': kind } : {}),
  };
}
