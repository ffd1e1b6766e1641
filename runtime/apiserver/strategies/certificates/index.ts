/**
 * CertificateSigningRequests: who asks is what the server knows of him, what is asked cannot be changed, and it is decided
 * (`conditions.ts`) through two doors: `approval` for whoever approves or denies, `status` for the signer with the certificate.
 * A request is read and its signature checked (`pkcs10.ts`) when it is made.
 */
import type { CertificateSigningRequest } from '../../../../generated/certificates/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { forbidden, jsonEqual, type KubeObject, type User } from '../../../meta/index.ts';
import type { Authorizer } from '../../authorization/index.ts';
import { duplicate, invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { certificateProblems, changeProblems, conditionProblems, timed } from './conditions.ts';
import { requestProblem } from './pkcs10.ts';

type StoredRequest = CertificateSigningRequest & KubeObject;

export const certificateSigningRequests: Strategy<StoredRequest> = {
  prepareCreate: (request, _, user) => ({ ...request, spec: askedBy(user, request.spec) }),
  prepareUpdate: (request, old) => ({ ...request, spec: old.spec }),
  prepareStatus(request, old, context, user) {
    const isSame = jsonEqual(request.status, old.status);
    if (!isSame) checkSigner('sign', old, user, context.authorizer);
    return withTimes(request, old, context.now());
  },
  /** A status that differs comes through `approval`: an update of the whole keeps the stored one. */
  validate: (request, old) =>
    old ? statusProblems(request, old, 'approval') : specProblems(request.spec),
  validateStatus: (request, old) => statusProblems(request, old, 'status'),
};

function askedBy({ name, uid, groups, extra }: User, spec: StoredRequest['spec']) {
  const { uid: _, extra: __, ...asked } = spec;
  return {
    ...asked,
    username: name,
    groups,
    ...(uid ? { uid } : {}),
    ...(extra ? { extra } : {}),
  };
}

const GROUP = 'certificates.k8s.io';

/** Refuses who may neither approve (or sign) for the signer of a request nor for all of its domain. */
export function checkSigner(
  verb: 'approve' | 'sign',
  { metadata, spec }: StoredRequest,
  user: User,
  authorizer: Authorizer,
): void {
  const { signerName = '' } = spec;
  const names = [signerName, `${signerName.split('/')[0]}/*`];
  const may = (name: string): boolean =>
    authorizer.decide(user, { verb, group: GROUP, resource: 'signers', name }).allowed;
  if (names.some(may)) return;
  const { name = '' } = metadata;
  throw forbidden(
    { group: GROUP, resource: 'certificatesigningrequests', name },
    `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`,
  );
}

/** The request with these conditions, and all else as it was. */
export function withConditions(
  old: StoredRequest,
  conditions: NonNullable<StoredRequest['status']>['conditions'],
  nowMs: number,
): StoredRequest {
  const { conditions: _, ...status } = old.status ?? {};
  const now = { ...status, ...(conditions ? { conditions } : {}) };
  return withTimes({ ...old, status: now }, old, nowMs);
}

function withTimes(request: StoredRequest, old: StoredRequest, nowMs: number): StoredRequest {
  const conditions = timed(request.status?.conditions, old.status?.conditions, nowMs);
  return conditions ? { ...request, status: { ...request.status, conditions } } : request;
}

function statusProblems(
  request: StoredRequest,
  old: StoredRequest,
  door: 'approval' | 'status',
): Problem[] {
  const [now, before] = [request.status?.conditions, old.status?.conditions];
  return [
    ...conditionProblems(now),
    ...changeProblems(now, before, door === 'approval'),
    ...certificateProblems(request, old, door === 'status'),
  ];
}

const SECONDS_MIN = 600;

function specProblems(spec: StoredRequest['spec']): Problem[] {
  const { request = '', signerName, usages = [], expirationSeconds = SECONDS_MIN } = spec;
  const wrongRequest = requestProblem(Buffer.from(request, 'base64').toString());
  return [
    ...(wrongRequest ? [invalid('spec.request', request, wrongRequest)] : []),
    ...(signerName ? signerProblems(signerName) : []),
    ...usages.flatMap((each, at) =>
      usages.indexOf(each) < at ? [duplicate(`spec.usages[${at}]`, each)] : [],
    ),
    ...(expirationSeconds < SECONDS_MIN
      ? [
          invalid(
            'spec.expirationSeconds',
            expirationSeconds,
            'may not specify a duration less than 600 seconds (10 minutes)',
          ),
        ]
      : []),
  ];
}

const SIGNER = 'spec.signerName';
const LEGACY = 'kubernetes.io/legacy-unknown';
const SIGNER_MAX = 571;

/** `domain/path`, where the domain has a dot. */
function signerProblems(signer: string): Problem[] {
  const say = (wrong: string): Problem[] => [invalid(SIGNER, signer, wrong)];
  if (signer === LEGACY) return say('the legacy signerName is not allowed via this API version');
  const [domain = '', path, ...more] = signer.split('/');
  if (path === undefined || more.length > 0)
    return say("must be a fully qualified domain and path of the form 'example.com/signer-name'");
  if (signer.length > SIGNER_MAX) return say(`must be no more than ${SIGNER_MAX} characters`);
  const wrong = [
    FORMAT_CHECKS['dns-subdomain'](domain),
    domain.includes('.')
      ? undefined
      : 'should be a domain with at least two segments separated by dots',
    FORMAT_CHECKS['dns-subdomain'](path),
  ].filter((each) => each !== undefined);
  return wrong.flatMap(say);
}
