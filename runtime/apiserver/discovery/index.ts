/**
 * Discovery: which groups, versions and resources there are, and the version of the server.
 *
 * `/api`, `/apis`, `/apis/<group>` and `/api(s)/…/<version>` in the plain forms (JSON, YAML), and `/api` and `/apis` in the
 * aggregated form that kubectl asks for first. Everything follows from the schema set: order of groups from their
 * priorities, of versions from their names, resources from kinds and their subresources. Nothing is named in code. `remote.ts`
 * puts group versions that services in the cluster serve into their places.
 *
 * Invariant: an answer is a pure function of the schema set and the request. Each document is made when it is first asked
 * for and then kept as bytes as long as its schema set lives; a set that changes (a new custom resource) is another set.
 *
 * The HTTP shell is the caller: `discoveryAnswer` is undefined where the path is not one of ours. Left out: the protobuf
 * form of Kubernetes' own, which clients ask for only with JSON beside it.
 */
import {
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
  type SchemaSet,
} from '../../../generator/model/index.ts';
import { acceptedOf, matches, parseAccept } from '../accept.ts';
import {
  type DocumentAnswer,
  type DocumentRequest,
  type EncodedDocument,
  JSON_TYPE,
  jsonDocument,
  notAcceptable,
  plainAnswer,
  taggedAnswer,
  YAML_TYPE,
  yamlDocument,
} from '../documents.ts';
import { AGGREGATED_VERSIONS, apiGroupDiscoveryList } from './aggregated.ts';
import { type ApiGroup, apiGroups } from './groups.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './plain.ts';
import { type RemoteDiscovery, withRemote } from './remote.ts';
import { versionInfo } from './version.ts';

export interface DiscoveryOptions {
  /** Where clients reach the server, `127.0.0.1:6443`. */
  readonly serverAddress?: string;
  readonly version?: KubernetesVersion;
  /** Group versions that others serve. */
  readonly remote?: RemoteDiscovery;
}

type AggregatedVersion = (typeof AGGREGATED_VERSIONS)[number];

/** What is known of one schema set: its groups, and every document that was asked for. */
interface Known {
  readonly groups: readonly ApiGroup[];
  readonly documents: Map<string, EncodedDocument>;
}

const known = new WeakMap<SchemaSet, Known>();

function knownOf(schemas: SchemaSet): Known {
  const found = known.get(schemas) ?? { groups: apiGroups(schemas), documents: new Map() };
  known.set(schemas, found);
  return found;
}

/** With what others serve: nothing is kept of that. */
function knownWith(set: Known, remote: RemoteDiscovery | undefined): Known {
  const remotes = remote?.all() ?? [];
  if (!remote || remotes.length === 0) return set;
  return { groups: withRemote(set.groups, remote, remotes), documents: new Map() };
}

function keep({ documents }: Known, key: string, make: () => EncodedDocument): EncodedDocument {
  const found = documents.get(key) ?? make();
  documents.set(key, found);
  return found;
}

/** The answer to a discovery request; undefined if there is no such document. */
export function discoveryAnswer(
  schemas: SchemaSet,
  request: DocumentRequest,
  options: DiscoveryOptions = {},
): DocumentAnswer | undefined {
  const path = request.path.replace(/\/$/, '');
  const set = knownWith(knownOf(schemas), options.remote);
  const aggregated = path === '/api' || path === '/apis' ? aggregatedForm(request) : undefined;
  if (aggregated) {
    const isOurs = ({ name }: ApiGroup): boolean => (name === '') === (path === '/api');
    const type = `${JSON_TYPE};g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`;
    const document = keep(set, `${path} ${aggregated}`, () =>
      jsonDocument(apiGroupDiscoveryList(schemas, set.groups.filter(isOurs), aggregated), type),
    );
    return taggedAnswer(document, request);
  }
  const { serverAddress = '', version = KUBERNETES_VERSIONS[0] } = options;
  const content = plainContent(schemas, set.groups, path, { serverAddress, version });
  if (!content) return undefined;
  const offered = path === '/version' ? [JSON_TYPE] : PLAIN_TYPES;
  const type = path === '/version' ? JSON_TYPE : acceptedOf(request.accept, offered);
  if (!type) return notAcceptable(offered);
  const make = (): EncodedDocument =>
    type === YAML_TYPE ? yamlDocument(content()) : jsonDocument(content());
  // The address may be whatever a client called the server: nothing is kept by it.
  const isKept = path !== '/api';
  return plainAnswer(isKept ? keep(set, `${path} ${type} ${version}`, make) : make());
}

const PLAIN_TYPES = [JSON_TYPE, YAML_TYPE];

/** The aggregated form that the best clause of the Accept header asks for, if it asks for one. */
function aggregatedForm({ accept }: DocumentRequest): AggregatedVersion | undefined {
  for (const range of parseAccept(accept)) {
    const { g, v, as } = range.parameters;
    const version = AGGREGATED_VERSIONS.find((each) => each === v);
    const isJson = matches(range, JSON_TYPE);
    if (isJson && version && g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList')
      return version;
    if (as === undefined && PLAIN_TYPES.some((type) => matches(range, type))) return undefined;
  }
  return undefined;
}

/** How the document at a path is made. */
function plainContent(
  schemas: SchemaSet,
  groups: readonly ApiGroup[],
  path: string,
  { serverAddress, version }: Required<Omit<DiscoveryOptions, 'remote'>>,
): (() => object) | undefined {
  const [, root, ...names] = path.split('/');
  const core = groups.find(({ name }) => name === '');
  if (path === '/version') return () => versionInfo(version);
  if (path === '/api') return () => apiVersions(core, serverAddress);
  if (path === '/apis') return () => apiGroupList(groups);
  const [group, wanted] =
    root === 'api' ? [core, names] : [groups.find(({ name }) => name === names[0]), names.slice(1)];
  if ((root !== 'api' && root !== 'apis') || !group || wanted.length > 1) return undefined;
  if (root === 'apis' && group.name === '') return undefined;
  const [versionName] = wanted;
  if (versionName === undefined) return () => apiGroup(group);
  const found = group.versions.find((each) => each.version === versionName);
  return found && (() => apiResourceList(schemas, found));
}
