import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { CertificateSigningRequest } from '../../../generated/certificates/v1/index.ts';
import { certificatesigningrequests } from '../../../generated/certificates/v1/resources.ts';
import { ClusterRoleBinding } from '../../../generated/rbac/v1/index.ts';
import { requestFor } from '../../base/certificates/request.fakes.ts';
import type { Subject } from '../../base/index.ts';
import { createClient } from '../../client/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const CLIENT = 'kubernetes.io/kube-apiserver-client';
const KUBELET = `${CLIENT}-kubelet`;
const JANE: Subject = { commonName: 'jane', organizations: ['dev'] };
const NODE: Subject = { commonName: 'system:node:n1', organizations: ['system:nodes'] };

interface Asked {
  readonly subject?: Subject;
  readonly signerName?: string;
  readonly usages?: CertificateSigningRequest['spec']['usages'];
  readonly dns?: string[];
  readonly expirationSeconds?: number;
}

function asked(name: string, more: Asked = {}): CertificateSigningRequest {
  const { subject = JANE, dns = [], signerName = CLIENT, ...spec } = more;
  const request = Buffer.from(requestFor(subject, dns).pem).toString('base64');
  return new CertificateSigningRequest({
    metadata: { name },
    spec: { usages: ['digital signature', 'client auth'], signerName, request, ...spec },
  });
}

async function approve(cluster: TestCluster, name: string): Promise<void> {
  const live = cluster.get(CertificateSigningRequest, name);
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Seen', message: 'by hand' }];
  await cluster.cluster.client.updateSubresource(
    certificatesigningrequests,
    { ...live, status: { conditions } } as never,
    'approval',
  );
  await cluster.settle();
}

const certificateOf = (cluster: TestCluster, name: string): X509Certificate | undefined => {
  const { certificate } = cluster.get(CertificateSigningRequest, name).status ?? {};
  return certificate ? new X509Certificate(Buffer.from(certificate, 'base64')) : undefined;
};

it('signs what was approved, for as long as was asked', async () => {
  const cluster = await createCluster();
  await cluster.create(asked('jane', { expirationSeconds: 7200 }));
  await cluster.settle();
  expect(certificateOf(cluster, 'jane')).toBeUndefined();
  await approve(cluster, 'jane');
  const certificate = certificateOf(cluster, 'jane')!;
  expect(certificate.subject).toBe('O=dev\nCN=jane');
  expect(certificate.issuer).toBe('CN=slipway-ca');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  const validMs = Number(certificate.validToDate) - Number(certificate.validFromDate);
  expect(validMs).toBe(7_200_000 + 300_000);
});

it('signs nothing that does not fit the signer, and says why', async () => {
  const cluster = await createCluster();
  const wrong: readonly (readonly [string, Asked, RegExp])[] = [
    ['usage', { usages: ['server auth'] }, /invalid usage .* server auth/],
    ['nothing', { usages: ['digital signature'] }, /missing required usage/],
    ['person', { signerName: KUBELET }, /organization/],
    ['named', { subject: NODE, dns: ['n1'], signerName: KUBELET }, /subjectAltNames/],
    [
      'nameless',
      {
        subject: NODE,
        signerName: 'kubernetes.io/kubelet-serving',
        usages: ['digital signature', 'server auth'],
      },
      /DNS or IP/,
    ],
  ];
  for (const [name, more, why] of wrong) {
    await cluster.create(asked(name, more));
    await approve(cluster, name);
    const { conditions = [] } = cluster.get(CertificateSigningRequest, name).status ?? {};
    const failed = conditions.find(({ type }) => type === 'Failed');
    expect([name, failed?.reason]).toEqual([name, 'SignerValidationFailure']);
    expect(failed?.message).toMatch(why);
    expect(certificateOf(cluster, name)).toBeUndefined();
  }
});

it('keeps the names of a serving certificate, and leaves other signers alone', async () => {
  const cluster = await createCluster();
  const usages = ['digital signature', 'key encipherment', 'server auth'] as const;
  const serving = { subject: NODE, dns: ['n1'], signerName: 'kubernetes.io/kubelet-serving' };
  await cluster.create(asked('serving', { ...serving, usages }));
  await cluster.create(asked('other', { signerName: 'example.com/own' }));
  for (const name of ['serving', 'other']) await approve(cluster, name);
  expect(certificateOf(cluster, 'serving')?.subjectAltName).toBe('DNS:n1');
  expect(cluster.get(CertificateSigningRequest, 'other').status?.conditions).toHaveLength(1);
  expect(certificateOf(cluster, 'other')).toBeUndefined();
});

it('approves what a kubelet asks for itself, if it may', async () => {
  const cluster = await createCluster();
  const user = { name: NODE.commonName, groups: ['system:nodes', 'system:authenticated'] };
  const kubelet = createClient(cluster.cluster.transport, {
    user,
    cause: { component: 'k', record: 0 },
  });
  const ask = (name: string) =>
    kubelet.create(
      certificatesigningrequests,
      asked(name, { subject: NODE, signerName: KUBELET }) as never,
    );
  await ask('early');
  await cluster.settle();
  expect(cluster.get(CertificateSigningRequest, 'early').status?.conditions).toBeUndefined();
  await cluster.create(
    new ClusterRoleBinding({
      metadata: { name: 'renewal' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:nodes' }],
    }),
  );
  await ask('late');
  await cluster.settle();
  expect(cluster.get(CertificateSigningRequest, 'late').status?.conditions).toMatchObject([
    { type: 'Approved', reason: 'AutoApproved' },
  ]);
  expect(certificateOf(cluster, 'late')?.subject).toContain('CN=system:node:n1');
});

it('forgets requests an hour after they were decided, and all after a day', async () => {
  const cluster = await createCluster();
  await cluster.create(asked('decided'), asked('pending'));
  await approve(cluster, 'decided');
  const names = () => cluster.list(CertificateSigningRequest).map(({ metadata }) => metadata.name);
  await cluster.advance('59m');
  expect(names()).toEqual(['decided', 'pending']);
  await cluster.advance('2m');
  expect(names()).toEqual(['pending']);
  await cluster.advance('24h');
  expect(names()).toEqual([]);
});
