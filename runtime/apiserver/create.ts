import {
  type ApiError,
  type ApiRequest,
  type ApiResponse,
  alreadyExists,
  badRequest,
  forbidden,
  type KubeObject,
  keyOf,
  noFreeName,
  type ObjectMeta,
  type Ownership,
  recordUpdate,
  splitApiVersion,
  UNOWNED,
  unknownError,
} from '../meta/index.ts';
import { type Awaitable, andThen } from '../storage/index.ts';
import {
  type AdmissionAttributes,
  mutate,
  objectWarnings,
  paid,
  validate as validateAdmission,
} from './admission/index.ts';
import { admitOf, readmit, refuseInvalid, vouchedFor } from './admit.ts';
import type { Core } from './core.ts';
import { withOwnership } from './dry-run.ts';
import { about, type ServedKind, typed } from './kind.ts';
import { generatedName, metadataForCreate } from './metadata.ts';
import { createProblems } from './object-rules.ts';
import { throwInvalid } from './problems.ts';
import { invalid } from './strategies/problem.ts';
import { writerOf } from './writer.ts';

/** Attempts to find a generated name that is free. */
const NAME_ATTEMPTS = 8;

/** POST, or a PUT or apply that creates. `ownership` is given by apply, which knows it; else the creator owns all it said. */
export function create(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  ownership?: Ownership,
): Awaitable<ApiResponse> {
  const { options = {}, namespace } = request;
  const { refuseCreate } = kind.strategy;
  if (refuseCreate) throw forbidden(about(kind, request.name), refuseCreate);
  const { object: body, warnings: noted } = admitOf(core, kind, request, bodyOf(kind, request));
  const given = body.metadata;
  checkNamespace(kind, given, namespace);
  const attempt = (number: number): Awaitable<ApiResponse> => {
    const name =
      given.name || (given.generateName ? generatedName(given.generateName, core.random) : '');
    const metadata = metadataForCreate(kind, given, { name, namespace }, core);
    const made = prepare(core, kind, request, { ...body, metadata });
    const { object } = made;
    const warnings = made.warnings.length === 0 ? noted : [...noted, ...made.warnings];
    if (!options.dryRun && !ownership && given.resourceVersion && given.resourceVersion !== '0')
      throw unknownError('resourceVersion should not be set on objects to be created');
    const isFree = !kind.cache.row(keyOf(object));
    const stored =
      options.dryRun || !isFree
        ? isFree
        : paid(attributesOf(kind, request, name, object), core, request.cause, () =>
            store(core, kind, request, object, ownership ?? owned(core, kind, request, made)),
          );
    return andThen(stored, (done) => {
      if (done && options.dryRun) {
        const owners = ownership ?? owned(core, kind, request, made);
        return { code: 201, object: tried(object, given, owners), warnings };
      }
      if (done) return { code: 201, object, warnings };
      if (given.name) throw alreadyExists(about(kind, name));
      if (number >= NAME_ATTEMPTS) throw noFreeName(about(kind, name));
      return attempt(number + 1);
    });
  };
  return attempt(1);
}

/** The body as an object of the kind; what is none is refused. */
export function bodyOf(kind: ServedKind, { body }: ApiRequest): KubeObject {
  const given = (body ?? {}) as Partial<KubeObject>;
  if (typeof given !== 'object' || Array.isArray(given))
    throw badRequest(`the body is no ${kind.descriptor.kind}`);
  const wrongKind =
    (given.kind !== undefined && given.kind !== kind.descriptor.kind) ||
    (given.apiVersion !== undefined && given.apiVersion !== kind.apiVersion);
  if (wrongKind) throw otherKind(kind, given);
  if (given.kind && given.apiVersion && given.metadata) return given as KubeObject;
  const metadata = (given.metadata ?? {}) as ObjectMeta;
  return typed(kind, { ...given, metadata });
}

