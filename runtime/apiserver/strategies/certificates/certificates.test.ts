import { describe, expect, it } from 'vitest';
import { certificatesigningrequests } from '../../../../generated/certificates/v1/resources.ts';
import { clusterrolebindings, clusterroles } from '../../../../generated/rbac/v1/resources.ts';
import { createClient } from '../../../client/index.ts';
import { localTransport } from '../../../cluster/local-transport.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';
import { requestProblem } from './pkcs10.ts';

/** For /CN=dev, made with `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256` and `rsa:2048`. */
const EC = [
  'MIHHMHACAQAwDjEMMAoGA1UEAwwDZGV2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD',
  'QgAETx5aM89VaHGa1WhosCafI9GnuVoh5xbobzqQKhDI+Ngbl9kIEUDd4X/NYJIz',
  'TybVayZHf7Fpy1DWtdm0jxZ/4qAAMAoGCCqGSM49BAMCA0cAMEQCIBNp26AgN+yD',
  'O/PH73FRFOK1dMus5lmA2bqZbK/QCFQEAiB2zNjM4p7jE2qG/BjSkGeMaEYpBozQ',
  'iEmsDyxWt/Y3oA==',
];
const RSA = [
  'MIICUzCCATsCAQAwDjEMMAoGA1UEAwwDZGV2MIIBIjANBgkqhkiG9w0BAQEFAAOC',
  'AQ8AMIIBCgKCAQEApVEnqg/HZp8hWZ6VdBLa98P1+VUQ0McAfoU68/brEPCGbzSE',
  '06IQDxgLzhld0WTpSxnyXDMeYOkqqFLDAjhVuZMqGTwB/RNFW/o4ZDEpU3iU3/Vv',
  'ffiY2p9pWoAuruApQ2f39Rr6Ly5SUFn7vHVcPSnXf1EYtsJ0n1it5vfenAjPMTtW',
  'iMLuFljQxTIORN84eiZ4A4Ce+44ETCFBCvRTuURfi0dXSTJr4yiAqg5/N2C0vDMe',
  'XrwmcSc1lXtOroNoFswblNcf+MyQiUiXpaYBbHUHtlTzF2NVrFIXKYG2/JpA0uph',
  '/jCcd4i+J2ftNqjeG0TRNdHNr0CO5FDqlYGGcwIDAQABoAAwDQYJKoZIhvcNAQEL',
  'BQADggEBAF/9viXF58rCKonhub2wlCzH5SwbNpk11lm9lcnXDZJV00IKlej2mbCP',
  '6mQGzxxBc1x8lsOpqGHVlxHIp6yFc0SIa4NKcI9HKG74dO943xp0W83AkEmCG0IM',
  'rhXlJPF/ZHEOq1uHnBgvDkqBOaqsaXZ/mItN9jgkCwahl0hyuqoQS1I8Lkiv0a0K',
  'u/7mKzL0xZlSysoxq0IfywUdEDt0TJjl32S9iReyZKa4tMVTffhmJ2QJqxWLetpc',
  'B1Pjc1iSu70zTtV9h6DVsrzQ7awv6lrOj21zX3EzrfowcAscuIVmNh7WvcOm2eEO',
  'f1f5u7A6x4mVWUxv81JZmBTsNW/vQWg=',
];

const pem = (lines: readonly string[]): string =>
  ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a PKCS#10 request', () => {
  it.each([EC, RSA].map((lines) => [lines] as const))(
    'is read and its signature checked',
    (lines) => {
      expect(requestProblem(pem(lines))).toBeUndefined();
      const bytes = Buffer.from(lines.join(''), 'base64');
      bytes[40]! ^= 1;
      expect(requestProblem(pem([bytes.toString('base64')]))).toBeDefined();
    },
  );

  it('is refused when it is none', () => {
    expect(requestProblem('')).toBe('PEM block type must be CERTIFICATE REQUEST');
    expect(requestProblem(pem(['AAAA']))).toBe('not a certificate request in DER');
    expect(requestProblem(pem(['MIIB']))).toBe('not a certificate request in DER');
  });
});

const SIGNER = 'example.com/signer';
const spec = { request: base64(pem(EC)), signerName: SIGNER, usages: ['client auth' as const] };
const metadata = { name: 'dev' };
const approved = { type: 'Approved', status: 'True', reason: 'Fine' };
const TYPE = 'application/merge-patch+json' as const;

async function asked(): Promise<Bench> {
  const bench = await serverForTests();
  await bench.client.create(certificatesigningrequests, { metadata, spec });
  return bench;
}

