import type { CertificateSigningRequest } from '../../generated/certificates/v1/types.ts';
import type { RoleBinding, Subject } from '../../generated/rbac/v1/types.ts';
import { type Cell, NONE, cellOf as of } from './cell.ts';
import { humanDuration } from './time.ts';

const subjects = (kind: string, name: (subject: Subject) => string): Cell =>
  of<RoleBinding>((binding) =>
    (binding.subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(name)
      .join(', '),
  );

function certificateCondition({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean =>
    status?.conditions?.some((condition) => condition.type === type) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [
    decision,
    ...(has('Failed') ? ['Failed'] : []),
    ...(status?.certificate ? ['Issued'] : []),
  ].join(',');
}

/** Cells of bindings of roles and of requests for certificates. */
export const ACCESS_CELLS: Readonly<Record<string, Cell>> = {
  roleRef: of<RoleBinding>(({ roleRef: { kind, name } }) => `${kind}/${name}`),
  boundUsers: subjects('User', ({ name }) => name),
  boundGroups: subjects('Group', ({ name }) => name),
  boundServiceAccounts: subjects(
    'ServiceAccount',
    ({ namespace = '', name }) => `${namespace}/${name}`,
  ),
  certificateSigner: of<CertificateSigningRequest>(({ spec }) => spec.signerName || NONE),
  certificateDuration: of<CertificateSigningRequest>(({ spec: { expirationSeconds } }) =>
    expirationSeconds === undefined ? NONE : humanDuration(expirationSeconds * 1000),
  ),
  certificateCondition: of<CertificateSigningRequest>(certificateCondition),
};
