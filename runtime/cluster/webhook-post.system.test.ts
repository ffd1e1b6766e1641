import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { validatingwebhookconfigurations } from '../../generated/admissionregistration/v1/resources.ts';
import { ConfigMap } from '../../generated/core/v1/index.ts';
import { makeCertificates } from '../apiserver/http/index.ts';
import { createCluster } from '../testing/index.ts';
import { Pacer } from './pacer.ts';
import { serveApi } from './serving.ts';
import { postOutside } from './webhook-post.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (body: string, path: string) => { status?: number; body: string } | undefined;

/** A server on loopback over TLS, and where it is. */
async function serverFor(
  answer: Answer,
  hosts = ['127.0.0.1', 'localhost'],
): Promise<{ url: string; authority: string }> {
  const { authority, certificate: cert, key } = makeCertificates(hosts);
  const server = createServer({ cert, key }, (request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += String(piece);
    });
    request.on('end', () => {
      const said = answer(body, request.url ?? '');
      if (!said) return;
      response.writeHead(said.status ?? 200, { 'content-type': 'application/json' });
      response.end(said.body);
    });
  });
  return { url: `https://127.0.0.1:${await portOf(server)}`, authority };
}

function portOf(server: Server | ReturnType<typeof createPlain>): Promise<number> {
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const call = (url: string, authorities: string, timeoutMs = 5000) => ({
  url: `${url}/x?timeout=5s`,
  body: '{"a":1}',
  authorities,
  timeoutMs,
});

describe('a webhook outside of the cluster', () => {
  it('gets the review and its answer comes back', async () => {
    const { url, authority } = await serverFor((body, path) => ({ body: `${path} ${body}` }));
    expect(await postOutside(call(url, authority))).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '/x?timeout=5s {"a":1}',
      tookMs: 0,
    });
  });

  it('fails in the words of Go', async () => {
    const silent = await serverFor(() => undefined);
    const named = await serverFor(() => ({ body: '' }), ['localhost']);
    const plain = await portOf(createPlain((_, response) => response.end('hello')));
    const gone = createPlain();
    const port = await portOf(gone);
    closing.pop()!();
    const failures = await Promise.all([
      postOutside(call(silent.url, silent.authority, 300)),
      postOutside(call(silent.url, '')),
      postOutside(call(named.url, named.authority)),
      postOutside(call(`https://127.0.0.1:${plain}`, '')),
      postOutside(call(`https://127.0.0.1:${port}`, '')),
    ]);
    const told = failures.map((each) => ('failure' in each ? each.failure : 'answered'));
    expect(told.map((each) => each.replace(String(port), 'PORT'))).toEqual([
      'context deadline exceeded',
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      "tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
      'http: server gave HTTP response to HTTPS client',
      'dial tcp 127.0.0.1:PORT: connect: connection refused',
    ]);
  });

  it('is asked where the cluster is served, and what it answers is in the journal', async () => {
    const { url, authority } = await serverFor((body) => {
      const { apiVersion, kind, request } = JSON.parse(body);
      const response = { uid: request.uid, allowed: request.name !== 'bad' };
      return { body: JSON.stringify({ apiVersion, kind, response }) };
    });
    const test = await createCluster();
    const { cluster, client } = test;
    const pacer = new Pacer(cluster, 'real');
    const serving = await serveApi(cluster, pacer, {
      port: 0,
      version: '1.36',
      onFailure: () => {},
    });
    closing.push(() => void serving.close());
    await client.create(validatingwebhookconfigurations, {
      metadata: { name: 'v' },
      webhooks: [
        {
          name: 'x.example.com',
          rules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['configmaps'],
              operations: ['CREATE'],
            },
          ],
          clientConfig: { url: `${url}/x`, caBundle: Buffer.from(authority).toString('base64') },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    const map = (name: string) => new ConfigMap({ metadata: { name, namespace: 'default' } });
    await test.create(map('good'));
    await expect(test.create(map('bad'))).rejects.toMatchObject({ code: 400 });
    const inputs = cluster.journal.latest(100, ({ type }) => type === 'input');
    expect(inputs.filter((each) => 'what' in each && each.what === 'webhook')).toHaveLength(2);
  });
});
