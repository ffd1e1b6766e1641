import { expect, it } from 'vitest';
import { Job } from '../../../generated/batch/v1/index.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Pod } from '../../../generated/core/v1/index.ts';
import { createCluster } from '../../testing/index.ts';

const job = (name: string, ttl?: number): Job =>
  new Job({
    metadata: { name },
    spec: {
      ...(ttl === undefined ? {} : { ttlSecondsAfterFinished: ttl }),
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'work:1' }] } },
    },
  });

it('deletes Jobs with their pods when their time is up', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new Behaviour({
      metadata: { name: 'work' },
      spec: { image: 'work:*', exit: [{ after: '1s', code: 0 }] },
    }),
    job('kept'),
    job('short', 60),
    job('saved', 60),
  );
  await cluster.advance('50s');
  await cluster.patch(Job, 'saved', { spec: { ttlSecondsAfterFinished: 3600 } });
  const names = () => cluster.list(Job).map(({ metadata }) => metadata.name);
  expect(names()).toEqual(['kept', 'saved', 'short']);
  await cluster.advance('1m');
  expect(names()).toEqual(['kept', 'saved']);
  expect(cluster.list(Pod)).toHaveLength(2);
  await cluster.advance('1h');
  expect(names()).toEqual(['kept']);
});
