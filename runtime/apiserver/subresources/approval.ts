import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import type { ApiRequest, KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { bodyOf } from '../create.ts';
import type { ServedKind } from '../kind.ts';
import { patch } from '../patch.ts';
import { get } from '../read.ts';
import { checkSigner, withConditions } from '../strategies/certificates/index.ts';
import { change } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';
import { withStatus } from './status.ts';

type Request = CertificateSigningRequest & KubeObject;

/** `approval` of a CertificateSigningRequest: its conditions, with labels and annotations, by whoever may approve for its signer. */
export const approval: SubresourceHandler = {
  get: (_, kind, request) => get(kind, request),
  update(core, kind, request) {
    const body = bodyOf(kind, request);
    return change(core, kind, request, ({ object: live }) => ({
      object: approved(core, request)(kind, body, live),
    }));
  },
  patch: (core, kind, request) => patch(core, kind, request, approved(core, request)),
};

const approved =
  (core: Core, { user }: ApiRequest) =>
  (kind: ServedKind, body: KubeObject, live: KubeObject): KubeObject => {
    const old = live as Request;
    checkSigner('approve', old, user, core.authorizer);
    const { status, metadata } = withStatus(kind, body, live) as Request;
    return { ...withConditions(old, status?.conditions, core.now()), metadata };
  };
