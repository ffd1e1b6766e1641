import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  expired,
  type KubeObject,
  notFound,
} from '../meta/index.ts';
import { CompactedError, type Entry } from '../storage/index.ts';
import {
  type Continuation,
  continueToken,
  INCONSISTENT,
  readContinueToken,
} from './continue-token.ts';
import type { Core } from './core.ts';
import { about, type ServedKind } from './kind.ts';
import { momentOf } from './list-options.ts';
import type { Row } from './row.ts';
import { candidates, matcherOf } from './selecting.ts';
import { keyOfRequest } from './update.ts';

/** GET of one object. */
export function get(kind: ServedKind, request: ApiRequest): ApiResponse {
  const row = kind.cache.row(keyOfRequest(request));
  if (!row) throw notFound(about(kind, request.name));
  return { code: 200, object: row.object };
}

/** GET of a collection: from the cache, or from the past when the client names a revision or goes on with an earlier list. */
export async function list(
  core: Core,
  kind: ServedKind,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { limit } = request.options ?? {};
  const matches = matcherOf(kind, request.options ?? {});
  const { revision, objects } = await startOf(core, kind, request);
  const chosen: KubeObject[] = [];
  let next: string | undefined;
  for (const object of objects) {
    if (matches && !matches(object)) continue;
    if (limit && chosen.length === limit) {
      next = `${keyIn(chosen.at(-1)!)}\0`;
      break;
    }
    chosen.push(object);
  }
  const more = next === undefined ? {} : { continue: continueToken({ revision, start: next }) };
  const remaining =
    next === undefined || matches ? {} : { remainingItemCount: objects.length - chosen.length };
  const answer = {
    kind: `${kind.descriptor.kind}List`,
    apiVersion: kind.apiVersion,
    metadata: { resourceVersion: String(revision), ...more, ...remaining },
    items: chosen,
  };
  return { code: 200, object: answer as unknown as KubeObject };
}

/** The objects that a collection request selects, as they are now. */
export function selected(kind: ServedKind, { namespace, options = {} }: ApiRequest): KubeObject[] {
  const matches = matcherOf(kind, options);
  const all = candidates(kind, namespace, options);
  return matches ? all.filter(matches) : [...all];
}

/** What a list chooses from, and as of when. */
interface Start {
  readonly revision: number;
  readonly objects: readonly KubeObject[];
}

async function startOf(
  core: Core,
  kind: ServedKind,
  { namespace, options = {} }: ApiRequest,
): Promise<Start> {
  const moment = momentOf(options, core.revision);
  if (options.continue !== undefined)
    return goOn(core, kind, namespace, readContinueToken(options.continue));
  if (moment.kind === 'now')
    return { revision: core.revision, objects: candidates(kind, namespace, options) };
  try {
    return await past(core, kind, namespace, { revision: moment.revision, start: '' });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw expired('The resourceVersion for the provided list is too old.');
  }
}

async function goOn(
  core: Core,
  kind: ServedKind,
  namespace: string | undefined,
  { revision, start }: Continuation,
): Promise<Start> {
  try {
    return await past(core, kind, namespace, {
      revision: revision < 0 ? core.revision : revision,
      start,
    });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw tooOldToGoOn(start);
  }
}

/** With the token by which the client may go on all the same, as of then. */
function tooOldToGoOn(start: string): ApiError {
  const { status } = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
      'without the continue parameter, or use the continue token in this response to retrieve the remainder of ' +
      'the results. Continuing with the provided token results in an inconsistent list - objects that were ' +
      'created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  const metadata = { continue: continueToken({ revision: INCONSISTENT, start }) };
  return new ApiError({ ...status, metadata });
}

async function past(
  core: Core,
  kind: ServedKind,
  namespace: string | undefined,
  { revision, start }: Continuation,
): Promise<Start> {
  const prefix = namespace === undefined ? kind.prefix : `${kind.prefix}${namespace}/`;
  const end = `${prefix.slice(0, -1)}0`;
  const from = start === '' ? prefix : kind.prefix + start;
  const { entries } = await core.store.range({ start: from, end, revision });
  const stored = entries.map(({ value }: Entry<Row>) => value.object);
  return { revision, objects: kind.custom ? kind.custom.seenAll(stored) : stored };
}

function keyIn({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : `${metadata.name}`;
}
