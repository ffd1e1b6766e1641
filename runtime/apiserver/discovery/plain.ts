import type { SchemaSet } from '../../../generator/model/schema.ts';
import type { ApiGroup, ApiVersion } from './groups.ts';
import { resourcesOf } from './resources.ts';

/** The documents that clients without aggregated discovery read, one a level. Key order is Kubernetes'. */

export function apiVersions(core: ApiGroup | undefined, serverAddress: string): object {
  return {
    kind: 'APIVersions',
    versions: (core?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

export function apiGroupList(groups: readonly ApiGroup[]): object {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.filter(({ name }) => name !== '').map(groupOf),
  };
}

export function apiGroup(group: ApiGroup): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) };
}

function groupOf({ name, versions }: ApiGroup): object {
  const shown = versions.map(({ groupVersion, version }) => ({ groupVersion, version }));
  return { name, versions: shown, preferredVersion: shown[0] };
}

export function apiResourceList(schemas: SchemaSet, version: ApiVersion): object {
  return {
    kind: 'APIResourceList',
    ...(version.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: version.groupVersion,
    resources: resourcesOf(schemas, version),
  };
}
