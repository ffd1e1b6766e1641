import type { CertificateSigningRequest } from '../../../generated/certificates/v1/types.ts';
import type { CertificateRequest, ExtendedKeyUsage, KeyUsage } from '../../base/index.ts';

type Usages = readonly string[];

/** What one of Kubernetes' own signers signs: undefined where it does, else why it does not. */
type Check = (request: CertificateRequest, usages: Usages) => string | undefined;

const KUBELET_CLIENT = 'kubernetes.io/kube-apiserver-client-kubelet';

const BASE = ['digital signature', 'key encipherment'] as const;
const NODES = 'system:nodes';
const NODE = 'system:node:';

/** The usages are the wanted one with or without those that keys of either family need. */
function areExactly(usages: Usages, wanted: ExtendedKeyUsage): boolean {
  const given = new Set(usages);
  const isAllowed = usages.every((each) => each === wanted || BASE.some((base) => base === each));
  return isAllowed && given.has(wanted) && given.has('digital signature');
}

function nodeProblem({ subject }: CertificateRequest): string | undefined {
  const { commonName, organizations } = subject;
  if (organizations.length !== 1 || organizations[0] !== NODES)
    return `subject organization is not ${NODES}`;
  return commonName.startsWith(NODE)
    ? undefined
    : `subject common name does not begin with ${NODE}`;
}

const kubeletClient: Check = (request, usages) => {
  const { dns, ips, emails, uris } = request.alternativeNames;
  return (
    nodeProblem(request) ??
    (dns + ips + emails + uris > 0 ? 'subjectAltNames are not allowed' : undefined) ??
    (areExactly(usages, 'client auth') ? undefined : `usages did not match ${BASE}, client auth`)
  );
};

const kubeletServing: Check = (request, usages) => {
  const { dns, ips, emails, uris } = request.alternativeNames;
  return (
    nodeProblem(request) ??
    (dns + ips === 0 ? 'DNS or IP subjectAltName is required' : undefined) ??
    (emails > 0 ? 'Email subjectAltNames are not allowed' : undefined) ??
    (uris > 0 ? 'URI subjectAltNames are not allowed' : undefined) ??
    (areExactly(usages, 'server auth') ? undefined : `usages did not match ${BASE}, server auth`)
  );
};

const apiServerClient: Check = (_, usages) => {
  const other = usages.find(
    (each) => each !== 'client auth' && !BASE.some((base) => base === each),
  );
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage "client auth"';
};

const SIGNERS: Readonly<Record<string, Check>> = {
  'kubernetes.io/kube-apiserver-client': apiServerClient,
  [KUBELET_CLIENT]: kubeletClient,
  'kubernetes.io/kubelet-serving': kubeletServing,
};

/** Whether requests to the signer are answered here; all others wait for a program of their own. */
export const isOurs = (signer: string): boolean => Object.hasOwn(SIGNERS, signer);

/** Why the signer that is asked does not sign this; undefined where it does. */
export function refusalOf(
  { spec }: CertificateSigningRequest,
  request: CertificateRequest,
): string | undefined {
  return SIGNERS[spec.signerName]?.(request, spec.usages ?? []);
}

/** Whether a request is that of a kubelet for the certificate by which the API server knows it. */
export const isKubeletClient = (
  { spec }: CertificateSigningRequest,
  request: CertificateRequest,
): boolean =>
  spec.signerName === KUBELET_CLIENT && kubeletClient(request, spec.usages ?? []) === undefined;

/** The usages of a request, in the two extensions that certificates have for them. */
export function usagesOf({ spec }: CertificateSigningRequest): {
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
} {
  const usages = spec.usages ?? [];
  return {
    keyUsages: BASE.filter((each) => usages.includes(each)),
    extendedKeyUsages: (['client auth', 'server auth'] as const).filter((each) =>
      usages.includes(each),
    ),
  };
}
