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
