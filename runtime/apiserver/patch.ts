import { jsonEqual } from '../../generator/model/index.ts';
import {
  type ApiRequest,
  type ApiResponse,
  applyConfiguration,
  applyConflict,
  badRequest,
  jsonPatch,
  type KubeObject,
  mergePatch,
  type PatchType,
  strategicMergePatch,
  UNOWNED,
  unknownError,
  unsupportedMediaType,
} from '../meta/index.ts';
import { type Awaitable, andThen } from '../storage/index.ts';
import { admitBody } from './admit.ts';
import { type ClaimedFields, forPatch } from './claimed-fields.ts';
import type { ServedVersion } from './conversion/index.ts';
import type { Core } from './core.ts';
import { bodyOf, create } from './create.ts';
import { type ServedKind, typed } from './kind.ts';
import { lastApplied, withLastApplied } from './last-applied.ts';
import { throwInvalid, unfitPatch } from './problems.ts';
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
  checkType(kind, request.patchType);
  if (request.patchType === 'application/apply-patch+yaml')
    return apply(core, kind, request, replace);
  const { version } = kind;
  return change(core, kind, request, (row) => {
    const { object: live } = row;
    if (version) return patchThrough(kind, version, request, { live, replace });
    const whole = forPatch(kind, row, request.body);
    const patched = identified(kind, request, patchedObject(kind, request, whole), live);
    return { object: replace(kind, patched, live), claimed: claimedBy(request, patched) };
  });
}

/** A subresource is no place to say who owns the fields of the object. */
function claimedBy({ subresource }: ApiRequest, { metadata }: KubeObject): ClaimedFields {
  return subresource === undefined ? metadata.managedFields : undefined;
}

/** The same for a client of another version than the stored one: what it patches is the object that it sees. */
function patchThrough(
  kind: ServedKind,
  { face, conversion }: ServedVersion,
  request: ApiRequest,
  { live, replace }: { readonly live: KubeObject; readonly replace: Replace },
): Change {
  const seen = conversion.fromStorage(live);
  const patched = identified(kind, request, patchedObject(face, request, seen), live);
  const { object, warnings } = admitBody(face, patched, request);
  const claimed = claimedBy(request, patched);
  return { object: replace(kind, conversion.toStorage(object), live), warnings, claimed };
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
    default:
      return strategicMergePatch(live, objectPatch(body), kind.schema, (schema) =>
        kind.interpreter.resolve(schema),
      ) as KubeObject;
  }
}

const STRATEGIC = 'application/strategic-merge-patch+json';

