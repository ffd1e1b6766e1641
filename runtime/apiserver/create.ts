import {
  type ApiRequest,
  type ApiResponse,
  alreadyExists,
  badRequest,
  type KubeObject,
  keyOf,
  type ObjectMeta,
  recordUpdate,
  UNOWNED,
  unknownError,
} from '../meta/index.ts';
import { type Awaitable, andThen } from '../storage/index.ts';
import {
  type AdmissionAttributes,
  mutate,
  paid,
  validate as validateAdmission,
} from './admission/index.ts';
import { admitOf, readmit, refuseInvalid } from './admit.ts';
import type { Core } from './core.ts';
import { about, type ServedKind, typed } from './kind.ts';
import { generatedName, metadataForCreate } from './metadata.ts';
import { createProblems } from './object-rules.ts';
import type { Row } from './row.ts';
import { writerOf } from './writer.ts';

/** Attempts to find a generated name that is free. */
const NAME_ATTEMPTS = 8;

/** POST, or a PUT or apply that creates. `ownership` is given by apply, which knows it; else the creator owns all it said. */
export function create(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  ownership?: Row['ownership'],
): Awaitable<ApiResponse> {
  const { options = {}, namespace } = request;
  const { object: body, warnings } = admitOf(core, kind, request, bodyOf(kind, request));
  const given = body.metadata;
  checkNamespace(kind, given, namespace);
  const attempt = (number: number): Awaitable<ApiResponse> => {
    const name =
      given.name || (given.generateName ? generatedName(given.generateName, core.random) : '');
    const metadata = metadataForCreate(kind, given, { name, namespace }, core);
    const object = prepare(core, kind, request, { ...body, metadata });
    if (!options.dryRun && !ownership && given.resourceVersion && given.resourceVersion !== '0')
      throw unknownError('resourceVersion should not be set on objects to be created');
    const isFree = !kind.cache.row(keyOf(object));
    const stored =
      options.dryRun || !isFree
        ? isFree
        : paid(attributesOf(kind, request, name, object), core, request.cause, () =>
            store(core, kind, request, object, ownership),
          );
    return andThen(stored, (done) => {
      if (done) return { code: 201, object, warnings };
      if (given.name || number >= NAME_ATTEMPTS) throw alreadyExists(about(kind, name));
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
  if (wrongKind)
    throw badRequest(
      `${given.kind ?? ''} in version "${given.apiVersion ?? ''}" cannot be handled as a ` +
        `${kind.descriptor.kind}: the request is for ${kind.apiVersion}`,
    );
  if (given.kind && given.apiVersion && given.metadata) return given as KubeObject;
  const metadata = (given.metadata ?? {}) as ObjectMeta;
  return typed(kind, { ...given, metadata });
}

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

/** Admission, strategy and validation of a new object. */
function prepare(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  admitted: KubeObject,
): KubeObject {
  const { strategy } = kind;
  const { user } = request;
  const name = admitted.metadata.name ?? '';
  const attributes = attributesOf(kind, request, name, withoutStatus(kind, admitted));
  let object = mutate(attributes, core);
  object = strategy.prepareCreate?.(object, core, user) ?? object;
  if (object !== admitted) object = readmit(kind, object, admitted);
  refuseInvalid(core, kind, request, name, () => createProblems(kind, object));
  validateAdmission({ ...attributes, object }, core);
  return object;
}

function attributesOf(
  kind: ServedKind,
  { namespace, user, options = {} }: ApiRequest,
  name: string,
  object: KubeObject,
): AdmissionAttributes {
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
  };
}

/** The client's status is not the server's: a kind with a status subresource starts without one. */
function withoutStatus(kind: ServedKind, object: KubeObject): KubeObject {
  const field = kind.descriptor.statusField;
  if (!field || !(field in object) || kind.strategy.keepsStatusOnCreate) return object;
  const { [field]: _, ...rest } = object as KubeObject & { status?: unknown };
  return rest;
}

function store(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  object: KubeObject,
  ownership: Row['ownership'] | undefined,
): Awaitable<boolean> {
  const key = keyOf(object);
  const owned =
    ownership ??
    recordUpdate(
      UNOWNED,
      writerOf(kind, request, 'Update'),
      { before: undefined, after: object, timeMs: core.now() },
      kind.ownershipSchema,
    );
  const verb = ownership ? 'apply' : 'create';
  return core.put(kind, key, { object, ownership: owned }, undefined, {
    verb,
    cause: request.cause,
  });
}
