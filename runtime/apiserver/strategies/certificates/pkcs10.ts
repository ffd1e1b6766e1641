import { readCertificateRequest } from '../../../base/index.ts';

/** What is wrong with a PKCS#10 request in PEM: it cannot be read, or its signature is not by its own key. */
export function requestProblem(pem: string): string | undefined {
  try {
    const request = readCertificateRequest(pem);
    if (!request) return 'PEM block type must be CERTIFICATE REQUEST';
    return request.isSigned ? undefined : 'the signature is not valid';
  } catch {
    return 'not a certificate request in DER';
  }
}