const PATCH_TYPES: readonly PatchType[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** Nobody has said how the lists of custom resources merge. */
const CUSTOM_PATCH_TYPES = PATCH_TYPES.filter((type) => type !== STRATEGIC);

/** A patch without a type is a strategic one. */
function checkType({ custom }: ServedKind, type: PatchType | undefined): void {
  const types = custom ? CUSTOM_PATCH_TYPES : PATCH_TYPES;
  if (types.includes(type ?? STRATEGIC)) return;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

function objectPatch(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw badRequest('the patch must be an object');
}

/** A patch must leave the same object, of its name, namespace, kind and uid; a kind that it took away is known all the same. */
function identified(
  kind: ServedKind,
  request: ApiRequest,
  patched: KubeObject,
  live: KubeObject,
): KubeObject {
  if (typeof patched !== 'object' || patched === null || typeof patched.metadata !== 'object')
    throw badRequest(`the patched value is no ${kind.descriptor.kind}`);
  checkKind(kind.version?.face ?? kind, patched);
  checkName(patched, request);
  checkUid(kind, patched, live);
  if ((patched.metadata.namespace ?? '') !== (live.metadata.namespace ?? ''))
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  return patched.kind && patched.apiVersion ? patched : typed(kind.version?.face ?? kind, patched);
}

/** A patch cannot make another kind of an object: it is then decoded as one. */
function checkKind({ apiVersion, descriptor }: ServedKind, patched: KubeObject): void {
  const { kind: name = descriptor.kind, apiVersion: version = apiVersion } = patched as Untyped;
  if (name === descriptor.kind && version === apiVersion) return;
  const why = `unable to decode ${version}, Kind=${name} into ${apiVersion}, Kind=${descriptor.kind}`;
  throw unfitPatch(JSON.stringify(patched), why);
}

type Untyped = Partial<KubeObject>;

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
  const { name, namespace } = request;
  const config = configOf(kind, request);
  if (request.subresource || kind.cache.row(keyOfRequest(request)))
    return applyTo(core, kind, request, { config, replace });
  const identity = { name: name ?? '', ...(namespace ? { namespace } : {}) };
  const { resourceVersion: _, ...metadata } = config.metadata;
  const body = { ...config, metadata: { ...metadata, ...identity } };
  const { ownership } = applyConfiguration(
    undefined,
    body,
    { writer: writerOf(kind, request, 'Apply'), timeMs: core.now(), ownership: UNOWNED },
    FORCED,
    kind.ownershipSchema,
  );
  const warnings = applyWarnings(request);
  const made = create(core, kind, { ...request, notes: undefined, body }, ownership);
  return andThen(made, (answer) => withWarnings(answer, warnings));
}

/** Server-side apply to an object that is there, or to a subresource of it, of what `config` says of the whole object. */
export function applyTo(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  { config, replace }: { readonly config: KubeObject; readonly replace: Replace },
): Awaitable<ApiResponse> {
  const writer = writerOf(kind, request, 'Apply');
  const { manager } = writer;
  const { face = kind } = kind.version ?? {};
  const state = { writer, timeMs: core.now() };
  const schema = kind.ownershipSchema;
  const warnings = applyWarnings(request);
  const plain = { ...request, notes: undefined };
  return change(core, kind, plain, ({ object: live, ownership }): Change => {
    checkUid(kind, config, live);
    checkPreconditions(kind, config, live);
    const { force = false } = request.options ?? {};
    const options = { force, lastApplied: lastApplied(kind, manager, live) };
    const applied = applyConfiguration(live, config, { ...state, ownership }, options, schema);
    if (applied.conflicts.length > 0 && !force) throw applyConflict(applied.conflicts);
    const plainly = applied.object as KubeObject;
    const merged = request.subresource
      ? plainly
      : withLastApplied(plainly, manager, bodyOf(face, request));
    const object = replace(
      kind,
      { ...merged, metadata: { ...live.metadata, ...keep(merged) } },
      live,
    );
    const isSame = jsonEqual(applied.ownership, ownership);
    return { object, ownership: isSame ? ownership : applied.ownership, warnings };
  });
}

/** What is wrong with the text of what is applied: for strict clients a refusal, for others a warning, if they want any. */
function applyWarnings({ notes, options }: ApiRequest): readonly string[] {
  const { fieldValidation = 'Warn' } = options ?? {};
  if (!notes?.strictErrors.length || fieldValidation === 'Ignore') return [];
  if (fieldValidation === 'Warn') return notes.strictErrors;
  throw badRequest(`error strict decoding YAML: ${notes.strictErrors.join(', ')}`);
}

function withWarnings(answer: ApiResponse, more: readonly string[]): ApiResponse {
  return more.length === 0
    ? answer
    : { ...answer, warnings: [...(answer.warnings ?? []), ...more] };
}

/** What is applied, in the storage version. */
function configOf(kind: ServedKind, request: ApiRequest): KubeObject {
  const { face = kind, conversion } = kind.version ?? {};
  const { apiVersion, kind: name } = (request.body ?? {}) as Partial<KubeObject>;
  checkApplied(face, { apiVersion, name });
  const config = bodyOf(face, request);
  if (config.metadata.name) checkName(config, request);
  if (config.metadata.namespace && config.metadata.namespace !== request.namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (config.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  checkDeclared(face, config);
  return conversion ? conversion.toStorage(config) : config;
}

/** What is applied says of which version and kind it is. */
function checkApplied(
  { apiVersion: expected, descriptor }: ServedKind,
  { apiVersion = '', name = '' }: { apiVersion: string | undefined; name: string | undefined },
): void {
  if (apiVersion !== expected)
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${apiVersion}, expected: ${expected}`,
    );
  if (name === descriptor.kind) return;
  const { group, version } = descriptor;
  throw badRequest(`invalid object type: ${group}/${version}, Kind=${name}`);
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
  const lines = problems.map(({ field, reason, message }) => {
    const words = reason === 'FieldUnknown' ? 'field not declared in schema' : mergeWords(message);
    return `.${field.replace(/\[([^\d\]][^\]]*)\]/g, '.$1')}: ${words}`;
  });
  const why = lines.length === 1 ? lines[0] : `errors:\n  ${lines.join('\n  ')}`;
  throw unknownError(`failed to create typed patch object (${target}): ${why}`);
}

const MISTYPED = /^Invalid value: (.*): expected (\w+), got \w+$/s;
/** What the typed merge calls the types of values. */
const MERGE_TYPES: Readonly<Record<string, string>> = {
  array: 'list',
  object: 'map',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
};

/** The words of the typed merge for a value of the wrong type. */
function mergeWords(message: string): string {
  const [, value, wanted = ''] = MISTYPED.exec(message) ?? [];
  if (value === undefined) return message;
  return `expected ${MERGE_TYPES[wanted] ?? wanted}, got &value.valueUnstructured{Value:${value}}`;
}
