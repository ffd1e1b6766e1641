import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configmaps } from '../../../generated/core/v1/resources.ts';
import type { ConfigMap } from '../../../generated/core/v1/types.ts';
import { createClient } from '../index.ts';
import { HttpTransport } from './index.ts';

/** What was asked, and how to answer it. */
interface Question {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  answer(code: number, body: unknown, headers?: Record<string, string>): void;
  /** Sends events of a watch; the stream stays open. */
  tell(...events: object[]): void;
  end(): void;
  /** Breaks the connection off. */
  cut(): void;
}

let server: Server;
let transport: HttpTransport;
const failures: unknown[] = [];
/** Questions that nobody has taken yet, and takers who wait. */
let questions: Question[] = [];
let takers: ((question: Question) => void)[] = [];

const asked = (): Promise<Question> => {
  const next = questions.shift();
  return next ? Promise.resolve(next) : new Promise((resolve) => takers.push(resolve));
};

function question(request: IncomingMessage, response: ServerResponse): Question {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
  return {
    method: request.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    answer: (code, body, headers = {}) => {
      response.writeHead(code, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    },
    tell: (...events) => {
      if (!response.headersSent) response.writeHead(200);
      for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    },
    end: () => response.end(),
    cut: () => response.destroy(),
  };
}

beforeEach(async () => {
  questions = [];
  takers = [];
  failures.length = 0;
  server = createServer((request, response) => {
    const each = question(request, response);
    const taker = takers.shift();
    if (taker) taker(each);
    else questions.push(each);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/below`;
  transport = new HttpTransport(
    { url, token: 'secret' },
    { onFailure: (error) => failures.push(error) },
  );
});

afterEach(async () => {
  transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const map = (name: string, revision: number, value = ''): ConfigMap =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'a', resourceVersion: `${revision}` },
    data: { value },
  }) as ConfigMap;
const list = (revision: number, items: object[], more = {}): object => ({
  kind: 'ConfigMapList',
  metadata: { resourceVersion: `${revision}`, ...more },
  items,
});

/** Reads configmaps from now on; `until` waits for so many events and gives them as text. */
function reader() {
  let wake = (): void => {};
  const subscription = transport.subscribe(configmaps, { initial: true, notify: () => wake() });
  const seen: string[] = [];
  const until = async (count: number): Promise<string[]> => {
    for (;;) {
      for (let event = subscription.next(); event; event = subscription.next())
        seen.push(`${event.type} ${event.object.metadata.name} ${event.revision}`);
      if (seen.length >= count) return seen.splice(0);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { until };
}
const names = (): (string | undefined)[] =>
  transport
    .lister(configmaps)
    .list()
    .map(({ metadata }) => metadata.name);

describe('a request over HTTP', () => {
  const client = () =>
    createClient(transport, {
      user: { name: 'x', groups: [] },
      cause: { component: 'x', record: 0 },
    });

  it('has the path of its resource, its options as a query, and the credentials', async () => {
    const patched = client().patch(
      configmaps,
      { name: 'm', namespace: 'a' },
      { data: { k: 'v' } },
      { type: 'application/merge-patch+json', dryRun: true },
    );
    const { method, path, query, headers, answer } = await asked();
    expect([method, path, query]).toEqual([
      'PATCH',
      '/below/api/v1/namespaces/a/configmaps/m',
      { dryRun: 'All' },
    ]);
    expect(headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/merge-patch+json',
    });
    answer(200, map('m', 7));
    expect((await patched).metadata.resourceVersion).toBe('7');
  });

  it('is refused with the Status of the server, or one made up', async () => {
    const missing = client().get(configmaps, 'm', 'a');
    (await asked()).answer(404, { kind: 'Status', reason: 'NotFound', message: 'no', code: 404 });
    await expect(missing).rejects.toMatchObject({ reason: 'NotFound', message: 'no' });
    const proxied = client().get(configmaps, 'm', 'a');
    (await asked()).answer(502, 'bad gateway');
    await expect(proxied).rejects.toMatchObject({ code: 502 });
  });
});

describe('what is followed over HTTP', () => {
  it('is listed in pages, then watched from the revision of the list', async () => {
    const { until } = reader();
    const first = await asked();
    expect([first.path, first.query]).toEqual(['/below/api/v1/configmaps', { limit: '500' }]);
    first.answer(200, list(5, [{ ...map('one', 3), kind: undefined }], { continue: 'more' }));
    const second = await asked();
    expect(second.query).toMatchObject({ continue: 'more' });
    second.answer(200, list(5, [map('two', 4)]));
    await transport.synced([configmaps as never]);
    expect(transport.lister(configmaps).get('one', 'a')).toMatchObject({ kind: 'ConfigMap' });
    const watch = await asked();
    expect(watch.query).toMatchObject({ watch: 'true', resourceVersion: '5' });
    watch.tell(
      { type: 'MODIFIED', object: map('one', 6) },
      { type: 'DELETED', object: map('two', 7) },
      { type: 'ADDED', object: map('three', 8) },
    );
    expect(await until(5)).toEqual([
      'ADDED one 3',
      'ADDED two 4',
      'MODIFIED one 6',
      'DELETED two 7',
      'ADDED three 8',
    ]);
    expect(names()).toEqual(['one', 'three']);
  });

  it('is watched on from the last revision or bookmark when the stream ends', async () => {
    const { until } = reader();
    (await asked()).answer(200, list(5, []));
    const watch = await asked();
    watch.tell({ type: 'ADDED', object: map('one', 6) });
    watch.tell({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } });
    watch.end();
    const again = await asked();
    expect(again.query).toMatchObject({ watch: 'true', resourceVersion: '9' });
    again.tell({ type: 'ADDED', object: map('two', 10) });
    expect(await until(2)).toEqual(['ADDED one 6', 'ADDED two 10']);
  });

  it('is listed anew where the server has forgotten the revision, and tells the differences', async () => {
    const { until } = reader();
    (await asked()).answer(200, list(5, [map('gone', 1), map('kept', 2), map('new', 3)]));
    expect(await until(3)).toHaveLength(3);
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    const watch = await asked();
    watch.tell({ type: 'ERROR', object: status });
    watch.end();
    (await asked()).answer(200, list(20, [map('kept', 2), map('new', 15), map('newer', 16)]));
    expect(await until(3)).toEqual(['DELETED gone 1', 'MODIFIED new 15', 'ADDED newer 16']);
    expect((await asked()).query).toMatchObject({ resourceVersion: '20' });
  });

  it('is tried again when the connection breaks, and nothing is told twice', async () => {
    const { until } = reader();
    (await asked()).answer(200, list(5, [map('one', 3)]));
    expect(await until(1)).toEqual(['ADDED one 3']);
    const watch = await asked();
    watch.tell({ type: 'MODIFIED', object: map('one', 6) });
    expect(await until(1)).toEqual(['MODIFIED one 6']);
    watch.cut();
    const again = await asked();
    expect(again.query).toMatchObject({ watch: 'true', resourceVersion: '6' });
    again.tell({ type: 'MODIFIED', object: map('one', 6) }, { type: 'ADDED', object: map('b', 7) });
    expect(await until(1)).toEqual(['ADDED b 7']);
    expect(failures).toHaveLength(1);
  });

  it('throws the refusal of the server when it is read', async () => {
    reader();
    (await asked()).answer(403, { kind: 'Status', reason: 'Forbidden', message: 'no', code: 403 });
    await transport.synced([configmaps as never]);
    expect(() => transport.lister(configmaps)).toThrow('no');
    (await asked()).answer(200, list(5, [map('one', 3)]));
    await asked();
    expect(names()).toEqual(['one']);
  });

  it('says at once that nobody is there', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(transport.synced([configmaps as never])).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
  });

  it('is found by an index, also one that comes later', async () => {
    const { until } = reader();
    (await asked()).answer(200, list(5, [map('one', 3, 'x'), map('two', 4, 'y')]));
    await until(2);
    transport.addIndex(configmaps, 'value', ({ data }) => [data?.['value'] ?? '']);
    const under = (value: string): (string | undefined)[] =>
      transport
        .lister(configmaps)
        .byIndex('value', value)
        .map(({ metadata }) => metadata.name);
    expect([under('x'), under('y')]).toEqual([['one'], ['two']]);
    const watch = await asked();
    watch.tell({ type: 'MODIFIED', object: map('one', 6, 'y') });
    await until(1);
    expect([under('x'), under('y')]).toEqual([[], ['one', 'two']]);
    expect(transport.lister(configmaps).countIndex('value', 'y')).toBe(2);
    expect(transport.lister(configmaps).list('b')).toEqual([]);
  });
});
