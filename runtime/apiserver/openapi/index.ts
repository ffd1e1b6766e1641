/**
 * OpenAPI: what objects look like and what can be done with them, for clients that validate, explain and complete.
 *
 * `/openapi/v3` lists the documents of version 3, one a group version, with a hash of each; a client that names the hash may
 * keep the document for good. `/openapi/v2` is all in one, as JSON and in the protobuf form that kubectl asks for. Both are
 * written from the schema set: definitions (`components.ts`), paths (`operations.ts`), names as Kubernetes gives them
 * (`names.ts`). A version differs in how it says something, `v2.ts` and `v3.ts`, not in what it says.
 *
 * Invariant: pure functions of the schema set and the texts of the generated registry; a document is made when it is first
 * asked for and kept as bytes. That of a group version is kept by its kinds, so that a new custom resource costs its own
 * document and no other.
 *
 * The HTTP shell is the caller. Left out: the protobuf form of version 3, for which no client of ours asks; rules in CEL, which
 * are the server's; and what this server does not serve, such as Kubernetes' own protobuf as a media type.
 */
import {
  type KindDescriptor,
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
  type SchemaSet,
} from '../../../generator/model/index.ts';
import { acceptedOf } from '../accept.ts';
import {
  bareNotAcceptable,
  type DocumentAnswer,
  type DocumentRequest,
  type EncodedDocument,
  JSON_TYPE,
  jsonDocument,
  redirectTo,
  taggedAnswer,
} from '../documents.ts';
import { swagger } from './v2.ts';
import { swaggerProtobuf } from './v2-protobuf.ts';
import { type Part, partsOf } from './v3.ts';
import { type World, worldOf } from './world.ts';

export interface OpenApiOptions {
  readonly version?: KubernetesVersion;
}

const ROOT_V2 = '/openapi/v2';
const ROOT_V3 = '/openapi/v3';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** The older name of the same. */
const PROTOBUF_BEFORE = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The answer to a request for an OpenAPI document; undefined if there is no such document. */
export function openApiAnswer(
  schemas: SchemaSet,
  request: DocumentRequest,
  { version = KUBERNETES_VERSIONS[0] }: OpenApiOptions = {},
): DocumentAnswer | undefined {
  const path = request.path.replace(/\/$/, '');
  if (path === ROOT_V2) return version2(documentsOf(schemas, version), request);
  if (path === ROOT_V3) return taggedAnswer(documentsOf(schemas, version).index(), request);
  if (!path.startsWith(`${ROOT_V3}/`)) return undefined;
  return version3(documentsOf(schemas, version), path.slice(ROOT_V3.length + 1), request);
}

function version2(documents: Documents, request: DocumentRequest): DocumentAnswer {
  const type = acceptedOf(request.accept, [JSON_TYPE, PROTOBUF, PROTOBUF_BEFORE]);
  if (!type) return bareNotAcceptable();
  return taggedAnswer(type === JSON_TYPE ? documents.json() : documents.protobuf(), request);
}

function version3(
  documents: Documents,
  name: string,
  request: DocumentRequest,
): DocumentAnswer | undefined {
  const document = documents.part(name);
  if (!document) return undefined;
  if (!acceptedOf(request.accept, [JSON_TYPE])) return bareNotAcceptable();
  if (!request.hash) return taggedAnswer(document, request);
  if (request.hash !== document.etag) return redirectTo(urlOf(name, document));
  return taggedAnswer(document, request, { 'cache-control': 'public, immutable' });
}

const urlOf = (name: string, { etag }: EncodedDocument): string =>
  `${ROOT_V3}/${name}?hash=${etag}`;

/** All documents of one schema set at one version of Kubernetes. */
class Documents {
  readonly #world: World;
  readonly #version: KubernetesVersion;
  readonly #parts: ReadonlyMap<string, Part>;
  readonly #made = new Map<string, EncodedDocument>();

  constructor(schemas: SchemaSet, version: KubernetesVersion) {
    this.#world = worldOf(schemas);
    this.#version = version;
    this.#parts = new Map(partsOf(this.#world, version).map((part) => [part.name, part]));
  }

  index(): EncodedDocument {
    return this.#keep(ROOT_V3, () => {
      const paths = [...this.#parts.keys()]
        .sort()
        .map((name) => [name, { serverRelativeURL: urlOf(name, this.part(name)!) }]);
      return jsonDocument({ paths: Object.fromEntries(paths) });
    });
  }

  part(name: string): EncodedDocument | undefined {
    const part = this.#parts.get(name);
    return part && this.#keep(name, () => partDocument(part, this.#world.schemas, this.#version));
  }

  json(): EncodedDocument {
    return this.#keep(JSON_TYPE, () => jsonDocument(swagger(this.#world, this.#version)));
  }

  protobuf(): EncodedDocument {
    return this.#keep(PROTOBUF, () => {
      const { body, etag } = this.json();
      return {
        contentType: PROTOBUF,
        body: swaggerProtobuf(JSON.parse(body.toString()) as Record<string, unknown>),
        etag,
      };
    });
  }

  #keep(key: string, make: () => EncodedDocument): EncodedDocument {
    const found = this.#made.get(key) ?? make();
    this.#made.set(key, found);
    return found;
  }
}

const known = new WeakMap<SchemaSet, Map<KubernetesVersion, Documents>>();

function documentsOf(schemas: SchemaSet, version: KubernetesVersion): Documents {
  const versions = known.get(schemas) ?? new Map<KubernetesVersion, Documents>();
  known.set(schemas, versions);
  const documents = versions.get(version) ?? new Documents(schemas, version);
  versions.set(version, documents);
  return documents;
}

/** What a document of a group version was made from, and what came of it. */
interface Kept {
  readonly version: KubernetesVersion;
  readonly from: readonly unknown[];
  readonly document: EncodedDocument;
}

const keptByKind = new WeakMap<KindDescriptor, Kept>();

/** Taken over from another schema set that has the same kinds with the same definitions in the group version. */
function partDocument(
  part: Part,
  { definitions }: SchemaSet,
  version: KubernetesVersion,
): EncodedDocument {
  const [first, ...rest] = part.version?.kinds ?? [];
  if (!first) return jsonDocument(part.make());
  const from = [first, ...rest].flatMap((kind) => [kind, definitions[kind.schema]]);
  const kept = keptByKind.get(first);
  if (
    kept?.version === version &&
    kept.from.length === from.length &&
    kept.from.every((each, at) => each === from[at])
  )
    return kept.document;
  const document = jsonDocument(part.make());
  keptByKind.set(first, { version, from, document });
  return document;
}
