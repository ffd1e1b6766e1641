import { describe, expect, it } from 'vitest';
import { pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import { priorityclasses } from '../../../generated/scheduling/v1/resources.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };

async function bench() {
  const { client } = await serverForTests();
  await client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  const rank = (name: string, value: number, more: object = {}) =>
    client.create(priorityclasses, { metadata: { name }, value, ...more });
  const containers = [{ name: 'main', image: 'i' }];
  const pod = async (spec: object = {}) => {
    const metadata = { generateName: 'p-', ...IN };
    const { spec: stored } = await client.create(pods, {
      metadata,
      spec: { containers, ...spec },
    } as never);
    const { priorityClassName, priority, preemptionPolicy } = stored!;
    return [priorityClassName, priority, preemptionPolicy];
  };
  return { client, rank, pod };
}

describe('priority classes', () => {
  it('are two from the start, which stay', async () => {
    const { client } = await bench();
    const { items } = await client.list(priorityclasses, {});
    expect(items.map(({ metadata, value }) => [metadata.name, value])).toEqual([
      ['system-cluster-critical', 2_000_000_000],
      ['system-node-critical', 2_000_001_000],
    ]);
    const gone = client.delete(priorityclasses, { name: 'system-node-critical' });
    expect(await refusal(gone)).toMatchObject({
      code: 403,
      message: expect.stringContaining('this is a system priority class and cannot be deleted'),
    });
  });

  it('keep their value, below the values and beside the names of the system', async () => {
    const { client, rank } = await bench();
    const gold = await rank('gold', 7);
    expect([gold.preemptionPolicy, gold.metadata.generation]).toEqual(['PreemptLowerPriority', 1]);
    expect(await refusal(client.update(priorityclasses, { ...gold, value: 8 }))).toMatchObject({
      fields: ['value'],
    });
    const never = client.update(priorityclasses, { ...gold, preemptionPolicy: 'Never' });
    expect(await refusal(never)).toMatchObject({ fields: ['preemptionPolicy'] });
    expect(await refusal(rank('huge', 1_000_000_001))).toMatchObject({
      fields: ['value'],
      message: expect.stringContaining(
        'maximum allowed value of a user defined priority is 1000000000',
      ),
    });
    expect(await refusal(rank('system-mine', 1))).toMatchObject({
      fields: ['metadata.name'],
      message: expect.stringContaining('system-mine is not a known system priority class'),
    });
  });

  it('rank the pods that name them', async () => {
    const { rank, pod } = await bench();
    expect(await pod()).toEqual([undefined, 0, 'PreemptLowerPriority']);
    await rank('gold', 7, { preemptionPolicy: 'Never' });
    expect(await pod({ priorityClassName: 'gold' })).toEqual(['gold', 7, 'Never']);
    const refusals = [
      [{ priorityClassName: 'tin' }, 'no PriorityClass with name tin was found'],
      [{ priorityClassName: 'gold', priority: 8 }, 'the integer value of priority (8) must not be'],
      [
        { priorityClassName: 'gold', preemptionPolicy: 'PreemptLowerPriority' },
        'the string value of PreemptionPolicy (PreemptLowerPriority) must not be',
      ],
    ] as const;
    for (const [spec, words] of refusals)
      expect(await refusal(pod(spec))).toMatchObject({
        code: 403,
        message: expect.stringContaining(words),
      });
  });

  it('have one at most for pods that name none, from when it is there to when it goes', async () => {
    const { client, rank, pod } = await bench();
    const spec = { containers: [{ name: 'main', image: 'i' }] };
    expect((await pod(spec))[1]).toBe(0);
    await rank('usual', 5, { globalDefault: true });
    expect(await pod(spec)).toEqual(['usual', 5, 'PreemptLowerPriority']);
    expect(await refusal(rank('second', 6, { globalDefault: true }))).toMatchObject({
      code: 403,
      message: expect.stringContaining('PriorityClass usual is already marked as default'),
    });
    await client.delete(priorityclasses, { name: 'usual' });
    expect((await pod(spec))[1]).toBe(0);
  });
});
