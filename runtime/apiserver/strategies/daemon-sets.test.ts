import { describe, expect, it } from 'vitest';
import { daemonsets } from '../../../generated/apps/v1/resources.ts';
import type { DaemonSetSpec } from '../../../generated/apps/v1/types.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const GENERATION = 'deprecated.daemonset.template.generation';
const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'main', image: 'i' }] },
};
const selector = { matchLabels: { app: 'a' } };

async function made(spec: object = {}, annotations = {}) {
  const { client } = await serverForTests();
  const whole = { selector, template, ...spec } as DaemonSetSpec;
  return {
    client,
    set: await client.create(daemonsets, {
      metadata: { name: 'd', ...IN, annotations },
      spec: whole,
    }),
  };
}

const refused = async (spec: object) =>
  ((await refusal(made(spec))) as { fields: string[] }).fields;

describe('a daemon set', () => {
  it('replaces one pod at a time unless it says otherwise', async () => {
    const strategy = async (spec: object) => (await made(spec)).set.spec?.updateStrategy;
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    expect(await strategy({})).toEqual(rolling);
    expect(await strategy({ updateStrategy: {} })).toEqual(rolling);
    expect(await strategy({ updateStrategy: { type: 'OnDelete' } })).toEqual({ type: 'OnDelete' });
  });

  it('counts the changes of its template, whatever clients say', async () => {
    const { client, set } = await made();
    const count = ({ metadata }: typeof set) => metadata.annotations?.[GENERATION];
    expect([count(set), count((await made({}, { [GENERATION]: '4' })).set)]).toEqual(['1', '4']);
    const lost = await client.update(daemonsets, {
      ...set,
      metadata: { ...set.metadata, annotations: {} },
      spec: { ...set.spec!, minReadySeconds: 3 },
    });
    expect([count(lost), lost.metadata.generation]).toEqual(['1', 2]);
    const spec = { containers: [{ name: 'main', image: 'j' }] };
    const changed = await client.update(daemonsets, {
      ...lost,
      spec: { ...lost.spec!, template: { ...template, spec } },
    });
    expect(count(changed)).toBe('2');
    const status = { ...changed.status!, numberReady: 1 };
    const metadata = { ...changed.metadata, annotations: { a: 'b' } };
    const seen = await client.updateStatus(daemonsets, { ...changed, metadata, status });
    expect(seen.metadata.annotations).toEqual({ a: 'b', [GENERATION]: '2' });
  });

  it('chooses the pods of its template', async () => {
    const other = { matchLabels: { app: 'b' } };
    expect(await refused({ selector: other })).toEqual(['spec.template.metadata.labels']);
    expect(await refused({ selector: {} })).toEqual(['spec.selector']);
    expect(await refused({ selector: { matchLabels: { app: 'no good' } } })).toEqual([
      'spec.selector.matchLabels',
    ]);
    expect(await refused({ updateStrategy: { type: 'Odd' } })).toEqual(['spec.updateStrategy']);
    expect(await refused({ template: { ...template, spec: {} } })).toEqual([
      'spec.template.spec.containers',
    ]);
  });
});
