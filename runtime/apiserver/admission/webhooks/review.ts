import { uid as newUid } from '../../../base/index.ts';
import type { KubeObject, RequestOptions } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { CallFailure } from '../../webhooks/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';
import type { AnyWebhook } from './matching.ts';
import type { Reviewed } from './reviewed.ts';

/** What a webhook answers, as far as it is read. */
export interface Verdict {
  readonly allowed: boolean;
  readonly status?: VerdictStatus;
  /** A JSON patch, decoded from base64. */
  readonly patch: string;
  readonly patchType: string;
  readonly warnings: readonly string[];
}

export interface VerdictStatus {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: object;
}

const GROUP = 'admission.k8s.io';
const VERSIONS = ['v1', 'v1beta1'];
/** What the decoder of answers is called. */
const SCHEME = 'k8s.io/apiserver/pkg/util/webhook/client.go:71';

export interface Review {
  readonly uid: string;
  /** `v1` or `v1beta1`. */
  readonly version: string;
  readonly body: object;
  /** The same for the same question, whatever its uid. */
  readonly key: string;
}

/** The AdmissionReview of a request, in the first version that the webhook takes and servers send. Throws where there is none. */
export function reviewOf(
  attributes: AdmissionAttributes,
  reviewed: Reviewed,
  { name, admissionReviewVersions, clientConfig }: AnyWebhook,
  core: Core,
): Review {
  const version = admissionReviewVersions.find((each) => VERSIONS.includes(each));
  if (version === undefined)
    throw new Error(
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
    );
  const request = requestOf(attributes, reviewed);
  const key = `${name} ${JSON.stringify(anonymous(request))}`;
  const { uids } = attributes.request?.exchange ?? {};
  const uid = (clientConfig.url && uids?.get(key)) || newUid(core.random);
  if (clientConfig.url) uids?.set(key, uid);
  const apiVersion = `${GROUP}/${version}`;
  const body = { kind: 'AdmissionReview', apiVersion, request: { uid, ...request } };
  return { uid, version, body, key };
}

type Request = ReturnType<typeof requestOf>;

/** Without what a request that is answered again draws anew. */
function anonymous(request: Request): object {
  const { object } = request;
  if (!object || request.oldObject) return request;
  const { uid: _, creationTimestamp: __, ...metadata } = object.metadata ?? {};
  return { ...request, object: { ...object, metadata } };
}

function requestOf(attributes: AdmissionAttributes, reviewed: Reviewed) {
  const { kind, operation, object, old, subresource, user, dryRun, name, namespace } = attributes;
  const { group, version, kind: kindName, plural } = (kind.version?.face ?? kind).descriptor;
  const isDeletion = operation === 'DELETE';
  const before = isDeletion ? object : old;
  const isCollection = attributes.request?.verb === 'deletecollection';
  const own = reviewed.kind;
  const isOwn = subresource !== undefined && own.kind !== kindName;
  const options = optionsOf(attributes);
  return {
    kind: own,
    resource: reviewed.resource,
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: isOwn ? own : { group, version, kind: kindName },
    requestResource: { group, version, resource: plural },
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name === '' || isCollection ? {} : { name }),
    ...placeOf(kind.id, namespace, name),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      groups: user.groups,
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
    object: isDeletion ? null : (reviewed.show(object) as Partial<KubeObject>),
    oldObject: before ? reviewed.show(before) : null,
    dryRun,
    options,
  };
}

/** A namespace is in itself. */
function placeOf(id: string, namespace: string | undefined, name: string): object {
  const place = id === 'namespaces' ? name : namespace;
  return place ? { namespace: place } : {};
}

/** The options of the operation, as an object of the API; those of a patch are of what it comes to. */
function optionsOf({ operation, request }: AdmissionAttributes): object | null {
  if (operation === 'CONNECT') return null;
  const { options = {} } = request ?? {};
  const kind = OPTIONS[operation];
  const own = operation === 'DELETE' ? deletion(options) : writing(options);
  return { kind, apiVersion: 'meta.k8s.io/v1', ...tried(options), ...own };
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' };

const tried = ({ dryRun }: RequestOptions): object => (dryRun ? { dryRun: ['All'] } : {});

function deletion({
  gracePeriodSeconds,
  propagationPolicy,
  preconditions,
}: RequestOptions): object {
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(preconditions ? { preconditions } : {}),
  };
}

function writing({ fieldManager, fieldValidation }: RequestOptions): object {
  return {
    ...(fieldManager ? { fieldManager } : {}),
    ...(fieldValidation ? { fieldValidation } : {}),
  };
}

/** Reads an answer to a review. Throws where it is none, in the API server's words. */
export function verdictOf(
  { uid, version }: Review,
  { kind, apiVersion, response }: Readonly<Record<string, unknown>>,
  isMutating: boolean,
): Verdict {
  const [told = '', group = ''] = [kind, apiVersion] as readonly string[];
  if (told !== '' && (told !== 'AdmissionReview' || !group.startsWith(`${GROUP}/`)))
    throw new CallFailure(
      `failed to call webhook: no kind "${told}" is registered for version "${group}" in scheme "${SCHEME}"`,
    );
  const said = (response ?? undefined) as Said | undefined;
  checkTypes(said);
  if (!said) throw new Error('webhook response was absent');
  const wanted = `${GROUP}/${version}`;
  if (version === 'v1') {
    if (said.uid !== uid)
      throw new Error(`expected response.uid="${uid}", got ${JSON.stringify(said.uid ?? '')}`);
    if (kind !== 'AdmissionReview' || apiVersion !== wanted)
      throw new Error(
        `expected webhook response of ${wanted}, Kind=AdmissionReview, got ${group || '/'}, Kind=${told}`,
      );
    checkPatch(said, isMutating);
  }
  const { allowed = false, status, patch, patchType, warnings } = said;
  const text = isMutating ? Buffer.from(patch ?? '', 'base64').toString('utf8') : '';
  return {
    allowed,
    ...(status ? { status } : {}),
    patch: text,
    patchType: version === 'v1' ? (patchType ?? '') : 'JSONPatch',
    warnings: warnings ?? [],
  };
}

interface Said {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: VerdictStatus | null;
  readonly patch?: string | null;
  readonly patchType?: string | null;
  readonly warnings?: readonly string[] | null;
}

/** Fields as they are decoded, with their types. */
const TYPES: Readonly<Record<string, string>> = {
  uid: 'string types.UID',
  allowed: 'boolean bool',
  patchType: 'string v1.PatchType',
};

/** What no decoder takes for an answer. */
function checkTypes(said: Said | undefined): void {
  for (const [field, types] of Object.entries(TYPES)) {
    const value = said?.[field as keyof Said];
    const [wanted, called] = types.split(' ');
    if (value === undefined || value === null || typeof value === wanted) continue;
    const given = Array.isArray(value)
      ? 'array'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
    throw new CallFailure(
      `failed to call webhook: json: cannot unmarshal ${given} into Go struct field AdmissionResponse.response.${field} of type ${called}`,
    );
  }
}

function checkPatch({ patch, patchType }: Said, isMutating: boolean): void {
  const hasType = patchType !== undefined && patchType !== null;
  if (!isMutating) {
    if (patch) throw new Error('validating webhook may not return response.patch');
    if (hasType) throw new Error('validating webhook may not return response.patchType');
    return;
  }
  if (patch && !hasType)
    throw new Error('webhook returned response.patch but not response.patchType');
  if (!patch && hasType)
    throw new Error('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw new Error('webhook returned invalid response.patchType of ""');
}
