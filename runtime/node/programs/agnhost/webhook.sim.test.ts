import { describe, expect, it } from 'vitest';
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../../../generated/admissionregistration/v1/index.ts';
import { ConfigMap, Pod, Secret, Service } from '../../../../generated/core/v1/index.ts';
import { authority, base64, certificateFor } from '../../../apiserver/webhooks/webhooks.fakes.ts';
import { createCluster, type TestCluster } from '../../../testing/index.ts';

const IN = { namespace: 'default' };
const ca = authority();

/** A cluster with the test program's webhook behind the service `hook`, that shows a certificate for `host`. */
async function withWebhook(host = 'hook.default.svc'): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new Secret({
      metadata: { name: 'certs', ...IN },
      data: { 'tls.crt': base64(certificateFor([host], ca)), 'tls.key': base64('a key') },
    }),
  );
  const labels = { app: 'hook' };
  const args = ['--tls-cert-file=/certs/tls.crt', '--tls-private-key-file=/certs/tls.key'];
  await cluster.create(
    new Pod({
      metadata: { name: 'hook', ...IN, labels },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'agnhost:2.53',
            args: ['webhook', ...args, '--port=8443'],
            volumeMounts: [{ name: 'certs', mountPath: '/certs' }],
          },
        ],
        volumes: [{ name: 'certs', secret: { secretName: 'certs' } }],
      },
    }),
  );
  await cluster.create(
    new Service({
      metadata: { name: 'hook', ...IN },
      spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] },
    }),
  );
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
  clientConfig: { caBundle: base64(ca.pem), service: { name: 'hook', ...IN, path } },
  sideEffects: 'None' as const,
  admissionReviewVersions: ['v1'],
  ...more,
});

const map = (name: string, data: Record<string, string> = {}) =>
  new ConfigMap({ metadata: { name, ...IN }, data });

async function refusalOf(write: Promise<unknown>): Promise<string> {
  const failed = await write.then(
    () => undefined,
    (error: Error) => error,
  );
  return failed?.message ?? 'let pass';
}

describe('the webhook of the test program', () => {
  it('is nobody before its pod is ready, then refuses and changes objects', async () => {
    const cluster = await withWebhook();
    const configuration = { metadata: { name: 'v' }, webhooks: [webhook('/configmaps')] };
    await cluster.create(new ValidatingWebhookConfiguration(configuration));
    expect(await refusalOf(cluster.create(map('early')))).toContain(
      'failed to call webhook: Post "https://hook.default.svc:443/configmaps?timeout=10s": no endpoints available for service "hook"',
    );
    await cluster.advance('30s');
    const bad = map('bad', { 'webhook-e2e-test': 'webhook-disallow' });
    expect(await refusalOf(cluster.create(bad))).toContain(
      'admission webhook "configmaps.example.com" denied the request: the configmap contains unwanted key and value',
    );
    await cluster.create(
      new MutatingWebhookConfiguration({
        metadata: { name: 'm' },
        webhooks: [webhook('/mutating-configmaps')],
      }),
    );
    await cluster.create(map('good', { 'mutation-start': 'yes' }));
    expect(cluster.get(ConfigMap, 'good').data).toEqual({
      'mutation-start': 'yes',
      'mutation-stage-1': 'yes',
    });
  });

  it('is not waited for longer than is said, and not trusted under another name', async () => {
    const cluster = await withWebhook();
    await cluster.advance('30s');
    const slow = webhook('/always-allow-delay-5s', { timeoutSeconds: 2 });
    const configuration = { metadata: { name: 'v' }, webhooks: [slow] };
    await cluster.create(new ValidatingWebhookConfiguration(configuration));
    expect(await refusalOf(cluster.create(map('a')))).toContain(
      '/always-allow-delay-5s?timeout=2s": context deadline exceeded',
    );
    const other = await withWebhook('other.default.svc');
    await other.advance('30s');
    await other.create(
      new ValidatingWebhookConfiguration({
        metadata: { name: 'v' },
        webhooks: [webhook('/always-deny')],
      }),
    );
    expect(await refusalOf(other.create(map('a')))).toContain(
      'x509: certificate is valid for other.default.svc, not hook.default.svc',
    );
  });
});
