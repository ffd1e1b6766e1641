import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ApiError, KubeObject, Status } from '../../meta/index.ts';

/** Where an answer is written; that of HTTP/2 has the same methods. */
export type Outgoing = ServerResponse;

/** An answer that is complete. */
export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

const COMMON = { 'cache-control': 'no-cache, private' };
/** As upstream: shorter answers are not worth the work. */
const GZIP_FROM_BYTES = 128 * 1024;

const texts = new WeakMap<object, string>();

/** The JSON of an object that cannot change, written once however often it is sent. */
export function jsonOf(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

interface ListLike {
  readonly items?: readonly object[];
}

/** The JSON of an answer; the items of a list are written once each. */
export function answerText(object: object): string {
  const { items } = object as ListLike;
  if (!Array.isArray(items)) return jsonOf(object);
  const { items: _, ...rest } = object as ListLike;
  const head = JSON.stringify(rest);
  const separator = head === '{}' ? '' : ',';
  return `${head.slice(0, -1)}${separator}"items":[${items.map(jsonOf).join(',')}]}`;
}

export function plainText(code: number, body: string, headers: Answer['headers'] = {}): Answer {
  return {
    code,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body,
  };
}

/** What the server answers to a path that it does not know. */
export const pageNotFound = (): Answer => plainText(404, '404 page not found\n');

export function statusAnswer({ code, status }: Pick<ApiError, 'code' | 'status'>): Answer {
  return jsonAnswer(code, status as unknown as KubeObject);
}

export function jsonAnswer(code: number, object: object): Answer {
  return {
    code,
    headers: { 'content-type': 'application/json', ...retryHeaders(object) },
    body: `${JSON.stringify(object)}\n`,
  };
}

/** A Status that no part of the API has a function for. */
export function failure(code: number, reason: string, message: string): Answer {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason ? { reason } : {}),
    code,
  };
  return jsonAnswer(code, status);
}

export function send(
  response: Outgoing,
  { code, headers, body }: Answer,
  { acceptsGzip, isHead }: { readonly acceptsGzip: boolean; readonly isHead: boolean },
): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const zips = acceptsGzip && bytes.length >= GZIP_FROM_BYTES;
  const sent = zips ? gzipSync(bytes, { level: 1 }) : bytes;
  const all = {
    ...COMMON,
    ...headers,
    ...(zips ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
    'content-length': String(sent.length),
  };
  response.writeHead(code, all as Record<string, string | string[]>);
  if (isHead) response.end();
  else response.end(sent);
}

/** When the server advises to ask again, where its answer says so. */
export function retryHeaders(object: Partial<Status> | object): Answer['headers'] {
  const { details } = object as Partial<Status>;
  const seconds = details?.retryAfterSeconds ?? 0;
  return seconds > 0 ? { 'retry-after': String(seconds) } : {};
}

/** `Warning` headers, each with its text quoted. */
export function warningHeaders(warnings: readonly string[] = []): Answer['headers'] {
  if (warnings.length === 0) return {};
  return {
    warning: warnings.map((text) => `299 - ${JSON.stringify(text.replace(/[\n\r]/g, ' '))}`),
  };
}
