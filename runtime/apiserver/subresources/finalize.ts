import type { KubeObject } from '../../meta/index.ts';
import { bodyOf } from '../create.ts';
import { change, checkPreconditions } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

interface Finalizable extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
}

/** `finalize` of a Namespace: replaces `spec.finalizers`; a deleted namespace with none left is gone. */
export const finalize: SubresourceHandler = {
  update(core, kind, request) {
    const body = bodyOf(kind, request) as Finalizable;
    return change(core, kind, request, ({ object: live }) => {
      checkPreconditions(kind, body, live);
      const { finalizers: _, ...spec } = (live as Finalizable).spec ?? {};
      const finalizers = body.spec?.finalizers ?? [];
      const object = {
        ...live,
        spec: { ...spec, ...(finalizers.length > 0 ? { finalizers } : {}) },
      };
      return { object, trusted: true };
    });
  },
};
