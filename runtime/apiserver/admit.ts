import type { FieldProblem } from '../../generator/model/index.ts';
import { assert } from '../base/index.ts';
import type { ApiRequest, KubeObject, RequestOptions } from '../meta/index.ts';
import type { Core } from './core.ts';
import { type ServedKind, typed } from './kind.ts';
import { strictDecoding, throwInvalid, undecodable } from './problems.ts';
import type { Problem } from './strategies/problem.ts';

/** What a client sent, as an object of the kind: pruned and defaulted; and what to warn it of. */
export interface Admitted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * Decodes a body: unknown fields are taken out (an error when the client asked for `Strict`, a warning otherwise), values of
 * a wrong type are a 400, and defaults are applied. What is the same in `live`, the stored object, is not looked at.
 */
export function admitBody(
  kind: ServedKind,
  body: KubeObject,
  fieldValidation: RequestOptions['fieldValidation'] = 'Warn',
  live?: KubeObject,
): Admitted {
  const { value, problems } = kind.interpreter.admit(kind.descriptor.schema, body, live);
  if (problems.length === 0) return { object: value as KubeObject, warnings: NONE };
  const wrong = problems.filter(({ reason }) => reason !== 'FieldUnknown');
  if (wrong.length > 0) throw undecodable(kind, wrong);
  if (fieldValidation === 'Strict') throw strictDecoding(problems);
  const warnings = fieldValidation === 'Warn' ? problems.map(warning) : NONE;
  return { object: value as KubeObject, warnings };
}

/**
 * `admitBody` of a request's body, as the request wants it. One that is vouched for is taken as it is, where the server trusts its
 * components.
 */
export function admitOf(
  { trusting }: Core,
  kind: ServedKind,
  { vouched, options }: ApiRequest,
  body: KubeObject,
  live?: KubeObject,
): Admitted {
  if (vouched && trusting) return { object: body, warnings: NONE };
  const admitted = admitBody(kind, body, options?.fieldValidation, live);
  if (vouched) assert(admitted.object === body, `vouched for, and not as it is kept: ${kind.id}`);
  return admitted;
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
  fieldValidation: RequestOptions['fieldValidation'],
  live: KubeObject,
): readonly string[] {
  if (metadata === live.metadata) return NONE;
  return admitBody(kind, typed(kind, { ...live, metadata }), fieldValidation, live).warnings;
}

/** Defaults again after admission or strategy made `object` of what was `admitted`. */
export function readmit(kind: ServedKind, object: KubeObject, admitted: KubeObject): KubeObject {
  return kind.interpreter.admit(kind.descriptor.schema, object, admitted).value as KubeObject;
}

const NONE: readonly string[] = [];
const warning = ({ message }: FieldProblem): string => message;
