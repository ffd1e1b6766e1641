import { limits } from '../base/index.ts';
import {
  type ApiRequest,
  type ApiResponse,
  badRequest,
  conflict,
  isDeleting,
  jsonEqual,
  type KubeObject,
  MODIFIED,
  notFound,
  type Ownership,
  recordUpdate,
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
import { admitMetadata, admitOf, readmit, refuseInvalid, vouchedFor } from './admit.ts';
import { type ClaimedFields, claimedOwnership, claimProblems } from './claimed-fields.ts';
import type { Core } from './core.ts';
import { bodyOf, checkNamespace, create } from './create.ts';
import { withOwnership } from './dry-run.ts';
import { about, type ServedKind } from './kind.ts';
import { metadataForUpdate, withGeneration } from './metadata.ts';
import { changeProblems } from './metadata-rules.ts';
import { updateProblems } from './object-rules.ts';
import { throwInvalid } from './problems.ts';
import type { Row } from './row.ts';
import { writerOf } from './writer.ts';

/** What a change makes of the stored object. */
export interface Change {
  readonly object: KubeObject;
  readonly warnings?: readonly string[];
  /** Given by apply, which knows it. */
  readonly ownership?: Ownership;
  /** What a client sent as the managed fields of the object. */
  readonly claimed?: ClaimedFields;
  /** The server itself made the change: nothing of it comes from a client, and there is nothing to check. */
  readonly trusted?: boolean;
}

/** The key that a request's path names. */
export function keyOfRequest({ namespace, name = '' }: ApiRequest): string {
  return namespace ? `${namespace}/${name}` : name;
}

/** PUT of the main resource. */
export function update(core: Core, kind: ServedKind, request: ApiRequest): Awaitable<ApiResponse> {
  const body = bodyOf(kind, request);
  checkNamespace(kind, body.metadata, request.namespace);
  checkName(body, request);
  const key = keyOfRequest(request);
  if (kind.descriptor.allowsUpdateToCreate && !kind.cache.row(key))
    return create(core, kind, { ...request, body: named(body, request) });
  return change(core, kind, request, ({ object: live }) => ({
    warnings: admitMetadata(kind, body, request, live),
    object: replaced(kind, body, live),
    claimed: body.metadata.managedFields,
  }));
}

/** The object of a request names itself as the request's path does. */
export function checkName({ metadata }: KubeObject, { name }: ApiRequest): void {
  if (!metadata.name)
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  if (metadata.name !== name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
}

function named(body: KubeObject, { name }: ApiRequest): KubeObject {
  const { resourceVersion: _, ...metadata } = body.metadata;
  return { ...body, metadata: { ...metadata, name: name ?? '' } };
}

/** `body` in the place of `live`: with the conditions that it states checked, and the server's fields kept. */
export function replaced(kind: ServedKind, body: KubeObject, live: KubeObject): KubeObject {
  checkPreconditions(kind, body, live);
  const isVersionless = kind.strategy.needsVersion && isUnstated(body.metadata.resourceVersion);
  throwInvalid(kind, live.metadata.name ?? '', isVersionless ? [NO_VERSION] : []);
  throwInvalid(kind, live.metadata.name ?? '', [
    ...changeProblems(body.metadata, live.metadata),
    ...claimProblems(body.metadata.managedFields),
  ]);
  const object = { ...body, metadata: metadataForUpdate(body.metadata, live.metadata) };
  return withStatusOf(kind, object, live);
}

const isUnstated = (version: string | undefined): boolean => !version || version === '0';

/** The value is shown as it is kept: a number. */
const NO_VERSION = {
  field: 'metadata.resourceVersion',
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0x0: must be specified for an update',
} as const;

/** What a body says of the object that it is for: nothing, or the truth. */
export function checkPreconditions(kind: ServedKind, body: KubeObject, live: KubeObject): void {
  const { uid, resourceVersion } = body.metadata;
  const name = live.metadata.name ?? '';
  if (uid && uid !== live.metadata.uid)
    throw conflict(
      about(kind, name),
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
    );
  if (isUnstated(resourceVersion) || resourceVersion === live.metadata.resourceVersion) return;
  if (!/^\d+$/.test(resourceVersion!))
    throw unknownError(
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  throw conflict(about(kind, name), MODIFIED);
}

function withStatusOf(kind: ServedKind, object: KubeObject, live: KubeObject): KubeObject {
  const field = kind.descriptor.statusField;
  if (!field) return object;
  const [own, stored] = [object as Stateful, live as Stateful];
  if (own.status === stored.status) return object;
  if (stored.status !== undefined) return { ...object, status: stored.status } as KubeObject;
  const { status: _, ...rest } = own;
  return rest;
}

interface Stateful extends KubeObject {
  readonly status?: unknown;
}

/**
 * Reads, changes, checks and writes one object; again when somebody else wrote in between and the change does not insist on
 * what it saw. A change to nothing writes nothing; a deleted object that nothing holds any more goes.
 */
export function change(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  transform: (live: Row) => Change,
): Awaitable<ApiResponse> {
  const key = keyOfRequest(request);
  const attempt = (number: number): Awaitable<ApiResponse> => {
    const live = kind.cache.row(key);
    if (!live) throw notFound(about(kind, request.name));
    const changed = transform(live);
    const { warnings = NONE } = changed;
    const own = withOwnMetadata(changed.object, live.object);
    const { object, warnings: more } = changed.trusted
      ? { object: own, warnings: NONE }
      : prepare(core, kind, request, own, live.object);
    const all = warnings.length === 0 ? more : [...warnings, ...more];
    const { claimed } = changed;
    const owners = claimed ? claimedOwnership(kind, live, claimed) : live.ownership;
    if ((changed.ownership ?? owners) === live.ownership && same(object, live.object))
      return { code: 200, object: live.object, warnings: all };
    const written = { before: live.object, after: object };
    const ownership = changed.ownership ?? ownershipAfter(core, kind, request, owners, written);
    if (request.options?.dryRun)
      return { code: 200, object: withOwnership({ ...object }, ownership), warnings: all };
    const { cause, subresource } = request;
    const note = { verb: verbOf(request), cause, subresource };
    const put = () => core.put(kind, key, { object, ownership }, live, note);
    const stored = isOver(kind, object)
      ? core.remove(kind, key, live, note)
      : changed.trusted
        ? put()
        : paid(attributesOf(kind, request, object, live.object), core, cause, put);
    return andThen(stored, (done) => {
      if (done) return { code: 200, object, warnings: all };
      if (number >= limits.conflictRetries) throw conflict(about(kind, request.name), MODIFIED);
      return attempt(number + 1);
    });
  };
  return attempt(1);
}

function verbOf({ verb, patchType }: ApiRequest): 'update' | 'patch' | 'apply' {
  if (verb !== 'patch') return 'update';
  return patchType === 'application/apply-patch+yaml' ? 'apply' : 'patch';
}

/** Whether a deleted object has nothing left to wait for. */
export function isOver(kind: ServedKind, object: KubeObject): boolean {
  if (!isDeleting(object) || object.metadata.finalizers?.length) return false;
  if ((object.metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !kind.strategy.isHeld?.(object);
}

/** Defaulting, strategy, generation, admission and validation of a changed object; its metadata is a fresh object. */
function prepare(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  changed: KubeObject,
  live: KubeObject,
): { object: KubeObject; warnings: readonly string[] } {
  const { strategy } = kind;
  const { subresource } = request;
  const { object: admitted, warnings } = admitOf(core, kind, request, changed, live);
  const name = live.metadata.name ?? '';
  const attributes = attributesOf(kind, request, admitted, live);
  let object = mutate(attributes, core);
  if (subresource === 'status')
    object = strategy.prepareStatus?.(object, live, core, request.user) ?? object;
  else if (!subresource) object = strategy.prepareUpdate?.(object, live, core) ?? object;
  if (object !== admitted) object = readmit(kind, object, admitted);
  if (subresource !== 'status') object = withGeneration(kind, object, live);
  const asked = vouchedFor(request);
  refuseInvalid(core, kind, asked, name, () => updateProblems(kind, object, live, subresource));
  const final = { ...attributes, object };
  validateAdmission(final, core);
  const more = request.vouched || subresource === 'status' ? NONE : objectWarnings(final, core);
  return { object, warnings: more.length === 0 ? warnings : [...warnings, ...more] };
}

function attributesOf(
  kind: ServedKind,
  request: ApiRequest,
  object: KubeObject,
  old: KubeObject,
): AdmissionAttributes {
  const { namespace, user, subresource, options = {} } = request;
  const name = old.metadata.name ?? '';
  const dryRun = options.dryRun ?? false;
  const by = { user, dryRun, request };
  return { operation: 'UPDATE', kind, namespace, name, subresource, object, old, ...by };
}

const NONE: readonly string[] = [];

/** With a metadata object of its own, which the commit completes; the stored one belongs to everybody. */
function withOwnMetadata(object: KubeObject, live: KubeObject): KubeObject {
  if (object.metadata !== live.metadata) return object;
  return { ...object, metadata: { ...object.metadata } };
}

/** Equal but for the resourceVersion, which only a write gives. */
function same(object: KubeObject, live: KubeObject): boolean {
  return (
    sameFields(object, live, 'metadata') &&
    sameFields(object.metadata, live.metadata, 'resourceVersion')
  );
}

function sameFields(now: object, before: object, except: string): boolean {
  const [left, right] = [now as Record<string, unknown>, before as Record<string, unknown>];
  for (const key in left) if (key !== except && !jsonEqual(left[key], right[key])) return false;
  for (const key in right)
    if (key !== except && left[key] === undefined && right[key] !== undefined) return false;
  return true;
}

function ownershipAfter(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  before: Ownership,
  written: { readonly before: KubeObject; readonly after: KubeObject },
): Ownership {
  const change = { ...written, timeMs: core.now() };
  return recordUpdate(before, writerOf(kind, request, 'Update'), change, kind.ownershipSchema);
}
