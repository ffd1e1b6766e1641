import { createHash } from 'node:crypto';
import { certificatesigningrequests } from '../../../generated/certificates/v1/resources.ts';
import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import { type CertificateRequest, certificatePem, type Issuer } from '../../base/index.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isConditionTrue, requestOf } from './request.ts';
import { isOurs, refusalOf, usagesOf } from './signers.ts';

export interface SigningConfig {
  /** The authority; made when the first certificate is signed. */
  issuer(): Issuer;
}

const VALID_MS = 365 * 24 * 3_600_000;
/** Clocks that are late take a new certificate all the same. */
const BACKDATED_MS = 5 * 60_000;
const VALID_MIN_MS = 10 * 60_000;
const SERIAL_BYTES = 16;

/** Signs what was approved for one of Kubernetes' own signers, or says in the status why it does not. Key: the request. */
export function createSigningController(deps: ControllerDeps<SigningConfig>): Controller {
  const lister = listerOf(deps, certificatesigningrequests);
  return {
    name: 'certificatesigningrequest-signing-controller',
    watches: [
      watch(
        certificatesigningrequests,
        ({ type, object }) => (type === 'DELETED' ? [] : [object.metadata.name ?? '']),
        ({ object }) => waitsForSigner(object),
      ),
    ],
    async reconcile(name, { client, now }) {
      const live = lister.byKey(name);
      if (!live || !waitsForSigner(live)) return undefined;
      const request = requestOf(live);
      const refusal = request ? refusalOf(live, request) : 'unable to parse the request';
      const status =
        request && refusal === undefined
          ? { certificate: base64(signed(live, request, deps.config.issuer(), now())) }
          : { conditions: [...(live.status?.conditions ?? []), failed(refusal)] };
      await client.updateStatus(certificatesigningrequests, {
        ...live,
        status: { ...live.status, ...status },
      });
      return { decision: refusal === undefined ? { signed: name } : { refused: name, refusal } };
    },
  };
}

function waitsForSigner(request: CertificateSigningRequest): boolean {
  const { spec, status } = request;
  return (
    isOurs(spec.signerName) &&
    !status?.certificate &&
    isConditionTrue(request, 'Approved') &&
    !isConditionTrue(request, 'Denied') &&
    !isConditionTrue(request, 'Failed')
  );
}

function signed(
  live: CertificateSigningRequest,
  { subject, publicKey, alternativeNames }: CertificateRequest,
  issuer: Issuer,
  nowMs: number,
): string {
  const { expirationSeconds } = live.spec;
  const wantedMs = expirationSeconds === undefined ? VALID_MS : expirationSeconds * 1000;
  return certificatePem(
    {
      subject,
      publicKey,
      serial: serialOf(live.metadata.uid ?? ''),
      notBeforeMs: nowMs - BACKDATED_MS,
      notAfterMs: nowMs + Math.max(VALID_MIN_MS, Math.min(wantedMs, VALID_MS)),
      ...usagesOf(live),
      ...(alternativeNames.der ? { alternativeNames: alternativeNames.der } : {}),
    },
    issuer,
  );
}

/** Derives from the request, so that a run can be repeated; no two requests have the same. */
function serialOf(uid: string): Buffer {
  const bytes = createHash('sha256').update(uid).digest().subarray(0, SERIAL_BYTES);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const failed = (message = '') => ({
  type: 'Failed',
  status: 'True' as const,
  reason: 'SignerValidationFailure',
  message,
});
