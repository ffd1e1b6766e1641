import type { IncomingMessage } from 'node:http';
import { afterWall, limits } from '../../base/index.ts';
import { ApiError, timeout, unsupportedMediaType } from '../../meta/index.ts';
import { type DecodedText, decodeText } from '../decoding/index.ts';
import { checkDepth } from './depth.ts';
import { OFFERED, PROTOBUF_TYPE } from './form.ts';
import { protobuf, type TypeMeta } from './protobuf/index.ts';

/** A request; that of HTTP/2 has the same fields. */
export type Incoming = IncomingMessage;

const JSON_TYPES = new Set([
  'application/json',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]);
const YAML_TYPES = new Set(['application/yaml', 'application/apply-patch+yaml']);

/** Nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Upstream's bound for a request that is no watch. */
const BODY_WITHIN_MS = 60_000;

/** Reads the whole body, up to the limits of size (413) and time (504); what comes beyond them is left to flow by. */
export function readBody(request: Incoming): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limits.requestBytesMax) chunks.push(chunk);
      else {
        request.off('data', take);
        reject(tooLarge());
      }
    };
    const cancel = afterWall(
      BODY_WITHIN_MS,
      () => {
        request.off('data', take);
        reject(timeout('request did not complete within the allotted timeout'));
      },
      true,
    );
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGone()));
    request.on('close', () => {
      cancel();
      reject(new ClientGone());
    });
  });
}

const tooLarge = (): ApiError =>
  new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Request entity too large: limit is ${limits.requestBytesMax}`,
    reason: 'RequestEntityTooLarge',
    code: 413,
  });

/** The media type of a body, JSON where none is said. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';')[0]!.trim().toLowerCase() || 'application/json';

/** Whether a body of the media type is text that says a value. */
export const isText = (type: string): boolean => JSON_TYPES.has(type) || YAML_TYPES.has(type);

/** What a body of the media type says; nothing where it is empty. `expected` is what the request is for. */
export function decodeBody(body: Buffer, type: string, expected: TypeMeta): DecodedText {
  if (type === PROTOBUF_TYPE) return { body: protobuf().decode(body, expected) };
  const text = body.toString('utf8');
  if (text.trim() !== '' && !isText(type))
    throw unsupportedMediaType(
      `the body of the request was in an unknown format - accepted media types include: ${OFFERED.join(', ')}`,
    );
  checkDepth(text);
  return decodeText(text, type, expected.kind);
}
