import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { afterWall, certificatePem, type Issuer } from '../base/index.ts';
import {
  type Cluster,
  createCluster,
  createControl,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from './index.ts';

let cluster: Cluster;
let pacer: Pacer;
let serving: Serving;
let certificates: Awaited<ReturnType<typeof servingCertificates>>;
const failures: unknown[] = [];

beforeAll(async () => {
  cluster = await createCluster({ freeze: true });
  pacer = new Pacer(cluster, 'real');
  pacer.start();
  certificates = await servingCertificates();
  serving = await serveApi(cluster, pacer, {
    port: 0,
    version: '1.36',
    certificates,
    onFailure: (error) => failures.push(error),
  });
});

afterAll(async () => {
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  /** Certificate and key of the client; for a connection of its own. */
  readonly client?: object;
  /** Ends the answer when it has so many lines. */
  readonly lines?: number;
}

interface Answered {
  readonly code: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly object: Record<string, never> & {
    kind?: string;
    message?: string;
    reason?: string;
    items?: object[];
  };
}

function ask(path: string, asked: Asked = {}): Promise<Answered> {
  const { method = 'GET', headers = {}, body, raw, lines, client } = asked;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, serving.url),
      {
        method,
        ca: serving.authority,
        ...(client ? { ...client, agent: false } : {}),
        headers: {
          authorization: `Bearer ${serving.token}`,
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        const end = (): void => {
          const bytes = Buffer.concat(chunks);
          const zipped = incoming.headers['content-encoding'] === 'gzip';
          const text = (zipped ? gunzipSync(bytes) : bytes).toString();
          const isJson = text.startsWith('{') && lines === undefined;
          const object = isJson ? JSON.parse(text) : {};
          resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, text, object });
        };
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          const count = Buffer.concat(chunks).toString().split('\n').length - 1;
          if (lines === undefined || count < lines) return;
          end();
          outgoing.destroy();
        });
        incoming.on('end', end);
        incoming.on('error', () => {});
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, labels = {}, data = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
  data,
});
/** Asks again until it is so; the test's own time ends it if that never comes. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise<void>((resolve) => afterWall(20, resolve));
}

const post = (path: string, body: unknown, headers = {}): Promise<Answered> =>
  ask(path, { method: 'POST', body, headers });

describe('who asks', () => {
  it('is nobody without a token, and may look at health but at no object', async () => {
    const nobody = { authorization: '' };
    expect((await ask('/healthz', { headers: nobody })).text).toBe('ok');
    const refused = await ask('/api/v1/pods', { headers: nobody });
    expect([refused.code, refused.object.message]).toEqual([
      403,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    ]);
  });

  it('is refused with a token that is nobody’s', async () => {
    const { code, object } = await ask('/api', { headers: { authorization: 'Bearer wrong' } });
    expect([code, object.reason]).toEqual([401, 'Unauthorized']);
  });

  it('is whom a certificate of the authority names, and nobody with another', async () => {
    const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = keys();
    const certificate = (issuer: Issuer, usage: 'client auth' | 'server auth' = 'client auth') => ({
      cert: certificatePem(
        {
          subject: { commonName: 'jane', organizations: ['dev', 'ops'] },
          publicKey: own.publicKey,
          serial: Buffer.from([5]),
          notBeforeMs: Date.now() - 1000,
          notAfterMs: Date.now() + 3_600_000,
          keyUsages: ['digital signature'],
          extendedKeyUsages: [usage],
        },
        issuer,
      ),
      key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    });
    const review = (client: object, authorization = '') =>
      ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        headers: { authorization },
        client,
      });
    const userInfo = { username: 'jane', groups: ['dev', 'ops', 'system:authenticated'] };
    const jane = await review(certificate(certificates.issuer));
    expect(jane.object).toMatchObject({ status: { userInfo } });
    const stranger = { name: certificates.issuer.name, ...keys() };
    expect((await review(certificate(stranger))).code).toBe(401);
    expect((await review(certificate(certificates.issuer, 'server auth'))).code).toBe(401);
    const token = `Bearer ${serving.token}`;
    const admin = await review(certificate(stranger), token);
    expect(admin.object).toMatchObject({ status: { userInfo: { username: 'kubernetes-admin' } } });
  });

  it('may be taken for somebody else, who may do less', async () => {
    const headers = { 'impersonate-user': 'jane' };
    expect((await ask('/api/v1/nodes', { headers })).code).toBe(403);
  });
});

describe('objects', () => {
  it('are created, read, changed and deleted', async () => {
    const created = await post(MAPS, map('a', {}, { k: '1' }), { 'user-agent': 'shop/1.0' });
    expect([created.code, created.object.kind]).toEqual([201, 'ConfigMap']);
    expect(created.object.metadata).toMatchObject({
      name: 'a',
      managedFields: [{ manager: 'shop', operation: 'Update' }],
    });
    const type = { 'content-type': 'application/merge-patch+json' };
    const body = { data: { k: '2' } };
    const patched = await ask(`${MAPS}/a`, { method: 'PATCH', body, headers: type });
    expect(patched.object.data).toEqual({ k: '2' });
    const gone = await ask(`${MAPS}/a`, { method: 'DELETE' });
    expect([gone.code, (await ask(`${MAPS}/a`)).code]).toEqual([200, 404]);
  });

  it('do not say in lists what they are: the list does', async () => {
    await post(MAPS, map('plain'));
    const one = '?fieldSelector=metadata.name=plain';
    const { object } = await ask(`${MAPS}${one}`);
    expect(object).toMatchObject({
      kind: 'ConfigMapList',
      items: [{ metadata: { name: 'plain' } }],
    });
    expect(Object.keys(object.items![0]!).sort()).toEqual(['metadata']);
    const { text } = await ask(`${MAPS}${one}`, { headers: { accept: 'application/yaml' } });
    expect(text.match(/kind:/g)).toHaveLength(1);
    const as = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = await ask(`${MAPS}${one}&includeObject=Object`, { headers: { accept: as } });
    expect(table.object).toMatchObject({ rows: [{ object: { kind: 'ConfigMap' } }] });
  });

  it('are not to be had by any method, and not always at once', async () => {
    const refused = { reason: 'MethodNotAllowed', details: {}, code: 405 };
    expect((await ask(MAPS, { method: 'PUT', body: {} })).object).toMatchObject(refused);
    expect((await ask('/api/v1/configmaps', { method: 'DELETE' })).object).toMatchObject(refused);
    expect((await ask(MAPS, { method: 'HEAD' })).code).toBe(405);
    const later = await ask(`${MAPS}?resourceVersion=99999999&resourceVersionMatch=NotOlderThan`);
    expect([later.code, later.headers['retry-after']]).toEqual([504, '1']);
    expect((await ask(MAPS)).headers).not.toHaveProperty('retry-after');
  });

  it('come as tables, as metadata and as YAML', async () => {
    await post(MAPS, map('forms', {}, { k: '1' }));
    const as = (what: string): Promise<Answered> =>
      ask(`${MAPS}?fieldSelector=metadata.name=forms`, { headers: { accept: what } });
    const table = await as('application/json;as=Table;v=v1;g=meta.k8s.io,application/json');
    expect(table.object).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data', type: 'string' }, { name: 'Age' }],
      rows: [
        { cells: ['forms', '1', expect.any(String)], object: { kind: 'PartialObjectMetadata' } },
      ],
    });
    const metadata = await as('application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io');
    expect(metadata.object).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'forms' } }],
    });
    expect((await as('application/yaml')).text).toMatch(/^kind: ConfigMapList\n/);
    expect((await as('text/csv')).code).toBe(406);
  });

  it('come as tables of what a subresource is of them', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const apps = '/apis/apps/v1/namespaces/default/deployments';
    const labels = { app: 'scaled' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await post(apps, { metadata: { name: 'scaled' }, spec });
    const names = async (what: string): Promise<[string[], unknown]> => {
      const { object } = await ask(`${apps}/scaled/${what}`, { headers: { accept } });
      const { columnDefinitions, rows } = object as unknown as {
        columnDefinitions: { name: string }[];
        rows: { cells: unknown[] }[];
      };
      return [columnDefinitions.map(({ name }) => name), rows[0]!.cells.slice(0, 2)];
    };
    expect(await names('scale')).toEqual([
      ['Name', 'Desired', 'Available', 'Age'],
      ['scaled', 2],
    ]);
    expect(await names('status')).toEqual([
      expect.arrayContaining(['Name', 'Ready', 'Up-to-date', 'Available', 'Age']),
      ['scaled', '0/2'],
    ]);
  });

  it('are zipped when there is much of them', async () => {
    await post(MAPS, map('long', {}, { k: 'x'.repeat(200_000) }));
    const { headers, object } = await ask(`${MAPS}/long`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect([headers['content-encoding'], object.kind]).toEqual(['gzip', 'ConfigMap']);
  });
});

describe('a watch', () => {
  const follow = async (query: string, lines: number): Promise<unknown[]> => {
    const { text } = await ask(`${MAPS}?watch=1&${query}`, { lines });
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return events.map(({ type, object }) => [type, object.metadata?.name ?? object.kind]);
  };

  it('tells from a revision on what begins and ceases to match', async () => {
    const { object } = await ask(MAPS);
    const from = (object.metadata as unknown as { resourceVersion: string }).resourceVersion;
    await post(MAPS, map('other', { app: 'other' }));
    await post(MAPS, map('w', { app: 'w' }));
    const relabel = (app: string): Promise<Answered> =>
      ask(`${MAPS}/w`, {
        method: 'PATCH',
        body: { metadata: { labels: { app } } },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    const watched = follow(`resourceVersion=${from}&labelSelector=app=w`, 3);
    await relabel('elsewhere');
    await relabel('w');
    expect(await watched).toEqual([
      ['ADDED', 'w'],
      ['DELETED', 'w'],
      ['ADDED', 'w'],
    ]);
  });

  it('begins with what exists and says where that ends', async () => {
    const query =
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=app=w';
    const { text } = await ask(`${MAPS}?watch=1&${query}`, { lines: 2 });
    const [first, second] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([first.type, first.object.metadata.name, second.type]).toEqual([
      'ADDED',
      'w',
      'BOOKMARK',
    ]);
    expect(second.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    const followers = createControl(cluster, pacer)
      .watches()
      .filter(({ resource }) => resource.startsWith('configmaps in '));
    expect(followers).toHaveLength(1);
    expect(followers[0]).toMatchObject({ unseen: 0, relists: 0 });
    expect(followers[0]?.bookmarks).toBeGreaterThan(0);
    expect(followers[0]?.told).toBeGreaterThan(3);
  });

  it('is answered before there is anything to tell', async () => {
    const code = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${serving.token}` };
      const path = `${MAPS}?watch=1&labelSelector=app=none`;
      const outgoing = request(new URL(path, serving.url), { ca: serving.authority, headers });
      outgoing.on('error', reject);
      outgoing.on('response', ({ statusCode }) => {
        resolve(statusCode);
        outgoing.destroy();
      });
      outgoing.end();
    });
    expect(code).toBe(200);
  });

  it('ends when its time is over', async () => {
    const { code, text } = await ask(`${MAPS}?watch=1&timeoutSeconds=1&labelSelector=app=none`);
    expect([code, text]).toEqual([200, '']);
  });
});

describe('what makes no sense', () => {
  it.each([
    ['a path of nothing', '/nothing', {}, 404],
    ['a kind that there is not', '/api/v1/gizmos', {}, 404],
    ['a path that is no text', '/api/v1/namespaces/%ff/pods', {}, 400],
    ['a method that is not allowed', MAPS, { method: 'PUT', body: {} }, 405],
    ['a body that does not parse', MAPS, { method: 'POST', raw: '{"a":' }, 400],
    ['a body of brackets', MAPS, { method: 'POST', raw: '['.repeat(500_000) }, 400],
    ['a body that is too large', MAPS, { method: 'POST', raw: Buffer.alloc(3_200_000, 32) }, 413],
    [
      'a form that nobody reads',
      MAPS,
      { method: 'POST', raw: 'x', headers: { 'content-type': 'a/b' } },
      415,
    ],
    ['a limit that is no number', `${MAPS}?limit=many`, {}, 400],
    ['a dry run of a part', `${MAPS}?dryRun=some`, { method: 'POST', body: map('x') }, 422],
    [
      'YAML of a billion laughs',
      MAPS,
      { method: 'POST', raw: laughs(), headers: { 'content-type': 'application/yaml' } },
      400,
    ],
  ] as const)('is refused: %s', async (_, path, asked, code) => {
    expect((await ask(path, asked as Asked)).code).toBe(code);
  });

  it('does no harm by its names', async () => {
    const raw = '{"metadata":{"name":"proto"},"data":{"__proto__":"x","constructor":"y"}}';
    const { code, text } = await ask(MAPS, { method: 'POST', raw });
    expect([code, text.includes('"__proto__":"x"')]).toEqual([201, true]);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

function laughs(): string {
  const lines = ['a0: &a0 lol'];
  for (let at = 1; at < 12; at++)
    lines.push(
      `a${at}: &a${at} [${Array(10)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

it('says that a port is taken', async () => {
  const { port } = new URL(serving.url);
  const again = serveApi(cluster, pacer, { port: Number(port), version: '1.36', onFailure() {} });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('answers health, version and numbers', async () => {
  expect((await ask('/readyz?verbose')).text).toMatch(
    /^\[\+\]ping ok\n[\s\S]*readyz check passed\n$/,
  );
  expect((await ask('/livez/etcd')).text).toBe('ok');
  const version = await ask('/version');
  expect(version.object).toMatchObject({ major: '1', minor: '36' });
  expect(version.headers).toMatchObject({
    'x-kubernetes-pf-flowschema-uid': expect.any(String),
    'x-kubernetes-pf-prioritylevel-uid': expect.any(String),
  });
  expect((await ask('/metrics')).text).toMatch(/apiserver_request_total\{code="201",/);
  expect((await ask('/healthz', { method: 'HEAD' })).text).toBe('');
});

describe('a proxy', () => {
  const proxy = '/api/v1/nodes/remote/proxy';

  it('sends whoever names no path to the root', async () => {
    await post('/api/v1/nodes', {
      metadata: { name: 'remote', annotations: { 'cluster.slipway.dev/kubelet': 'none' } },
      status: { addresses: [{ type: 'InternalIP', address: '10.1.2.3' }] },
    });
    const { code, headers } = await ask(proxy);
    expect([code, headers['location']]).toEqual([301, `${proxy}/`]);
  });

  it('says how it fails to reach a node, and is refused like everything else', async () => {
    expect((await ask(`${proxy}/healthz`)).object).toMatchObject({
      kind: 'Status',
      reason: 'ServiceUnavailable',
      message:
        'error trying to reach service: dial tcp 10.1.2.3:10250: connect: connection refused',
      code: 503,
    });
    const headers = { 'impersonate-user': 'jane' };
    const refused = await ask(`${proxy}/healthz`, { method: 'POST', headers });
    expect([refused.code, refused.object.message]).toEqual([
      403,
      'nodes "remote" is forbidden: User "jane" cannot create resource "nodes/proxy" in API group "" at the cluster scope',
    ]);
    expect((await ask('/api/v1/nodes/gone/proxy/')).code).toBe(404);
    expect((await ask('/api/v1/nodes/remote/status/more')).code).toBe(404);
  });

  it('hands on what the kubelet answers, as it is', async () => {
    await post('/api/v1/nodes', { metadata: { name: 'near' } });
    await until(async () => (await ask('/api/v1/nodes/near/proxy/healthz')).code === 200);
    const health = await ask('/api/v1/nodes/near:10250/proxy/healthz?verbose');
    expect(health.text).toContain('[+]syncloop ok');
    const { object } = await ask('/api/v1/nodes/near/proxy/stats/summary');
    expect(object).toMatchObject({ node: { nodeName: 'near' }, pods: expect.any(Array) });
    expect((await ask('/api/v1/nodes/near/proxy/none')).code).toBe(404);
  });

  it('hands on what the behaviour of a pod says of its port, through the pod and its service', async () => {
    const metadata = { name: 'shown', labels: { app: 'shown' } };
    await post('/apis/cluster.slipway.dev/v1/namespaces/default/behaviours', {
      metadata,
      spec: {
        selector: { matchLabels: metadata.labels },
        http: [{ port: 8080, path: '/stock*', status: 202, body: 'plenty' }],
      },
    });
    await post('/api/v1/namespaces/default/services', {
      metadata,
      spec: { selector: metadata.labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await post('/api/v1/namespaces/default/pods', {
      metadata,
      spec: {
        nodeName: 'near',
        containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8080 }] }],
      },
    });
    const pod = '/api/v1/namespaces/default/pods/shown';
    const service = '/api/v1/namespaces/default/services/shown:80/proxy/stock';
    await until(async () => (await ask(service)).code === 202);
    for (const path of [service, `${pod}/proxy/stock/shirts`, `${pod}:8080/proxy/stock`]) {
      const { code, text } = await ask(path);
      expect([code, text]).toEqual([202, 'plenty']);
    }
    expect((await ask(`${pod}/proxy/other`)).code).toBe(404);
    const refused = await ask(`${pod}:81/proxy/stock`);
    expect([refused.code, refused.object.message]).toEqual([
      503,
      expect.stringMatching(/:81: connect: connection refused$/),
    ]);
  });
});

describe('tokens of service accounts', () => {
  it('can be checked by others', async () => {
    const account = '/api/v1/namespaces/default/serviceaccounts/default/token';
    await until(async () => (await ask(account.replace('/token', ''))).code === 200);
    const { object } = await ask(account, { method: 'POST', body: { spec: {} } });
    const { token } = object['status'] as unknown as { token: string };
    const found = (await ask('/.well-known/openid-configuration')).object as unknown as {
      issuer: string;
      jwks_uri: string;
      id_token_signing_alg_values_supported: string[];
    };
    expect(found.jwks_uri).toBe(`${serving.url}/openid/v1/jwks`);
    const keys = await ask('/openid/v1/jwks');
    expect(keys.headers['content-type']).toBe('application/jwk-set+json');
    const [key] = (keys.object as unknown as { keys: (JsonWebKey & { kid: string })[] }).keys;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const isSigned = verify(
      null,
      Buffer.from(`${header}.${payload}`),
      createPublicKey({ key: key!, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
    expect([isSigned, read(header).kid, key!['use']]).toEqual([true, key!.kid, 'sig']);
    expect(read(payload)).toMatchObject({
      iss: found.issuer,
      sub: 'system:serviceaccount:default:default',
    });
    expect(found.id_token_signing_alg_values_supported).toEqual([read(header).alg]);
  });

  it('are of no use to read about them without leave', async () => {
    const headers = { 'impersonate-user': 'jane' };
    expect((await ask('/openid/v1/jwks', { headers })).code).toBe(403);
    const account = { 'impersonate-user': 'x', 'impersonate-group': 'system:serviceaccounts' };
    expect((await ask('/openid/v1/jwks', { headers: account })).code).toBe(200);
  });
});
