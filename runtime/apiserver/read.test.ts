import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configmaps, pods, serviceaccounts } from '../../generated/core/v1/resources.ts';
import { localTransport } from '../cluster/local-transport.ts';
import { FieldIndex } from './cache/field-index.ts';
import { refusal, serverForTests } from './server.fakes.ts';

const config = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'default', labels },
});
const names = (items: readonly { metadata: { name?: string } }[]) =>
  items.map(({ metadata }) => metadata.name);

describe('lists', () => {
  it('select by labels and by the fields that the kind offers', async () => {
    const { client } = await serverForTests();
    await client.create(configmaps, config('a', { app: 'web' }));
    await client.create(configmaps, config('b', { app: 'api' }));
    const list = (options: object) => client.list(configmaps, { namespace: 'default', ...options });
    expect(names((await list({ labelSelector: 'app in (web,x)' })).items)).toEqual(['a']);
    expect(names((await list({ fieldSelector: 'metadata.name!=a' })).items)).toEqual(['b']);
    expect(await refusal(list({ fieldSelector: 'data.x=1' }))).toMatchObject({
      code: 400,
      message: '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    });
  });

  it('come in pages of one revision, whatever is written in between', async () => {
    const { client } = await serverForTests();
    for (const name of ['a', 'b', 'c', 'd']) await client.create(configmaps, config(name));
    const first = await client.list(configmaps, { namespace: 'default', limit: 2 });
    await client.delete(configmaps, { name: 'c', namespace: 'default' });
    await client.create(configmaps, config('bb'));
    const second = await client.list(configmaps, {
      namespace: 'default',
      limit: 2,
      continue: first.continue!,
    });
    expect([names(first.items), names(second.items)]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect([second.continue, second.resourceVersion]).toEqual([undefined, first.resourceVersion]);
    expect(await refusal(client.list(configmaps, { continue: 'nonsense' }))).toMatchObject({
      code: 400,
    });
  });
});

describe('subscriptions', () => {
  it('begin with what exists and follow with what it was before', async () => {
    const { client, server } = await serverForTests();
    await client.create(configmaps, config('old'));
    const transport = localTransport(server);
    let told = 0;
    const reader = transport.subscribe(configmaps, { initial: true, notify: () => told++ });
    const made = await client.create(configmaps, config('new'));
    await client.update(configmaps, { ...made, data: { k: '1' } });
    await client.delete(configmaps, { name: 'old', namespace: 'default' });
    const seen: string[] = [];
    for (let event = reader.next(); event; event = reader.next())
      seen.push(`${event.type} ${event.object.metadata.name}${event.previous ? ' after' : ''}`);
    expect(seen).toEqual(['ADDED old', 'ADDED new', 'MODIFIED new after', 'DELETED old']);
    expect([told, reader.pending]).toEqual([3, false]);
  });

  it('keep the object of a deletion as it last was, at the revision of the deletion', async () => {
    const { client, server } = await serverForTests();
    const reader = localTransport(server).subscribe(configmaps, { initial: false, notify() {} });
    await client.create(configmaps, config('a'));
    await client.delete(configmaps, { name: 'a', namespace: 'default' });
    reader.next();
    const gone = reader.next();
    expect(gone?.object.metadata.resourceVersion).toBe(String(server.revision));
  });
});

describe('indexes', () => {
  it('follow the objects', async () => {
    const { client, server } = await serverForTests();
    await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } });
    const transport = localTransport(server);
    transport.addIndex(pods, 'node', (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
    const lister = transport.lister(pods);
    const at = { name: 'a', namespace: 'default' };
    await client.create(pods, { metadata: at, spec: { containers: [{ name: 'a', image: 'x' }] } });
    expect(lister.countIndex('node', 'n1')).toBe(0);
    await client.createSubresource(pods, at, 'binding', { target: { name: 'n1' } });
    expect(names(lister.byIndex('node', 'n1'))).toEqual(['a']);
    await client.delete(pods, at, { gracePeriodSeconds: 0 });
    expect([lister.countIndex('node', 'n1'), lister.byIndex('node', 'n1')]).toEqual([0, []]);
  });

  it('agree with a scan after any changes, and a fork with its own', () => {
    const change = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      values: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y'))),
    });
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (before, after) => {
        type Values = { metadata: { labels: string[] } };
        const index = new FieldIndex((object) => (object as unknown as Values).metadata.labels);
        const model = new Map<string, string[]>();
        const apply = (to: FieldIndex, of: Map<string, string[]>, changes: typeof before): void => {
          for (const { key, values } of changes) {
            const old = of.get(key);
            const wrap = (labels: string[] | null | undefined) =>
              labels && ({ metadata: { labels } } as never);
            to.change(key, wrap(old) ?? undefined, wrap(values) ?? undefined);
            values ? of.set(key, values) : of.delete(key);
          }
        };
        apply(index, model, before);
        const fork = index.fork();
        apply(fork, new Map(model), after);
        for (const value of ['x', 'y']) {
          const expected = [...model]
            .filter(([, values]) => values.includes(value))
            .map(([key]) => key)
            .sort();
          expect(index.keys(value)).toEqual(expected);
          expect(index.count(value)).toBe(expected.length);
        }
      }),
    );
  });
});
