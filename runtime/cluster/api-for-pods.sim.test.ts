import { describe, expect, it } from 'vitest';
import { Pod, ServiceAccount } from '../../generated/core/v1/index.ts';
import { pods, serviceaccounts } from '../../generated/core/v1/resources.ts';
import { createCluster } from '../testing/index.ts';

/** What a script writes that is run in a pod with a token of an account. */
async function said(text: string): Promise<string> {
  const cluster = await createCluster({ nodes: 1 });
  const target = { name: 'reader', namespace: 'default' };
  await cluster.create(new ServiceAccount({ metadata: target }));
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const made = await cluster.client.createSubresource(
    serviceaccounts,
    target,
    'token',
    asked as never,
  );
  const { token } = (made as unknown as { status: { token: string } }).status;
  const command = ['sh', '-c', text];
  await cluster.create(
    new Pod({
      metadata: { name: 'a', namespace: 'default' },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        containers: [
          { name: 'main', image: 'agnhost', command, env: [{ name: 'TOKEN', value: token }] },
        ],
      },
    }),
  );
  await cluster.advance('20s');
  return cluster.client.readText(pods, { name: 'a', namespace: 'default' }, 'log');
}

const API = 'https://kubernetes.default.svc';

describe('the API server, asked from a pod', () => {
  it('lets anybody see that it is well and which release it is', async () => {
    const text = await said(`curl -sk ${API}/healthz; echo; curl -sk ${API}/version`);
    expect(text).toMatch(/^ok\n/);
    expect(text).toContain('"minor":"36"');
  });

  it('says by which keys tokens are signed, so that a program can check its own', async () => {
    const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
    const check = '/agnhost test-service-account-issuer-discovery --token-path=/tmp/t --audience=';
    const text = await said(
      `mkdir -p ${folder}; printf %s "$TOKEN" > ${folder}/token; printf %s "$TOKEN" > /tmp/t; ` +
        `${check}${API}.cluster.local; echo $?; ${check}other >/dev/null 2>&1; echo $?; ` +
        `printf x >> /tmp/t; ${check}${API}.cluster.local 2>&1 | tail -1`,
    );
    const lines = text.trim().split('\n');
    expect(lines).toContain('OK: Validated signature on JWT');
    expect(lines.slice(-3)).toEqual([
      '0',
      '1',
      expect.stringContaining('failed to verify id token signature'),
    ]);
  });

  it('knows an account by its token, and says what that may not do', async () => {
    const url = `${API}/api/v1/namespaces/default/pods`;
    const text = await said(
      `curl -sk -o /dev/null -w '%{http_code} ' -H "Authorization: Bearer wrong" ${url}; ` +
        `curl -sk -H "Authorization: Bearer $TOKEN" ${url}`,
    );
    expect(text).toMatch(/^401 \{"kind":"Status"/);
    expect(text).toContain('system:serviceaccount:default:reader');
  });
});
