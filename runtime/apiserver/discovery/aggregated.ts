import type { KindDescriptor, SchemaSet } from '../../../generator/model/schema.ts';
import { type ApiGroup, type ApiVersion, groupVersionOf } from './groups.ts';
import { remoteVersion } from './remote.ts';
import { type GroupVersionKind, subresourcesOf } from './resources.ts';

/** The versions of the aggregated form that are served, the newest first. */
export const AGGREGATED_VERSIONS = ['v2', 'v2beta1'] as const;

/** All resources of the groups in one document: what kubectl asks for first, once for `/api` and once for `/apis`. */
export function apiGroupDiscoveryList(
  schemas: SchemaSet,
  groups: readonly ApiGroup[],
  version: (typeof AGGREGATED_VERSIONS)[number],
): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map((each) =>
        each.resources
          ? remoteVersion(each)
          : {
              version: each.version,
              resources: each.kinds.map((kind) => resource(schemas, each, kind)),
              freshness: 'Current',
            },
      ),
    })),
  };
}

function resource(schemas: SchemaSet, home: ApiVersion, descriptor: KindDescriptor): object {
  const { plural, singular, namespaced, verbs, shortNames, categories } = descriptor;
  const subresources = subresourcesOf(schemas, descriptor).map((each) => ({
    subresource: each.name,
    responseKind: responseKind(home, each.kind),
    verbs: each.verbs,
  }));
  return {
    resource: plural,
    responseKind: responseKind(home, descriptor),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs].sort(),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

/** Group and version are left empty where they are those of the list. */
function responseKind(home: ApiVersion, { group, version, kind }: GroupVersionKind): object {
  return groupVersionOf(group, version) === home.groupVersion
    ? { group: '', version: '', kind }
    : { group, version, kind };
}
