import { expect, it } from 'vitest';
import { FlowSchema, PriorityLevelConfiguration } from '../../../generated/flowcontrol/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const said = (cluster: TestCluster, name: string): string => {
  const [condition] = cluster.get(FlowSchema, name).status?.conditions ?? [];
  return `${condition?.type} ${condition?.status} ${condition?.reason}: ${condition?.message}`;
};

it('says of a schema whether its level is missing, and again when that comes and goes', async () => {
  const cluster = await createCluster();
  await cluster.create(
    new FlowSchema({
      metadata: { name: 'builds' },
      spec: { priorityLevelConfiguration: { name: 'builds' } },
    }),
  );
  await cluster.settle();
  const what = 'This FlowSchema references the PriorityLevelConfiguration object named "builds"';
  const missing = `Dangling True NotFound: ${what} but there is no such object`;
  expect(said(cluster, 'builds')).toBe(missing);
  await cluster.create(
    new PriorityLevelConfiguration({
      metadata: { name: 'builds' },
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
    }),
  );
  await cluster.settle();
  expect(said(cluster, 'builds')).toBe(`Dangling False Found: ${what} and it exists`);
  await cluster.delete(PriorityLevelConfiguration, 'builds');
  await cluster.settle();
  expect(said(cluster, 'builds')).toBe(missing);
});

it('has those again that every cluster has, a minute after they went', async () => {
  const cluster = await createCluster();
  await cluster.delete(FlowSchema, 'exempt');
  await cluster.delete(PriorityLevelConfiguration, 'workload-low');
  await cluster.advance('20s');
  expect(said(cluster, 'service-accounts')).toMatch(/^Dangling True NotFound/);
  await cluster.advance('1m');
  expect(said(cluster, 'service-accounts')).toMatch(/^Dangling False Found/);
  expect(cluster.get(FlowSchema, 'exempt').spec?.matchingPrecedence).toBe(1);
});

it('leaves those alone that every cluster has', async () => {
  const cluster = await createCluster();
  await cluster.settle();
  for (const { metadata, status } of cluster.list(FlowSchema)) {
    expect([metadata.name, status?.conditions?.[0]?.reason]).toEqual([metadata.name, 'Found']);
    expect(metadata.generation).toBe(1);
  }
  expect(cluster.list(FlowSchema)).toHaveLength(11);
  expect(cluster.list(PriorityLevelConfiguration)).toHaveLength(8);
});
