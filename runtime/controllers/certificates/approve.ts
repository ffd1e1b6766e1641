import { subjectaccessreviews } from '../../../generated/authorization/v1/resources.ts';
import { certificatesigningrequests } from '../../../generated/certificates/v1/resources.ts';
import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  listerOf,
  watch,
} from '../../client/index.ts';
import { isConditionTrue, requestOf } from './request.ts';
import { isKubeletClient } from './signers.ts';

/** Approves what kubelets ask for themselves, where their user may ask for it. Key: the request. */
export function createApprovingController(deps: ControllerDeps): Controller {
  const lister = listerOf(deps, certificatesigningrequests);
  return {
    name: 'certificatesigningrequest-approving-controller',
    watches: [
      watch(
        certificatesigningrequests,
        ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name ?? '']),
        ({ object }) => isUndecided(object),
      ),
    ],
    async reconcile(name, { client }) {
      const live = lister.byKey(name);
      const request = live && isUndecided(live) ? requestOf(live) : undefined;
      if (!live || !request || !isKubeletClient(live, request)) return undefined;
      const isOwn = live.spec.username === request.subject.commonName;
      const kinds = isOwn ? [SELF, OTHER] : [OTHER];
      for (const { subresource, message } of kinds) {
        if (!(await mayAsk(client, live, subresource))) continue;
        const conditions = [...(live.status?.conditions ?? []), approved(message)];
        await client.updateSubresource(
          certificatesigningrequests,
          { ...live, status: { ...live.status, conditions } },
          'approval',
        );
        return { decision: { approved: name, as: subresource } };
      }
      return undefined;
    },
  };
}

const isUndecided = (request: CertificateSigningRequest): boolean =>
  !request.status?.certificate &&
  !isConditionTrue(request, 'Approved') &&
  !isConditionTrue(request, 'Denied');

const SELF = {
  subresource: 'selfnodeclient',
  message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
};
const OTHER = {
  subresource: 'nodeclient',
  message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
};

const approved = (message: string) => ({
  type: 'Approved',
  status: 'True' as const,
  reason: 'AutoApproved',
  message,
});

async function mayAsk(
  client: Client,
  { spec }: CertificateSigningRequest,
  subresource: string,
): Promise<boolean> {
  const { username, uid, groups, extra } = spec;
  const review = await client.create(subjectaccessreviews, {
    spec: {
      ...(username ? { user: username } : {}),
      ...(uid ? { uid } : {}),
      ...(groups ? { groups } : {}),
      ...(extra ? { extra } : {}),
      resourceAttributes: {
        group: 'certificates.k8s.io',
        resource: 'certificatesigningrequests',
        verb: 'create',
        version: '*',
        subresource,
      },
    },
  });
  return review.status?.allowed ?? false;
}
