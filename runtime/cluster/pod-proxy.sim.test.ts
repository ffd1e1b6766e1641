import { expect, it } from 'vitest';
import { Pod } from '../../generated/core/v1/index.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import { createCluster } from '../testing/index.ts';

const PREFIX = '/api/v1/namespaces/default/pods/web:80/proxy';

async function asked(value: string, args: readonly string[] = []) {
  const cluster = await createCluster({ nodes: 1 });
  const env = [{ name: 'SERVE_PORT_80', value }];
  const container = { name: 'main', image: 'agnhost', args: ['porter', ...args], env };
  await cluster.create(new Pod({ metadata: { name: 'web' }, spec: { containers: [container] } }));
  await cluster.advance('20s');
  return (method: string, path: string | undefined) =>
    cluster.cluster.server.proxy(pods as never, {
      ...{ method, path, namespace: 'default', name: 'web:80' },
      ...{ parameters: {}, body: '', prefix: PREFIX },
    });
}

it('passes every method on, and sends only who reads to the root', async () => {
  const ask = await asked('hi', ['--json-response']);
  for (const method of ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT'])
    expect(ask(method, undefined)).toMatchObject({
      code: 200,
      body: JSON.stringify({ Method: method, Body: 'hi' }),
    });
  expect(ask('GET', undefined)).toBe('to root');
  expect(ask('HEAD', undefined)).toBe('to root');
  expect(ask('HEAD', '/a')).toMatchObject({ code: 200, body: '' });
});

it('lets the links of a page lead through the proxy', async () => {
  const ask = await asked('<a href="/x">x</a>');
  expect(ask('GET', '/')).toMatchObject({ body: `<a href="${PREFIX}/x">x</a>` });
});
