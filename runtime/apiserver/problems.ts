import { type ApiError, badRequest, invalidObject, type StatusCause } from '../meta/index.ts';
import { aboutKind, type ServedKind } from './kind.ts';
import type { Problem } from './strategies/problem.ts';

export function causesOf(problems: readonly Problem[]): StatusCause[] {
  return problems.map(({ field, reason, message }) => ({ reason, message, field }));
}

/** 422 with every problem as a cause; nothing when there is none. */
export function throwInvalid(kind: ServedKind, name: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidObject(aboutKind(kind, name), causesOf(problems));
}

/** A body that is no object of the kind: 400, with the places as causes. */
export function undecodable(kind: ServedKind, problems: readonly Problem[]): ApiError {
  const { kind: name } = kind.descriptor;
  const text = problems.map(({ field, message }) => `${field}: ${message}`).join(', ');
  return badRequest(
    `${name} in version "${kind.descriptor.version}" cannot be handled as a ${name}: ${text}`,
    causesOf(problems),
  );
}

/** Unknown fields where the client asked for strictness. */
export function strictDecoding(problems: readonly Problem[]): ApiError {
  const text = problems.map(({ message }) => message).join(', ');
  return badRequest(`strict decoding error: ${text}`, causesOf(problems));
}
