import { expect, it } from 'vitest';
import { ClusterRole } from '../../../generated/rbac/v1/index.ts';
import { createCluster } from '../../testing/index.ts';

const CRONS = { apiGroups: ['example.com'], resources: ['crontabs'], verbs: ['get', 'list'] };
const TO_VIEW = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };

const viewer = (labels: Record<string, string> = TO_VIEW) =>
  new ClusterRole({ metadata: { name: 'crontab-viewer', labels }, rules: [CRONS] });

it('fills view, edit and admin, each with all of the one below', async () => {
  const cluster = await createCluster();
  const [view = [], edit = [], admin = []] = ['view', 'edit', 'admin'].map(
    (name) => cluster.get(ClusterRole, name).rules,
  );
  expect(view.length).toBeGreaterThan(5);
  expect(edit).toEqual(expect.arrayContaining([...view]));
  expect(admin).toEqual(expect.arrayContaining([...edit]));
  expect(view).not.toContainEqual(expect.objectContaining({ resources: ['secrets'] }));
});

it('passes what joins view on to edit and admin, and takes it back', async () => {
  const cluster = await createCluster();
  await cluster.create(viewer());
  await cluster.settle();
  for (const name of ['view', 'edit', 'admin'])
    expect(cluster.get(ClusterRole, name).rules).toContainEqual(CRONS);
  const { metadata } = cluster.get(ClusterRole, 'crontab-viewer');
  await cluster.client.update(ClusterRole.resource, {
    ...viewer({}),
    metadata: { ...metadata, labels: {} },
  });
  await cluster.settle();
  for (const name of ['view', 'edit', 'admin'])
    expect(cluster.get(ClusterRole, name).rules).not.toContainEqual(CRONS);
});

it('mends rules that somebody else wrote, and leaves labels to their owner', async () => {
  const cluster = await createCluster();
  const before = cluster.get(ClusterRole, 'view').rules;
  const change = { metadata: { labels: { mine: 'yes' } }, rules: [CRONS] };
  await cluster.client.patch(ClusterRole.resource, { name: 'view' }, change);
  await cluster.settle();
  const { metadata, rules } = cluster.get(ClusterRole, 'view');
  expect(rules).toEqual(before);
  expect(metadata.labels).toMatchObject({ mine: 'yes' });
});
