import type { FieldProblem, Schema } from '../../generator/model/index.ts';
import { assert } from '../base/index.ts';
import type { ApiRequest, BodyNotes, KubeObject } from '../meta/index.ts';
import type { Core } from './core.ts';
import { typeError } from './decoding/index.ts';
import { type ServedKind, typed } from './kind.ts';
import { throwInvalid, undecodable } from './problems.ts';
import type { Problem } from './strategies/problem.ts';

/** What a client sent, as an object of the kind: pruned and defaulted; and what to warn it of. */
export interface Admitted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** What of a request says how its body is decoded. */
export type Decoding = Pick<ApiRequest, 'verb' | 'patchType' | 'options' | 'notes' | 'body'>;

/**
 * Decodes a body: unknown fields are taken out (an error when the client asked for `Strict`, a warning otherwise), values of
 * a wrong type are refused, and defaults are applied. What is the same in `live`, the stored object, is not looked at.
 */
export function admitBody(
  kind: ServedKind,
  body: KubeObject,
  decoding: Decoding,
  live?: KubeObject,
): Admitted {
  const { value, problems } = kind.interpreter.admit(kind.descriptor.schema, body, live);
  const { notes } = decoding;
  if (problems.length === 0 && !notes) return { object: value as KubeObject, warnings: NONE };
  const wrong = wrongTypes(kind, body, problems, decoding);
  if (wrong !== undefined) throw undecodable(kind, decoding, { object: body, why: wrong });
  const unknown = problems.map(({ message }) => message);
  const complaints = notes ? [...unknown, ...notes.strictErrors] : unknown;
  const { fieldValidation = 'Warn' } = decoding.options ?? {};
  if (complaints.length > 0 && fieldValidation === 'Strict') {
    const why = `strict decoding error: ${complaints.join(', ')}`;
    throw undecodable(kind, decoding, { object: body, why });
  }
  return { object: value as KubeObject, warnings: fieldValidation === 'Warn' ? complaints : NONE };
}

/** Why a body is none of the kind; undefined when it is one. */
function wrongTypes(
  kind: ServedKind,
  body: KubeObject,
  problems: readonly FieldProblem[],
  { notes, verb, patchType }: Decoding,
): string | undefined {
  const wrong = problems.filter(({ reason }) => reason !== 'FieldUnknown');
  // Numbers of custom resources are taken by their value, however they are written.
  const literals = kind.custom ? NO_LITERALS : (notes?.literals ?? NO_LITERALS);
  if (wrong.length === 0 && Object.keys(literals).length === 0) return undefined;
  const resolve = (schema: Schema): Schema => kind.interpreter.resolve(schema);
  const isRestored = verb === 'patch' && (patchType === undefined || patchType === STRATEGIC);
  const found = typeError(body, { schema: kind.schema, resolve, literals, isRestored });
  // Metadata of custom resources are decoded by themselves.
  const told = kind.custom
    ? found?.replace('field ObjectMeta.metadata.', 'field ObjectMeta.')
    : found;
  if (told !== undefined || wrong.length === 0) return told;
  return wrong.map(({ field, message }) => `${field}: ${message}`).join(', ');
}

const STRATEGIC = 'application/strategic-merge-patch+json';
const NO_LITERALS: BodyNotes['literals'] = {};

/**
 * `admitBody` of a request's body, as the request wants it. One that is vouched for is taken as it is, where the server trusts its
 * components.
 */
export function admitOf(
  { trusting }: Core,
  kind: ServedKind,
  request: ApiRequest,
  body: KubeObject,
  live?: KubeObject,
): Admitted {
  const { vouched } = request;
  if (vouched && trusting) return { object: body, warnings: NONE };
  const admitted = admitBody(kind, body, request, live);
  if (vouched) assert(admitted.object === body, `vouched for, and not as it is kept: ${kind.id}`);
  return admitted;
}

/** Nobody vouches for what a webhook has changed. */
export function vouchedFor(request: ApiRequest): ApiRequest {
  return request.exchange?.isPatched ? { ...request, vouched: undefined } : request;
}

/** Refuses what is invalid: with a 422, or as the bug that it is in a body that somebody vouched for. */
export function refuseInvalid(
  { trusting }: Core,
  kind: ServedKind,
  { vouched }: ApiRequest,
  name: string,
  problems: () => readonly Problem[],
): void {
  if (vouched && trusting) return;
  const found = problems();
  if (vouched) assert(found.length === 0, `vouched for, and invalid: ${JSON.stringify(found)}`);
  throwInvalid(kind, name, found);
}

/**
 * What is to be warned of in the metadata that a client sent with an object that exists: the server takes from it what a client may
 * say, so that what nobody knows would go unnoticed.
 */
export function admitMetadata(
  kind: ServedKind,
  { metadata }: KubeObject,
  { notes: _, ...decoding }: Decoding,
  live: KubeObject,
): readonly string[] {
  if (metadata === live.metadata) return NONE;
  return admitBody(kind, typed(kind, { ...live, metadata }), decoding, live).warnings;
}

/** Defaults again after admission or strategy made `object` of what was `admitted`. */
export function readmit(kind: ServedKind, object: KubeObject, admitted: KubeObject): KubeObject {
  return kind.interpreter.admit(kind.descriptor.schema, object, admitted).value as KubeObject;
}

const NONE: readonly string[] = [];
