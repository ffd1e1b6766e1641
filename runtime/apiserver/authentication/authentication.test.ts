import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  selfsubjectreviews,
  tokenreviews,
} from '../../../generated/authentication/v1/resources.ts';
import type { TokenRequest, TokenReview } from '../../../generated/authentication/v1/types.ts';
import { nodes, pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { Random } from '../../base/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';
import { impersonation, seededKey, TokenSigner } from './index.ts';

const IN = { namespace: 'default' };
const BOT = { name: 'bot', ...IN };
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

let bench: Bench;
beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: BOT });
});

async function issue(spec: object = {}): Promise<TokenRequest> {
  const body = { spec };
  const answer = await bench.client.createSubresource(serviceaccounts, BOT, 'token', body);
  return answer as KubeObject & TokenRequest;
}

const tokenOf = async (spec?: object): Promise<string> => (await issue(spec)).status?.token ?? '';

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

const review = async (spec: TokenReview['spec']): Promise<TokenReview['status']> =>
  (await bench.client.create(tokenreviews, { spec })).status;

describe('tokens of service accounts', () => {
  it('hold the claims that Kubernetes gives them', async () => {
    const { metadata } = await bench.client.get(serviceaccounts, 'bot', 'default');
    const { spec, status } = await issue();
    const now = Math.floor(bench.clock.now() / 1000);
    expect(spec).toEqual({ audiences: [AUDIENCE], expirationSeconds: 3600 });
    expect(Date.parse(status!.expirationTimestamp!) / 1000).toBe(now + 3600);
    expect(claimsOf(status!.token!)).toEqual({
      aud: [AUDIENCE],
      exp: now + 3600,
      iat: now,
      iss: AUDIENCE,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'bot', uid: metadata.uid } },
      nbf: now,
      sub: 'system:serviceaccount:default:bot',
    });
  });

  it('are the account until they expire or it goes', async () => {
    const token = await tokenOf();
    const { metadata } = await bench.client.get(serviceaccounts, 'bot', 'default');
    expect(bench.server.authenticator.authenticate(token)?.user).toEqual({
      name: 'system:serviceaccount:default:bot',
      uid: metadata.uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${String(claimsOf(token).jti)}`],
      },
    });
    bench.clock.moveTo(bench.clock.now() + 3_600_000);
    expect(bench.server.authenticator.authenticate(token)).toBeUndefined();
    const next = await tokenOf();
    await bench.client.delete(serviceaccounts, BOT);
    await bench.client.create(serviceaccounts, { metadata: BOT });
    expect(bench.server.authenticator.authenticate(next)).toBeUndefined();
  });

  it('are none when a letter is changed, or another key signed them', async () => {
    const [header, , signature] = (await tokenOf()).split('.');
    const claims = claimsOf(await tokenOf());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url');
    const { authenticator } = bench.server;
    expect(authenticator.authenticate(`${header}.${forged}.${signature}`)).toBeUndefined();
    const other = new TokenSigner(() => seededKey(Random.seeded('another')));
    expect(authenticator.authenticate(other.sign(claims))).toBeUndefined();
    for (const text of ['', 'a', 'a.b', 'a.b.c', '..', 'e30.e30.'])
      expect(authenticator.authenticate(text)).toBeUndefined();
  });

  it('go with the pod that they are bound to, and say its node', async () => {
    await bench.client.create(nodes, { metadata: { name: 'n1' } });
    const spec = {
      serviceAccountName: 'bot',
      nodeName: 'n1',
      containers: [{ name: 'main', image: 'a' }],
    };
    const pod = (await bench.client.create(pods, {
      metadata: { name: 'web', ...IN },
      spec,
    })) as Pod;
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: pod.metadata.uid! };
    const token = await tokenOf({ boundObjectRef, expirationSeconds: 3607 });
    const now = Math.floor(bench.clock.now() / 1000);
    expect(claimsOf(token)).toMatchObject({
      exp: now + 31_536_607,
      'kubernetes.io': {
        node: { name: 'n1' },
        pod: { name: 'web', uid: pod.metadata.uid },
        warnafter: now + 3607,
      },
    });
    const found = bench.server.authenticator.authenticate(token);
    expect(found?.user.extra).toMatchObject({
      'authentication.kubernetes.io/node-name': ['n1'],
      'authentication.kubernetes.io/pod-name': ['web'],
      'authentication.kubernetes.io/pod-uid': [pod.metadata.uid],
    });
    await bench.client.delete(pods, { name: 'web', ...IN }, { gracePeriodSeconds: 0 });
    expect(bench.server.authenticator.authenticate(token)).toBeUndefined();
  });

  it.each([
    ['too short', { expirationSeconds: 60 }, 422, 'less than 10 minutes'],
    ['too long', { expirationSeconds: 2 ** 33 }, 422, 'larger than 2^32 seconds'],
    ['for a pod that is not there', { kind: 'Pod', name: 'gone' }, 404, 'pods "gone" not found'],
    ['for something odd', { kind: 'Service', name: 'a' }, 400, 'object of type v1, Kind=Service'],
  ])('are refused when %s', async (_, wish, code, message) => {
    const spec = 'kind' in wish ? { boundObjectRef: { apiVersion: 'v1', ...wish } } : wish;
    expect(await refusal(tokenOf(spec))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('are the same in a cluster of the same seed', async () => {
    const other = await serverForTests();
    await other.client.create(serviceaccounts, { metadata: BOT });
    const answer = await other.client.createSubresource(serviceaccounts, BOT, 'token', {
      spec: {},
    });
    expect((answer as KubeObject & TokenRequest).status?.token).toBe(await tokenOf());
  });
});

it.each([
  ['EdDSA', () => seededKey(Random.seeded(1))],
  ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
])('signs with a key for %s', (alg, makeKey) => {
  const signer = new TokenSigner(makeKey);
  const token = signer.sign({ a: 1 });
  const header: unknown = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());
  expect(header).toMatchObject({ alg, kid: expect.stringMatching(/^[\w-]{43}$/) });
  expect(signer.claims(token)).toEqual({ a: 1 });
});

describe('reviews of tokens', () => {
  it('say whose one is, and for which audience', async () => {
    const token = await tokenOf({ audiences: ['vault', 'api'] });
    expect(await review({ token, audiences: ['api', 'x'] })).toMatchObject({
      authenticated: true,
      audiences: ['api'],
      user: { username: 'system:serviceaccount:default:bot' },
    });
    expect(await review({ token })).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  it('know the fixed tokens too', async () => {
    bench.server.authenticator.addToken('secret', { name: 'root', groups: ['system:masters'] });
    expect(await review({ token: 'secret' })).toEqual({
      authenticated: true,
      audiences: [AUDIENCE],
      user: { username: 'root', groups: ['system:masters', 'system:authenticated'] },
    });
    expect(await review({ token: 'secret', audiences: ['x'] })).toMatchObject({ user: {} });
    expect(await refusal(review({}))).toMatchObject({ code: 400 });
  });

  it('store nothing, and tell the asker who he is', async () => {
    const { metadata, status } = await bench.client.create(selfsubjectreviews, {});
    expect(status?.userInfo).toEqual({ username: 'tests', groups: ['system:masters'] });
    expect(metadata).not.toHaveProperty('uid');
    expect(metadata).toHaveProperty('managedFields');
    const revision = bench.server.revision;
    await review({ token: 'x' });
    expect(bench.server.revision).toBe(revision);
  });
});

describe('impersonation', () => {
  const accesses = (headers: Record<string, string | string[]>): string[] =>
    impersonation(headers)!.accesses.map((access) => Object.values(access).join(' '));

  it('is a user with groups, uid and more, each of which must be allowed', () => {
    const headers = {
      'impersonate-user': 'ann',
      'impersonate-group': ['a', 'b'],
      'impersonate-uid': '7',
      'impersonate-extra-scopes%2fx': 'view',
    };
    expect(impersonation(headers)!.user).toEqual({
      name: 'ann',
      uid: '7',
      groups: ['a', 'b', 'system:authenticated'],
      extra: { 'scopes/x': ['view'] },
    });
    expect(accesses(headers)).toEqual([
      'impersonate  users ann',
      'impersonate  groups a',
      'impersonate  groups b',
      'impersonate authentication.k8s.io userextras view scopes/x',
      'impersonate authentication.k8s.io uids 7',
    ]);
  });

  it('gives a service account its groups', () => {
    const headers = { 'impersonate-user': 'system:serviceaccount:ci:bot' };
    expect(impersonation(headers)!.user.groups).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:ci',
      'system:authenticated',
    ]);
    expect(accesses(headers)).toEqual(['impersonate  serviceaccounts bot ci']);
  });

  it('leaves nobody unknown, and does not take groups for a user', () => {
    const { user } = impersonation({ 'impersonate-user': 'system:anonymous' })!;
    expect(user.groups).toEqual(['system:unauthenticated']);
    expect(() => impersonation({ 'impersonate-group': 'system:masters' })).toThrow(
      'without impersonating a user',
    );
    expect(impersonation({ accept: 'x' })).toBeUndefined();
  });

  it('is refused to whoever may not', () => {
    const ann = { name: 'ann', groups: ['system:authenticated'] };
    const root = { name: 'root', groups: ['system:masters'] };
    const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' };
    expect(() => bench.server.impersonate(ann, headers)).toThrow(
      'users "bob" is forbidden: User "ann" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    expect(bench.server.impersonate(root, headers).name).toBe('bob');
    expect(bench.server.impersonate(ann, {})).toBe(ann);
  });
});
