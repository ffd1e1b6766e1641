import { describe, expect, it } from 'vitest';
import {
  resourceclaims,
  resourceclaimtemplates,
  resourceslices,
} from '../../../generated/resource/v1/resources.ts';
import { tableColumns, tableRow } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const devices = {
  requests: [
    { name: 'one', exactly: { deviceClassName: 'gpu.test' } },
    { name: 'all', exactly: { deviceClassName: 'gpu.test', allocationMode: 'All' as const } },
    { name: 'any', firstAvailable: [{ name: 'big', deviceClassName: 'gpu.test', count: 2 }] },
  ],
};
const counts = (claim: { devices?: { requests?: readonly object[] } } | undefined): unknown =>
  claim?.devices?.requests?.map((request) => {
    const { exactly, firstAvailable } = request as Record<
      string,
      { count?: number }[] & { count?: number }
    >;
    return (exactly ?? firstAvailable?.[0])?.count;
  });

function state({ server }: Bench, claim: object): unknown {
  const descriptor = server.kindAt('resource.k8s.io', 'v1', 'resourceclaims')!;
  return tableRow(descriptor, claim as never, 0, tableColumns(descriptor))[1];
}

describe('requests for devices', () => {
  it('ask for one where they name no number, in claims and in templates', async () => {
    const { client } = await serverForTests();
    const claim = await client.create(resourceclaims, {
      metadata: { name: 'c', ...IN },
      spec: { devices },
    });
    expect(counts(claim.spec)).toEqual([1, undefined, 2]);
    const template = await client.create(resourceclaimtemplates, {
      metadata: { name: 't', ...IN },
      spec: { spec: { devices } },
    });
    expect(counts(template.spec?.spec)).toEqual([1, undefined, 2]);
  });

  it('stay as they are', async () => {
    const { client } = await serverForTests();
    const claim = await client.create(resourceclaims, {
      metadata: { name: 'c', ...IN },
      spec: { devices },
    });
    const other = { ...claim, spec: { devices: {} } };
    expect(await refusal(client.update(resourceclaims, other))).toMatchObject({
      reason: 'Invalid',
      fields: ['spec'],
    });
  });
});

describe('a claim in a table', () => {
  it('is pending, allocated or reserved, and deleted besides', async () => {
    const bench = await serverForTests();
    const metadata = { name: 'c', ...IN };
    const status = { allocation: {}, reservedFor: [{ name: 'p', resource: 'pods', uid: 'u' }] };
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const gone = { ...metadata, deletionTimestamp };
    expect(state(bench, { metadata })).toBe('pending');
    expect(state(bench, { metadata, status: { allocation: {} } })).toBe('allocated');
    expect(state(bench, { metadata, status })).toBe('allocated,reserved');
    expect(state(bench, { metadata: gone, status })).toBe('deleted,allocated,reserved');
    expect(state(bench, { metadata: gone })).toBe('deleted');
  });
});

describe('taints of devices', () => {
  it('know since when they are', async () => {
    const { client, clock } = await serverForTests();
    clock.moveTo(Date.UTC(2030, 0, 1));
    const taint = { key: 'broken', effect: 'NoSchedule' as const };
    const early = { ...taint, timeAdded: '2029-01-01T00:00:00Z' };
    const made = await client.create(resourceslices, {
      metadata: { name: 's' },
      spec: {
        driver: 'gpu.test',
        pool: { name: 'n', generation: 1, resourceSliceCount: 1 },
        nodeName: 'n',
        devices: [{ name: 'd', taints: [taint, early] }, { name: 'e' }],
      },
    });
    expect(made.spec?.devices?.[0]?.taints?.map(({ timeAdded }) => timeAdded)).toEqual([
      '2030-01-01T00:00:00Z',
      '2029-01-01T00:00:00Z',
    ]);
  });
});
