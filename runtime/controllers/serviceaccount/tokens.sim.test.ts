import { expect, it } from 'vitest';
import { TokenReview } from '../../../generated/authentication/v1/index.ts';
import { Secret, ServiceAccount } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const account = () => new ServiceAccount({ metadata: { name: 'bot', ...IN } });
const secret = (name = 'token') =>
  new Secret({
    metadata: { name, ...IN, annotations: { 'kubernetes.io/service-account.name': 'bot' } },
    type: 'kubernetes.io/service-account-token',
  });

const plain = (text = ''): string => Buffer.from(text, 'base64').toString();

const review = async (cluster: TestCluster, token: string) =>
  (await cluster.client.create(TokenReview.resource, { spec: { token } })).status;

it('puts a token into a secret that asks for one, good as long as the secret is there', async () => {
  const cluster = await createCluster();
  await cluster.create(account());
  await cluster.create(secret());
  await cluster.settle();
  const { data, metadata } = cluster.get(Secret, 'token');
  const { uid } = cluster.get(ServiceAccount, 'bot').metadata;
  expect(metadata.annotations).toMatchObject({ 'kubernetes.io/service-account.uid': uid });
  expect(plain(data?.['namespace'])).toBe('default');
  expect(plain(data?.['ca.crt'])).toContain('BEGIN CERTIFICATE');
  const token = plain(data?.['token']);
  expect(await review(cluster, token)).toMatchObject({
    authenticated: true,
    user: { username: 'system:serviceaccount:default:bot', uid },
  });
  await cluster.delete(Secret, 'token');
  expect(await review(cluster, token)).toMatchObject({ user: {}, error: 'invalid bearer token' });
});

it('deletes the secret of an account that is not there, or goes', async () => {
  const cluster = await createCluster();
  await cluster.create(secret('early'));
  await cluster.settle();
  expect(cluster.list(Secret).map(({ metadata }) => metadata.name)).not.toContain('early');
  await cluster.create(account());
  await cluster.create(secret());
  await cluster.settle();
  await cluster.delete(ServiceAccount, 'bot');
  await cluster.settle();
  expect(cluster.list(Secret).map(({ metadata }) => metadata.name)).not.toContain('token');
});