const patch = ({ client }: Pick<Bench, 'client'>, status: object, subresource: string) =>
  client.patch(certificatesigningrequests, metadata, { status }, { type: TYPE, subresource });

describe('requests for certificates', () => {
  it('say who asks, and cannot be changed', async () => {
    const { client } = await asked();
    const change = { spec: { signerName: 'example.com/other', username: 'root' } };
    const options = { type: TYPE };
    const made = await client.patch(certificatesigningrequests, metadata, change, options);
    expect(made.spec).toEqual({ ...spec, username: 'tests', groups: ['system:masters'] });
  });

  it.each([
    [{ request: base64('x') }, 'spec.request'],
    [{ signerName: 'kubernetes.io/legacy-unknown' }, 'spec.signerName'],
    [{ signerName: 'signer' }, 'spec.signerName'],
    [{ signerName: 'a/b' }, 'spec.signerName'],
    [{ usages: ['flying'] }, 'spec.usages[0]'],
    [{ usages: ['any', 'any'] }, 'spec.usages[1]'],
    [{ usages: [] }, 'spec.usages'],
    [{ expirationSeconds: 599 }, 'spec.expirationSeconds'],
  ])('are refused with %j', async (wrong, field) => {
    const { client } = await serverForTests();
    const create = client.create(certificatesigningrequests, {
      metadata,
      spec: { ...spec, ...wrong } as never,
    });
    expect(await refusal(create)).toMatchObject({ code: 422, fields: [field] });
  });

  it('are approved through one door and signed through the other', async () => {
    const bench = await asked();
    expect(await refusal(patch(bench, { conditions: [approved] }, 'status'))).toMatchObject({
      message: expect.stringContaining('updates may not add a condition of type "Approved"'),
    });
    const { status } = await patch(
      bench,
      { conditions: [approved], certificate: 'AAAA' },
      'approval',
    );
    const at = { lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) };
    expect(status).toEqual({ conditions: [{ ...approved, ...at }] });
    const certificate = base64('-----BEGIN CERTIFICATE-----\n');
    expect((await patch(bench, { certificate }, 'status')).status).toMatchObject({ certificate });
    const other = { certificate: base64('-----BEGIN CERTIFICATE-----\nA') };
    expect(await refusal(patch(bench, other, 'status'))).toMatchObject({
      fields: ['status.certificate'],
    });
  });

  it('take notes of whoever approves them', async () => {
    const bench = await asked();
    const noted = {
      metadata: { annotations: { note: 'seen' } },
      status: { conditions: [approved] },
    };
    const options = { type: TYPE, subresource: 'approval' };
    const changed = await bench.client.patch(certificatesigningrequests, metadata, noted, options);
    expect(changed.metadata.annotations).toEqual({ note: 'seen' });
  });

  it.each([
    [[{ type: 'Denied', status: 'True' }], 'updates may not remove a condition of type "Approved"'],
    [[approved, { type: 'Denied', status: 'True' }], 'mutually exclusive'],
    [[approved, { type: 'Failed', status: 'False' }], 'supported values: "True"'],
  ])('do not go from approved to %j', async (conditions, message) => {
    const bench = await asked();
    await patch(bench, { conditions: [approved] }, 'approval');
    expect(await refusal(patch(bench, { conditions }, 'approval'))).toMatchObject({
      code: 422,
      message: expect.stringContaining(message),
    });
  });

  it('are decided only by those who may for their signer', async () => {
    const bench = await asked();
    const ann = { name: 'ann', groups: [] };
    const cause = { component: 'tests', record: 0 };
    const client = createClient(localTransport(bench.server), { user: ann, cause });
    expect(await refusal(patch({ client }, { conditions: [approved] }, 'approval'))).toMatchObject({
      code: 403,
      message:
        'certificatesigningrequests.certificates.k8s.io "dev" is forbidden: ' +
        'user not permitted to approve requests with signerName "example.com/signer"',
    });
    const rule = { apiGroups: ['certificates.k8s.io'], resources: ['signers'], verbs: ['approve'] };
    const resourceNames = ['example.com/*'];
    await bench.client.create(clusterroles, {
      metadata: { name: 'approver' },
      rules: [{ ...rule, resourceNames }],
    });
    await bench.client.create(clusterrolebindings, {
      metadata: { name: 'approver' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'approver' },
      subjects: [{ kind: 'User', name: 'ann' }],
    });
    expect(await patch({ client }, { conditions: [approved] }, 'approval')).toMatchObject({
      status: { conditions: [approved] },
    });
    expect(await refusal(patch({ client }, { certificate: 'AAAA' }, 'status'))).toMatchObject({
      message: expect.stringContaining('not permitted to sign'),
    });
  });
});
