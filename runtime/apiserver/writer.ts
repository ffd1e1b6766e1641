import type { ApiRequest, Writer } from '../meta/index.ts';
import type { ServedKind } from './kind.ts';

/** Under which name a request's changes are owned: the field manager it names, else its user. */
export function writerOf(
  kind: ServedKind,
  { options, user, subresource }: ApiRequest,
  operation: Writer['operation'],
): Writer {
  const { version } = kind;
  return {
    manager: options?.fieldManager ?? user.name,
    operation,
    apiVersion: version?.conversion.hasSameFields ? version.face.apiVersion : kind.apiVersion,
    subresource,
  };
}
