import { jsonEqual } from '../../generator/model/index.ts';
import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  applyConfiguration,
  applyConflict,
  badRequest,
  jsonPatch,
  type KubeObject,
  mergePatch,
  strategicMergePatch,
  UNOWNED,
  unsupportedMediaType,
} from '../meta/index.ts';
import type { Awaitable } from '../storage/index.ts';
import type { Core } from './core.ts';
import { bodyOf, create } from './create.ts';
import type { ServedKind } from './kind.ts';
import { throwInvalid } from './problems.ts';
import { invalid } from './strategies/problem.ts';
import { type Change, change, checkName, checkPreconditions, keyOfRequest } from './update.ts';
import { writerOf } from './writer.ts';

/** How a patched object is put in the place of the stored one: of the main resource or of a subresource. */
export type Replace = (kind: ServedKind, body: KubeObject, live: KubeObject) => KubeObject;

/** PATCH, of all four types. */
export function patch(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  replace: Replace,
): Awaitable<ApiResponse> {
  if (request.patchType === 'application/apply-patch+yaml')
    return apply(core, kind, request, replace);
  return change(core, kind, request, ({ object: live }) => {
    const patched = patchedObject(kind, request, live);
    checkIdentity(kind, request, patched, live);
    return { object: replace(kind, patched, live) };
  });
}

function patchedObject(
  kind: ServedKind,
  { patchType, body }: ApiRequest,
  live: KubeObject,
): KubeObject {
  switch (patchType) {
    case 'application/json-patch+json':
      return jsonPatch(live, body) as KubeObject;
    case 'application/merge-patch+json':
      return mergePatch(live, objectPatch(body)) as KubeObject;
    case 'application/strategic-merge-patch+json':
    case undefined:
      return strategicMergePatch(live, objectPatch(body), kind.schema, (schema) =>
        kind.interpreter.resolve(schema),
      ) as KubeObject;
    default:
      throw unsupportedMediaType(
        `the body of the request was in an unknown format - accepted media types include: ${PATCH_TYPES}`,
      );
  }
}

const PATCH_TYPES =
  'application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, ' +
  'application/apply-patch+yaml';

function objectPatch(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw badRequest('the patch must be an object');
}

/** A patch must leave the same object: of its name, namespace, kind and uid. */
function checkIdentity(
  kind: ServedKind,
  request: ApiRequest,
  patched: KubeObject,
  live: KubeObject,
): void {
  if (typeof patched !== 'object' || patched === null || typeof patched.metadata !== 'object')
    throw badRequest(`the patched value is no ${kind.descriptor.kind}`);
  checkName(patched, request);
  checkUid(kind, patched, live);
  if ((patched.metadata.namespace ?? '') !== (live.metadata.namespace ?? ''))
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
}

function checkUid(kind: ServedKind, { metadata }: KubeObject, live: KubeObject): void {
  if (metadata.uid && metadata.uid !== live.metadata.uid)
    throwInvalid(kind, live.metadata.name ?? '', [
      invalid('metadata.uid', metadata.uid, 'field is immutable'),
    ]);
}

/** Server-side apply: creates what is not there. */
function apply(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  replace: Replace,
): Awaitable<ApiResponse> {
  const { options, name, namespace } = request;
  if (!options?.fieldManager)
    throw badRequest(
      'PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch',
    );
  const config = bodyOf(kind, request);
  if (config.metadata.name) checkName(config, request);
  if (config.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  checkDeclared(kind, config);
  const state = { writer: writerOf(kind, request, 'Apply'), timeMs: core.now() };
  const schema = kind.ownershipSchema;
  if (!request.subresource && !kind.cache.row(keyOfRequest(request))) {
    const identity = { name: name ?? '', ...(namespace ? { namespace } : {}) };
    const body = { ...config, metadata: { ...config.metadata, ...identity } };
    const { ownership } = applyConfiguration(
      undefined,
      body,
      { ...state, ownership: UNOWNED },
      FORCED,
      schema,
    );
    return create(core, kind, { ...request, body }, ownership);
  }
  return change(core, kind, request, (row): Change => {
    const { object: live, ownership } = row;
    checkUid(kind, config, live);
    checkPreconditions(kind, config, live);
    const force = { force: options.force ?? false };
    const applied = applyConfiguration(live, config, { ...state, ownership }, force, schema);
    if (applied.conflicts.length > 0 && !force.force) throw applyConflict(applied.conflicts);
    const merged = applied.object as KubeObject;
    const object = replace(
      kind,
      { ...merged, metadata: { ...live.metadata, ...keep(merged) } },
      live,
    );
    const isSame = jsonEqual(applied.ownership, ownership);
    return { object, ownership: isSame ? ownership : applied.ownership };
  });
}

const FORCED = { force: true };

/** What apply may change of metadata. */
function keep({ metadata }: KubeObject): Partial<KubeObject['metadata']> {
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...{ labels, annotations, ownerReferences, finalizers },
  } as Partial<KubeObject['metadata']>;
}

/** Apply refuses what the schema does not know, as its typed merge cannot place it: a 500 upstream. */
function checkDeclared(kind: ServedKind, config: KubeObject): void {
  const { problems } = kind.interpreter.admit(kind.descriptor.schema, config);
  if (problems.length === 0) return;
  const { name, namespace } = config.metadata;
  const target = `${namespace ? `${namespace}/` : ''}${name ?? ''}; ${kind.apiVersion}, Kind=${kind.descriptor.kind}`;
  const lines = problems.map(({ field, reason, message }) =>
    reason === 'FieldUnknown' ? `.${field}: field not declared in schema` : `.${field}: ${message}`,
  );
  throw new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `failed to create typed patch object (${target}): ${lines.join('\n')}`,
    details: { causes: problems.map(({ field, reason, message }) => ({ field, reason, message })) },
    code: 500,
  });
}
