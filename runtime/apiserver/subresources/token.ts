import type { TokenRequest, TokenRequestSpec } from '../../../generated/authentication/v1/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  badRequest,
  conflict,
  formatTime,
  invalidObject,
  type KubeObject,
  notFound,
} from '../../meta/index.ts';
import { connectionOf, validate } from '../admission/index.ts';
import { API_AUDIENCES, type Bound } from '../authentication/index.ts';
import type { Core } from '../core.ts';
import { causesOf } from '../problems.ts';
import { get } from '../read.ts';
import { invalid, type Problem } from '../strategies/problem.ts';
import type { SubresourceHandler } from './handler.ts';

const KIND = 'TokenRequest';
const API_VERSION = 'authentication.k8s.io/v1';
const SCHEMA = 'authentication/v1.TokenRequest';
const SECONDS_MIN = 600;
const SECONDS_MAX = 2 ** 32;

/** `token` of a ServiceAccount: issues a token, bound to the account and to what else the request names. */
export const token: SubresourceHandler = {
  columns: [],
  create(core, kind, request) {
    const account = get(kind, request).object;
    const body = { ...(request.body as object), apiVersion: API_VERSION, kind: KIND };
    const { value, problems } = kind.interpreter.admit(SCHEMA, body);
    const undecodable = problems.filter(({ reason }) => reason !== 'FieldUnknown');
    if (undecodable.length > 0)
      throw badRequest(undecodable.map(({ field, message }) => `${field}: ${message}`).join(', '));
    const asked = value as TokenRequest & KubeObject;
    const { name = '', namespace = '', creationTimestamp } = account.metadata;
    validate(connectionOf(kind, request, asked), core);
    const { spec } = asked;
    const wrong = secondsProblems(spec);
    if (wrong.length > 0)
      throw invalidObject(
        { group: 'authentication.k8s.io', resource: KIND, name },
        causesOf(wrong),
      );
    const audiences = spec.audiences?.length ? spec.audiences : API_AUDIENCES;
    const { expirationSeconds = 0 } = spec;
    const bound = boundOf(core, spec.boundObjectRef, { name, namespace });
    const wish = { account, audiences, expirationSeconds, bound };
    const issued = core.authenticator.accounts.issue(wish);
    const status = { token: issued.token, expirationTimestamp: formatTime(issued.expiresMs) };
    const metadata = { name, namespace, ...(creationTimestamp ? { creationTimestamp } : {}) };
    const answer = { ...asked, metadata, spec: { ...spec, audiences }, status };
    return { code: 201, object: answer as unknown as KubeObject };
  },
};

function secondsProblems({ expirationSeconds = 0 }: TokenRequestSpec): Problem[] {
  const say = (wrong: string): Problem[] => [
    invalid('spec.expirationSeconds', expirationSeconds, wrong),
  ];
  if (expirationSeconds < SECONDS_MIN)
    return say('may not specify a duration less than 10 minutes');
  return expirationSeconds > SECONDS_MAX
    ? say('may not specify a duration larger than 2^32 seconds')
    : [];
}

const BOUND: Readonly<Record<string, { kind: Bound['kind']; resource: string }>> = {
  Pod: { kind: 'pod', resource: 'pods' },
  Secret: { kind: 'secret', resource: 'secrets' },
  Node: { kind: 'node', resource: 'nodes' },
};

function boundOf(
  core: Core,
  reference: TokenRequestSpec['boundObjectRef'],
  account: { readonly name: string; readonly namespace: string },
): Bound | undefined {
  if (!reference) return undefined;
  const { apiVersion = '', kind = '', name = '', uid } = reference;
  const found = apiVersion === 'v1' ? BOUND[kind] : undefined;
  if (!found) throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  const key = found.kind === 'node' ? name : `${account.namespace}/${name}`;
  const object = core.object(found.resource, key);
  if (!object) throw notFound({ group: '', resource: found.resource, name });
  checkAccount(object, found.kind, account.name);
  if (uid && uid !== object.metadata.uid)
    throw conflict(
      { group: '', resource: kind, name },
      `the UID in the bound object reference (${uid}) does not match the UID in record. ` +
        'The object might have been deleted and then recreated',
    );
  return { kind: found.kind, object };
}

function checkAccount(object: KubeObject, kind: Bound['kind'], account: string): void {
  const { serviceAccountName = '' } = (kind === 'pod' && (object as KubeObject & Pod).spec) || {};
  if (kind === 'pod' && serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to pod running with ` +
        `serviceaccount "${serviceAccountName}"`,
    );
}