/** A body that says of itself that it is of another kind or version. */
function otherKind(kind: ServedKind, given: Partial<KubeObject>): ApiError {
  const { descriptor, apiVersion } = kind;
  const { kind: name = descriptor.kind, apiVersion: said = apiVersion } = given;
  if (kind.custom && said === apiVersion) {
    const problems = [invalid('kind', name, `must be ${descriptor.kind}`)];
    throwInvalid({ ...kind, descriptor: { ...descriptor, kind: name } }, nameIn(given), problems);
  }
  if (name === descriptor.kind && said.split('/').length < 3) {
    const text = `the API version in the data (${said}) does not match the expected API version (${apiVersion})`;
    return badRequest(text);
  }
  const { version } = splitApiVersion(said);
  const why = `no kind "${name}" is registered for version "${said}" that is a ${descriptor.kind}`;
  return badRequest(
    `${name} in version "${version}" cannot be handled as a ${descriptor.kind}: ${why}`,
  );
}

const nameIn = ({ metadata }: Partial<KubeObject>): string => metadata?.name ?? '';

export function checkNamespace(
  kind: ServedKind,
  given: ObjectMeta,
  namespace: string | undefined,
): void {
  if (!kind.descriptor.namespaced) return;
  if (!namespace) throw badRequest('an empty namespace may not be set during creation');
  if (given.namespace && given.namespace !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
}

/** An object ready to be stored, and what admission changed on the way, if it did. */
interface Prepared {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  readonly foreign: { readonly before: KubeObject; readonly after: KubeObject } | undefined;
}

/** Admission, strategy and validation of a new object. */
function prepare(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  admitted: KubeObject,
): Prepared {
  const { strategy } = kind;
  const { user } = request;
  const name = admitted.metadata.name ?? '';
  const attributes = attributesOf(kind, request, name, withoutStatus(kind, admitted));
  const mutated = mutate(attributes, core);
  const before = attributes.object;
  const foreign = mutated === before ? undefined : { before, after: mutated };
  let object = strategy.prepareCreate?.(mutated, core, user) ?? mutated;
  if (object !== admitted) object = readmit(kind, object, admitted);
  refuseInvalid(core, kind, vouchedFor(request), name, () => createProblems(kind, object));
  const final = { ...attributes, object };
  validateAdmission(final, core);
  const warnings = request.vouched ? [] : objectWarnings(final, core);
  return { object, foreign, warnings };
}

function attributesOf(
  kind: ServedKind,
  request: ApiRequest,
  name: string,
  object: KubeObject,
): AdmissionAttributes {
  const { namespace, user, options = {} } = request;
  const dryRun = options.dryRun ?? false;
  return {
    operation: 'CREATE',
    kind,
    namespace,
    name,
    subresource: undefined,
    user,
    dryRun,
    object,
    request,
  };
}

/** The client's status is not the server's: a kind with a status subresource starts without one. */
function withoutStatus(kind: ServedKind, object: KubeObject): KubeObject {
  const field = kind.descriptor.statusField;
  if (!field || !(field in object) || kind.strategy.keepsStatusOnCreate) return object;
  const { [field]: _, ...rest } = object as KubeObject & { status?: unknown };
  return rest;
}

/** The creator owns all that he said and what was filled in for him, but not what admission added. */
function owned(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  { object, foreign }: Prepared,
): Ownership {
  const change = { before: undefined, after: object, foreign, timeMs: core.now() };
  return recordUpdate(UNOWNED, writerOf(kind, request, 'Update'), change, kind.ownershipSchema);
}

/** What a dry run answers: the object as it would be, with whatever version the client gave it. */
function tried(
  object: KubeObject,
  { resourceVersion }: ObjectMeta,
  ownership: Ownership,
): KubeObject {
  const { metadata } = object;
  return withOwnership(
    resourceVersion ? { ...object, metadata: { ...metadata, resourceVersion } } : { ...object },
    ownership,
  );
}

function store(
  core: Core,
  kind: ServedKind,
  { verb, cause }: ApiRequest,
  object: KubeObject,
  ownership: Ownership,
): Awaitable<boolean> {
  const note = { verb: verb === 'patch' ? 'apply' : 'create', cause } as const;
  return core.put(kind, keyOf(object), { object, ownership }, undefined, note);
}
