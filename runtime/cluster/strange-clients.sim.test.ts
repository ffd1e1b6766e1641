import { type ClientHttp2Session, constants, connect as http2 } from 'node:http2';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from './index.ts';

let cluster: Cluster;
let pacer: Pacer;
let serving: Serving;
const failures: unknown[] = [];

beforeAll(async () => {
  const certificates = await servingCertificates();
  cluster = await createCluster({ freeze: true, rootCertificate: certificates.authority });
  pacer = new Pacer(cluster, 'real');
  pacer.start();
  const onFailure = (error: unknown) => failures.push(error);
  serving = await serveApi(cluster, pacer, { port: 0, version: '1.36', certificates, onFailure });
});

afterAll(async () => {
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

/** What the server says to bytes that are sent as they are, until it closes or the text has come. */
function say(bytes: string, until?: RegExp): Promise<string> {
  const { hostname, port } = new URL(serving.url);
  return new Promise((resolve) => {
    const ca = serving.authority;
    const socket = connect({ host: hostname, port: Number(port), ca }, () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk;
      if (until?.test(text)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

function line(method: string, target: string, headers: readonly string[] = [], body = ''): string {
  const all = [
    'Host: x',
    `Authorization: Bearer ${serving.token}`,
    'Connection: close',
    ...headers,
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return `${method} ${target} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`;
}

const codeOf = (answer: string): string | undefined => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
const MAPS = '/api/v1/namespaces/default/configmaps';

describe('a strange request', () => {
  it.each([
    ['//', '404'],
    ['//evil:99999/api', '404'],
    ['http://[bad/api', '200'],
    ['/api/../metrics', '404'],
    ['/%zz', '400'],
    ['/api/v1/pods/default%2fx', '404'],
    ['/api/v1/pods/x', '404'],
    [`${MAPS}/a/gizmo`, '404'],
    [`${MAPS}/a/constructor`, '404'],
    [`/api/v1/pods?x=${'a'.repeat(30_000)}`, '200'],
    ['/api/v1/pods?limit=99999999999999999999', '400'],
    ['/api/v1/pods?watch=1&resourceVersion=abc', '422'],
    ['/api/v1/namespaces/default?watch=1', '200'],
  ])('for %.60s is answered', async (target, code) => {
    expect(codeOf(await say(line('GET', target)))).toBe(code);
  });

  it('gets Kubernetes’ words', async () => {
    const answer = await say(line('GET', '/%zz'));
    expect(answer.split('\r\n\r\n')[1]).toBe('400 Bad Request');
    expect(await say(line('GET', '/api/v1/pods/x'))).toContain('\r\n\r\n404 page not found\n');
    expect(await say(line('GET', '/api/v1/pods?watch=1&resourceVersion=abc'))).toContain(
      'resourceVersion: Invalid value: \\"abc\\": strconv.ParseUint: parsing \\"abc\\": invalid syntax',
    );
  });

  it('that is no HTTP is told so', async () => {
    expect(codeOf(await say('\0\x01garbage\r\n\r\n'))).toBe('400');
    const length = line('POST', MAPS, ['Content-Length: abc']);
    expect(codeOf(await say(length))).toBe('400');
  });

  it('with a bomb of headers is turned away', async () => {
    const bomb = Array.from({ length: 40 }, (_, at) => `X-${at}: ${'y'.repeat(30_000)}`);
    expect(codeOf(await say(line('GET', '/api', bomb)))).toBe('431');
  });
});

/** A connection of HTTP/2, closed afterwards. */
async function overHttp2<T>(use: (session: ClientHttp2Session) => Promise<T>): Promise<T> {
  const session = http2(serving.url, { ca: serving.authority });
  session.on('error', () => {});
  try {
    return await use(session);
  } finally {
    session.destroy();
  }
}

describe('over HTTP/2', () => {
  const headers = (path: string, method = 'GET') => ({
    ':path': path,
    ':method': method,
    authorization: `Bearer ${serving.token}`,
  });

  it('the same is answered', async () => {
    const code = await overHttp2(
      (session) =>
        new Promise((resolve) => {
          const stream = session.request(headers('/api/v1/namespaces/default'));
          stream.on('response', (answer) => resolve(answer[':status']));
        }),
    );
    expect(code).toBe(200);
  });

  it('who goes in the middle of a body, or asks and takes it back, does no harm', async () => {
    await overHttp2(async (session) => {
      const all = Array.from({ length: 100 }, (_, at) => {
        const stream = session.request(
          headers(at % 2 ? MAPS : '/api/v1/pods', at % 2 ? 'POST' : 'GET'),
        );
        stream.on('error', () => {});
        if (at % 2) stream.write('{"metadata":');
        return new Promise<void>((resolve) => {
          stream.on('close', resolve);
          stream.close(constants.NGHTTP2_CANCEL);
        });
      });
      await Promise.all(all);
    });
    expect(codeOf(await say(line('GET', '/healthz')))).toBe('200');
  });
});

it('leaves the loop its turns while requests come without end', async () => {
  const body = '{"metadata":{"name":"turns"},"spec":{"replicas":1}}';
  let isOver = false;
  const storm = Array.from({ length: 8 }, async () => {
    while (!isOver) await say(line('GET', '/api/v1/namespaces'));
  });
  await say(line('POST', '/api/v1/namespaces', ['Content-Type: application/json'], body));
  const account = '/api/v1/namespaces/turns/serviceaccounts/default';
  let code: string | undefined;
  while (code !== '200') code = codeOf(await say(line('GET', account)));
  isOver = true;
  await Promise.all(storm);
  expect(code).toBe('200');
});

it('publishes the authority by which its certificate is known', async () => {
  const map = await say(line('GET', `${MAPS}/kube-root-ca.crt`));
  const { data } = JSON.parse(map.split('\r\n\r\n')[1]!) as { data: Record<string, string> };
  expect(data['ca.crt']).toBe(serving.authority);
  const url = new URL('/healthz', serving.url);
  const code = await new Promise((resolve, reject) => {
    request(url, { ca: data['ca.crt'] }, (answer) => resolve(answer.statusCode))
      .on('error', reject)
      .end();
  });
  expect(code).toBe(200);
});
