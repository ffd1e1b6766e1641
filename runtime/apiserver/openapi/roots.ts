import type { KubernetesVersion } from '../../../generator/model/index.ts';
import type { ApiGroup, ApiVersion } from '../discovery/groups.ts';
import { versionInfo } from '../discovery/version.ts';
import type { Components } from './components.ts';
import type { Json } from './definitions.ts';
import { groupWord, operationGroup, tagOf } from './names.ts';
import { type Operation, type PathItem, rootOf } from './operations.ts';

/** The paths at which discovery answers, each with one operation. */

const TYPES = ['application/json', 'application/yaml'];

function item(
  path: string,
  id: string,
  tag: string,
  description: string,
  schema: Json,
  produces: Operation['produces'] = TYPES,
): PathItem {
  const responses = { 200: schema };
  return {
    path,
    parameters: [],
    operations: { get: { id, description, tag, parameters: [], produces, responses } },
  };
}

export function resourcesItem(components: Components, version: ApiVersion): PathItem {
  const { group, version: name } = version;
  const id = `get${operationGroup(group, name)}APIResources`;
  const schema = components.of('meta/v1.APIResourceList');
  return item(
    `${rootOf(version)}/`,
    id,
    tagOf(group, name),
    'Read which resources there are.',
    schema,
  );
}

export function groupItem(components: Components, { name }: ApiGroup): PathItem {
  const schema = components.of('meta/v1.APIGroup');
  return item(
    `/apis/${name}/`,
    `get${groupWord(name)}APIGroup`,
    tagOf(name),
    'Read the versions of a group.',
    schema,
  );
}

export function coreItem(components: Components): PathItem {
  const schema = components.of('meta/v1.APIVersions');
  return item(
    '/api/',
    'getCoreAPIVersions',
    'core',
    'Read the versions of the core group.',
    schema,
  );
}

export function groupsItem(components: Components): PathItem {
  const schema = components.of('meta/v1.APIGroupList');
  return item('/apis/', 'getAPIVersions', 'apis', 'Read which groups there are.', schema);
}

/** How others than the server check tokens of service accounts. */
export function issuerItem(): PathItem {
  return item(
    '/.well-known/openid-configuration/',
    'getServiceAccountIssuerOpenIDConfiguration',
    'WellKnown',
    'Read who issues tokens of service accounts, and where the keys to check them by are.',
    { type: 'string' },
    ['application/json'],
  );
}

export function issuerKeysItem(): PathItem {
  return item(
    '/openid/v1/jwks/',
    'getServiceAccountIssuerOpenIDKeyset',
    'openid',
    'Read the keys by which tokens of service accounts are checked.',
    { type: 'string' },
    ['application/jwk-set+json'],
  );
}

export function versionItem(components: Components, version: KubernetesVersion): PathItem {
  const schema = components.versionInfo(Object.keys(versionInfo(version)));
  return item('/version/', 'getCodeVersion', 'version', 'Read the version of the server.', schema, [
    'application/json',
  ]);
}
