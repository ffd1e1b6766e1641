import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  type Exchange,
  type KubeObject,
  tooManyRequests,
} from '../meta/index.ts';
import type { Awaitable } from '../storage/index.ts';
import type { Core } from './core.ts';
import { Unanswered } from './webhooks/index.ts';

/** A refusal is an answer. */
export function answerOf(error: unknown): ApiResponse {
  if (!(error instanceof ApiError)) throw error;
  return { code: error.code, object: error.status as unknown as KubeObject };
}

/** Whether anything is stored by which answering a request may mean to ask a webhook. */
export function mayAskWebhooks(core: Core): boolean {
  const { mutating, validating } = core.webhooks;
  return mutating.size > 0 || validating.size > 0 || core.custom.asksWebhooks;
}

type Answer = (request: ApiRequest) => Awaitable<ApiResponse>;

/**
 * Answers a request about which webhooks may be asked, with what they have to say to the client. Where an answer from outside of the
 * cluster is needed, all that was done is forgotten, and done again when it is there: nothing is written before everybody has spoken.
 */
export function exchanged(
  core: Core,
  request: ApiRequest,
  answer: Answer,
  keys: readonly string[] = [],
  uids: Exchange['uids'] = new Map(),
): Awaitable<ApiResponse> {
  const exchange: Exchange = { warnings: [], tookMs: 0, isPatched: false, uids };
  const failed = (error: unknown): Awaitable<ApiResponse> => {
    if (!(error instanceof Unanswered)) return finished(core, keys, exchange, answerOf(error));
    const all = [...keys, error.key];
    return error.reply.then(() => exchanged(core, request, answer, all, uids));
  };
  try {
    const given = answer({ ...request, exchange });
    if (!(given instanceof Promise)) return finished(core, keys, exchange, given);
    return given.then((response) => finished(core, keys, exchange, response), failed);
  } catch (error) {
    return failed(error);
  }
}

function finished(
  core: Core,
  keys: readonly string[],
  { warnings, tookMs }: Exchange,
  response: ApiResponse,
): ApiResponse {
  core.door?.forget(keys);
  if (warnings.length === 0 && tookMs === 0) return response;
  const all = [...(response.warnings ?? []), ...warnings];
  return { ...response, tookMs, ...(all.length > 0 ? { warnings: all } : {}) };
}

/** What is worked out of a write that is done and must not be done again; as soon as those outside have answered whom it asks. */
export function whenAnswered<T>(core: Core, work: () => T): Awaitable<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    const { key, reply } = error;
    return reply.then(() => {
      const done = whenAnswered(core, work);
      core.door?.forget([key]);
      return done;
    });
  }
}

/** What cannot wait is to be asked again. */
export function unlessUnanswered<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unanswered) throw tooManyRequests(error.message, [], 1);
    throw error;
  }
}
