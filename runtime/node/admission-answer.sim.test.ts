import { describe, expect, it } from 'vitest';
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../generated/admissionregistration/v1/index.ts';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { HttpAnswer } from '../../generated/cluster/v1/types.ts';
import { ConfigMap, Pod, Secret, Service } from '../../generated/core/v1/index.ts';
import { authority, base64, certificateFor } from '../apiserver/webhooks/webhooks.fakes.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const IN = { namespace: 'default' };
const labels = { app: 'gate' };

/** A cluster in which a pod of an image that nobody knows answers as it is said. */
async function withGate(http: readonly Omit<HttpAnswer, 'port'>[]): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new Behaviour({
      metadata: { name: 'gate', ...IN },
      spec: { image: 'gate:*', http: http.map((each) => ({ port: 8443, ...each })) },
    }),
  );
  const containers = [{ name: 'c', image: 'gate:1' }];
  await cluster.create(
    new Pod({ metadata: { name: 'gate', ...IN, labels }, spec: { containers } }),
  );
  await cluster.create(
    new Service({
      metadata: { name: 'gate', ...IN },
      spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] },
    }),
  );
  await cluster.advance('30s');
  return cluster;
}

const webhook = (path: string, more: object = {}) => ({
  name: `${path.slice(1)}.example.com`,
  rules: [
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['configmaps'],
      operations: ['CREATE' as const],
    },
  ],
  clientConfig: { service: { name: 'gate', ...IN, path } },
  sideEffects: 'None' as const,
  admissionReviewVersions: ['v1'],
  ...more,
});
const map = (name: string) => new ConfigMap({ metadata: { name, ...IN }, data: { k: 'v' } });
const refusing = (cluster: TestCluster, ...webhooks: ReturnType<typeof webhook>[]) =>
  cluster.create(new ValidatingWebhookConfiguration({ metadata: { name: 'v' }, webhooks }));

describe('an answer to reviews of admission that a behaviour says', () => {
  const patch = [{ op: 'add' as const, path: '/data/by', value: 'gate' }];

  it('changes objects, and refuses with message, reason and code', async () => {
    const cluster = await withGate([
      { path: '/change', admission: { patch } },
      {
        path: '/no',
        admission: { allowed: false, message: 'not here', reason: 'Policy', code: 403 },
      },
    ]);
    await cluster.create(
      new MutatingWebhookConfiguration({
        metadata: { name: 'm' },
        webhooks: [webhook('/change')],
      }),
    );
    await cluster.create(map('a'));
    expect(cluster.get(ConfigMap, 'a').data).toEqual({ k: 'v', by: 'gate' });
    await refusing(cluster, webhook('/no'));
    await expect(cluster.create(map('b'))).rejects.toMatchObject({
      code: 403,
      reason: 'Policy',
      message: 'admission webhook "no.example.com" denied the request: not here',
    });
  });

  it('may come too late, or not be understood', async () => {
    const cluster = await withGate([
      { path: '/slow', after: '3s', admission: {} },
      { path: '/page', body: 'hello' },
    ]);
    const slow = webhook('/slow', { timeoutSeconds: 4 });
    await refusing(cluster, slow);
    await cluster.create(map('a'));
    await cluster.delete(ValidatingWebhookConfiguration, 'v');
    await refusing(cluster, webhook('/slow', { timeoutSeconds: 3 }));
    await expect(cluster.create(map('b'))).rejects.toThrow('context deadline exceeded');
    await cluster.delete(ValidatingWebhookConfiguration, 'v');
    await refusing(cluster, webhook('/page'));
    await expect(cluster.create(map('b'))).rejects.toThrow("couldn't get version/kind");
  });

  it('comes from whom its certificate names, where one is said', async () => {
    const ca = authority();
    const cluster = await withGate([{ tlsSecret: 'certs', admission: {} }]);
    const caBundle = base64(ca.pem);
    const clientConfig = { caBundle, service: { name: 'gate', ...IN, path: '/x' } };
    await refusing(cluster, webhook('/x', { clientConfig }));
    await expect(cluster.create(map('a'))).rejects.toThrow('tls: internal error');
    const certificate = certificateFor(['gate.default.svc'], ca);
    await cluster.create(
      new Secret({
        metadata: { name: 'certs', ...IN },
        data: { 'tls.crt': base64(certificate) },
      }),
    );
    await cluster.create(map('a'));
  });

  it('is the same in every run', async () => {
    const run = async (): Promise<string> => {
      const cluster = await withGate([{ admission: { patch } }]);
      await cluster.create(
        new MutatingWebhookConfiguration({ metadata: { name: 'm' }, webhooks: [webhook('/x')] }),
      );
      await cluster.create(map('a'));
      await cluster.advance('1m');
      return cluster.cluster.journal.hash();
    };
    expect(await run()).toBe(await run());
  });
});
