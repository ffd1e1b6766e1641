import {
  type ApiRequest,
  type ApiResponse,
  formatTime,
  type KubeObject,
  managedFields,
  recordUpdate,
  UNOWNED,
} from '../meta/index.ts';
import { admitBody } from './admit.ts';
import type { Core } from './core.ts';
import { bodyOf, checkNamespace } from './create.ts';
import { renamed } from './field-paths.ts';
import type { ServedKind } from './kind.ts';
import { throwInvalid } from './problems.ts';
import { writerOf } from './writer.ts';

/**
 * POST of a kind that is not stored: its strategy answers what the object asks. The question is decoded and validated as
 * any object; admission, which guards what is stored, does not see it.
 */
export function review(core: Core, kind: ServedKind, request: ApiRequest): ApiResponse {
  const { descriptor, strategy, interpreter } = kind;
  const { namespace, user } = request;
  const admitted = admitBody(kind, bodyOf(kind, request), request);
  const { metadata } = admitted.object;
  checkNamespace(kind, metadata, namespace);
  const question: KubeObject =
    descriptor.namespaced && namespace
      ? { ...admitted.object, metadata: { ...metadata, namespace } }
      : admitted.object;
  const found = renamed(kind.id, interpreter.validate(descriptor.schema, question));
  const problems = [...found, ...(strategy.validate?.(question, undefined, found) ?? [])];
  throwInvalid(kind, metadata.name ?? '', problems);
  const { authorizer, authenticator } = core;
  const answer = strategy.answer!(question, { user, authorizer, authenticator });
  const fields = ownedBy(core, kind, request, question);
  const owned = { ...question.metadata, managedFields: fields };
  return { code: 201, object: { ...answer, metadata: owned }, warnings: admitted.warnings };
}

/** Who said what of the question: all of it the asker. */
function ownedBy(core: Core, kind: ServedKind, request: ApiRequest, question: KubeObject) {
  const written = { before: undefined, after: question, timeMs: core.now() };
  const writer = writerOf(kind, request, 'Update');
  const ownership = recordUpdate(UNOWNED, writer, written, kind.ownershipSchema);
  return managedFields(ownership, kind.ownershipSchema, formatTime);
}
