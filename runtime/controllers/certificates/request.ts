import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import { type CertificateRequest, readCertificateRequest } from '../../base/index.ts';

/** What is asked for; undefined where it cannot be read, which the API server does not let happen. */
export function requestOf({ spec }: CertificateSigningRequest): CertificateRequest | undefined {
  try {
    return readCertificateRequest(Buffer.from(spec.request ?? '', 'base64').toString());
  } catch {
    return undefined;
  }
}

export const isConditionTrue = ({ status }: CertificateSigningRequest, type: string): boolean =>
  status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
