import { limits } from '../base/index.ts';
import {
  type ApiRequest,
  type ApiResponse,
  conflict,
  forbidden,
  formatTime,
  isDeleting,
  jsonEqual,
  type KubeObject,
  MODIFIED,
  notFound,
  type PropagationPolicy,
  parseTime,
  success,
} from '../meta/index.ts';
import { mutate, validate } from './admission/index.ts';
import type { Core } from './core.ts';
import { withOwnership } from './dry-run.ts';
import { about, type ServedKind } from './kind.ts';
import { isOver, keyOfRequest } from './update.ts';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** DELETE: at once, or the beginning of a deletion that graces and finalizers drag out. */
export async function remove(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
): Promise<ApiResponse> {
  const key = keyOfRequest(request);
  for (let attempt = 0; attempt < limits.conflictRetries; attempt++) {
    const live = kind.cache.row(key);
    if (!live) throw notFound(about(kind, request.name));
    check(core, kind, request, live.object);
    const marked = mark(core, kind, request, live.object);
    const over = isOver(kind, marked);
    if (over || marked !== live.object) {
      const note = { verb: 'delete', cause: request.cause } as const;
      if (!request.options?.dryRun) {
        const done = over
          ? await core.remove(kind, key, live, note)
          : await core.put(kind, key, { ...live, object: marked }, live, note);
        if (!done) continue;
      }
    }
    const { orphanWarning } = kind.strategy;
    const isWarned = orphanWarning && !request.options?.propagationPolicy;
    const object = answer(kind, marked, over);
    if (object === marked && (over || request.options?.dryRun))
      withOwnership(object, live.ownership);
    return {
      code: 200,
      object,
      ...(isWarned ? { warnings: [orphanWarning] } : {}),
    };
  }
  throw conflict(about(kind, request.name), MODIFIED);
}

/** DELETE of a collection: every object on its own, those chosen by `matches`. Answers with the list of them. */
export async function removeAll(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
  objects: readonly KubeObject[],
): Promise<ApiResponse> {
  for (const { metadata } of objects) {
    const { name = '', namespace } = metadata;
    const target = { ...request, name, ...(namespace ? { namespace } : {}) };
    if (kind.cache.row(keyOfRequest(target))) await remove(core, kind, target);
  }
  const list = {
    kind: `${kind.descriptor.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: { resourceVersion: String(core.revision) },
    items: objects,
  };
  return { code: 200, object: list as unknown as KubeObject };
}

/** An immediate deletion answers with a Status, but for the kinds that always return the object. */
function answer(kind: ServedKind, object: KubeObject, over: boolean): KubeObject {
  if (!over || kind.strategy.returnsDeleted) return object;
  const { name, uid } = object.metadata;
  return success({ ...about(kind, name), ...(uid ? { uid } : {}) }) as unknown as KubeObject;
}

function check(core: Core, kind: ServedKind, request: ApiRequest, live: KubeObject): void {
  const { uid, resourceVersion } = request.options?.preconditions ?? {};
  const { metadata } = live;
  const refuse = (what: string, wanted: string, have: string | undefined): never => {
    throw conflict(
      about(kind, metadata.name),
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${have}`,
    );
  };
  if (uid && uid !== metadata.uid) refuse('UID', uid, metadata.uid);
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    refuse('ResourceVersion', resourceVersion, metadata.resourceVersion);
  const refusal = kind.strategy.refuseDelete?.(live);
  if (refusal) throw forbidden(about(kind, metadata.name), refusal);
  const attributes = {
    operation: 'DELETE',
    kind,
    namespace: request.namespace,
    name: metadata.name ?? '',
    subresource: undefined,
    object: live,
    user: request.user,
    dryRun: request.options?.dryRun ?? false,
    request,
  } as const;
  validate({ ...attributes, object: mutate(attributes, core) }, core);
}

/** The object with its deletion begun: time, grace and finalizers. The same one when a deletion under way is not shortened. */
function mark(core: Core, kind: ServedKind, request: ApiRequest, live: KubeObject): KubeObject {
  const seconds = graceOf(kind, live, request.options?.gracePeriodSeconds);
  const finalizers = finalizersFor(live, policyFor(kind, request, live));
  if (isDeleting(live)) return waitingFor(shorten(live, seconds), finalizers);
  const { generation } = live.metadata;
  const { finalizers: _, ...kept } = live.metadata;
  const marked = {
    ...live,
    metadata: {
      ...kept,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      deletionTimestamp: formatTime(core.now() + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  };
  return kind.strategy.markDeleted?.(marked) ?? marked;
}

function graceOf(kind: ServedKind, live: KubeObject, requested: number | undefined): number {
  const { deletionGrace } = kind.descriptor;
  if (!deletionGrace) return 0;
  const wished = requested !== undefined && requested < 0 ? 1 : requested;
  const own = deletionGrace.path === undefined ? undefined : numberAt(live, deletionGrace.path);
  const fallback = own ?? deletionGrace.seconds;
  return kind.strategy.grace?.(live, wished, fallback) ?? wished ?? fallback;
}

function numberAt(object: KubeObject, path: string): number | undefined {
  let value: unknown = object;
  for (const step of path.split('.'))
    value = (value as Record<string, unknown> | undefined)?.[step];
  return typeof value === 'number' ? value : undefined;
}

function shorten(live: KubeObject, seconds: number): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = live.metadata;
  if (seconds >= deletionGracePeriodSeconds) return live;
  const begun = parseTime(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return {
    ...live,
    metadata: {
      ...live.metadata,
      deletionTimestamp: formatTime(begun + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
    },
  };
}

/** The policy of the deletion: said by the client, begun already, or the kind's; undefined where nobody has one. */
function policyFor(
  { strategy }: ServedKind,
  { options }: ApiRequest,
  { metadata }: KubeObject,
): PropagationPolicy | undefined {
  const isBegun = metadata.finalizers?.some((each) => each === ORPHAN || each === FOREGROUND);
  const own = strategy.orphanWarning && !isBegun ? 'Orphan' : undefined;
  return options?.propagationPolicy ?? own;
}

/** What the object waits for, dependents by the policy; without one it is left as it is. */
function finalizersFor(
  { metadata }: KubeObject,
  policy: PropagationPolicy | undefined,
): readonly string[] {
  const { finalizers: present = NONE } = metadata;
  if (policy === undefined) return present;
  const others = present.filter((each) => each !== ORPHAN && each !== FOREGROUND);
  if (policy === 'Orphan') return [...others, ORPHAN];
  return policy === 'Foreground' ? [...others, FOREGROUND] : others;
}

/** A deletion under way with another policy for its dependents, which may end it. */
function waitingFor(object: KubeObject, finalizers: readonly string[]): KubeObject {
  const { finalizers: before = NONE, ...metadata } = object.metadata;
  if (jsonEqual(before, finalizers)) return object;
  return {
    ...object,
    metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata,
  };
}

const NONE: readonly string[] = [];
