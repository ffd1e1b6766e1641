import { type ApiGroup, type ApiVersion, compareVersions, groupVersionOf } from './groups.ts';

/** A group version for which a service in the cluster answers, and its place. */
export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
}

/** What the service says that it serves, in the form of a foreign APIResourceList. */
export interface RemoteResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The group versions that others serve, and how to ask one for its resources; undefined where it does not answer. */
export interface RemoteDiscovery<V extends RemoteVersion = RemoteVersion> {
  all(): readonly V[];
  resourcesOf(version: V): readonly RemoteResource[] | undefined;
}

/** The groups with those of others in their places: by the priority of the group, then by name. */
export function withRemote(
  groups: readonly ApiGroup[],
  remote: RemoteDiscovery,
  remotes: readonly RemoteVersion[],
): ApiGroup[] {
  const byName = new Map(groups.map((group) => [group.name, group]));
  for (const each of remotes) {
    const { group, version, groupPriority } = each;
    const known = byName.get(group) ?? { name: group, priority: 0, versions: [] };
    const added: ApiVersion = {
      group,
      version,
      groupVersion: groupVersionOf(group, version),
      kinds: [],
      priority: each.versionPriority,
      resources: () => remote.resourcesOf(each),
    };
    byName.set(group, {
      name: group,
      priority: Math.max(known.priority, groupPriority),
      versions: [...known.versions.filter((own) => own.version !== version), added].sort(inOrder),
    });
  }
  return [...byName.values()].sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
}

/** Of versions that are registered: by their number, then as Kubernetes orders versions. */
const DEFAULT_PRIORITY = 100;

function inOrder(a: ApiVersion, b: ApiVersion): number {
  const byNumber = (b.priority ?? DEFAULT_PRIORITY) - (a.priority ?? DEFAULT_PRIORITY);
  return byNumber || compareVersions(a.version, b.version);
}

/** The part of the aggregated document that tells of such a version: without resources, and stale, where nobody answered. */
export function remoteVersion({ version, resources }: ApiVersion): object {
  const found = resources?.();
  if (!found) return { version, freshness: 'Stale' };
  return { version, resources: grouped(found), freshness: 'Current' };
}

/** Subresources stand below their resource here, not beside it. */
function grouped(list: readonly RemoteResource[]): object[] {
  const kindOf = ({ group = '', version = '', kind = '' }: RemoteResource): object => ({
    group,
    version,
    kind,
  });
  return list
    .filter(({ name }) => !name.includes('/'))
    .map((each) => {
      const { name, singularName = '', namespaced, verbs = [], shortNames, categories } = each;
      const subresources = list
        .filter((other) => other.name.startsWith(`${name}/`))
        .map((other) => ({
          subresource: other.name.slice(name.length + 1),
          responseKind: kindOf(other),
          verbs: other.verbs ?? [],
        }));
      return {
        resource: name,
        responseKind: kindOf(each),
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularName,
        verbs,
        ...(shortNames?.length ? { shortNames } : {}),
        ...(categories?.length ? { categories } : {}),
        ...(subresources.length > 0 ? { subresources } : {}),
      };
    });
}
