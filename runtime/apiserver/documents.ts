import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

/** How a document is asked for. Header values are as they came. */
export interface DocumentRequest {
  /** Without the query: `/apis/apps/v1`. */
  readonly path: string;
  readonly accept?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** `hash` of the query, by which a client says which version of an OpenAPI document it means. */
  readonly hash?: string | undefined;
}

export interface DocumentAnswer {
  readonly status: number;
  /** Names in lower case; Content-Type among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A document in one encoding, ready to be sent as often as it is asked for. */
export interface EncodedDocument {
  readonly contentType: string;
  readonly body: Buffer;
  /** Of the JSON form, whatever the encoding; without quotes. */
  readonly etag: string;
}

export const JSON_TYPE = 'application/json';
export const YAML_TYPE = 'application/yaml';
const NOTHING = Buffer.alloc(0);

/** SHA-512 in capital hex digits, as clients of Kubernetes see it in ETags and hashes of OpenAPI documents. */
export function etagOf(body: Buffer | string): string {
  return createHash('sha512').update(body).digest('hex').toUpperCase();
}

export function jsonDocument(value: unknown, contentType: string = JSON_TYPE): EncodedDocument {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  return { contentType, body, etag: etagOf(body) };
}

export function yamlDocument(value: unknown): EncodedDocument {
  const body = Buffer.from(stringify(value, { aliasDuplicateObjects: false }));
  return { contentType: YAML_TYPE, body, etag: etagOf(body) };
}

export function plainAnswer({ contentType, body }: EncodedDocument): DocumentAnswer {
  return { status: 200, headers: { 'content-type': contentType }, body };
}

/** With its ETag; nothing but the headers where the client has the document already. */
export function taggedAnswer(
  { contentType, body, etag }: EncodedDocument,
  { ifNoneMatch = '' }: DocumentRequest,
  headers: Readonly<Record<string, string>> = {},
): DocumentAnswer {
  const quoted = `"${etag}"`;
  const all = { 'content-type': contentType, vary: 'Accept', etag: quoted, ...headers };
  const isKnown = ifNoneMatch
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === quoted || each === '*');
  return isKnown
    ? { status: 304, headers: all, body: NOTHING }
    : { status: 200, headers: all, body };
}

export function redirectTo(location: string): DocumentAnswer {
  return { status: 301, headers: { location }, body: NOTHING };
}

/** No offered type is accepted, in the form of the OpenAPI handlers: a code alone. */
export function bareNotAcceptable(): DocumentAnswer {
  return { status: 406, headers: { vary: 'Accept' }, body: NOTHING };
}

/** The same as everything else answers it. */
export function notAcceptable(offered: readonly string[]): DocumentAnswer {
  const { body } = jsonDocument({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `only the following media types are accepted: ${offered.join(', ')}`,
    reason: 'NotAcceptable',
    code: 406,
  });
  return { status: 406, headers: { 'content-type': JSON_TYPE }, body };
}
