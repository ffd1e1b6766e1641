import { expect, it } from 'vitest';
import { componentstatuses } from '../../generated/core/v1/resources.ts';
import type { ComponentStatus } from '../../generated/core/v1/types.ts';
import { refusal, serverForTests } from './server.fakes.ts';

it('works out the statuses of components when they are read, and stores none', async () => {
  const { client, server } = await serverForTests();
  server.askHealth(() => [{ name: 'scheduler', error: 'gone' }, { name: 'controller-manager' }]);
  const { items } = await client.list(componentstatuses);
  expect(items.map(({ metadata }) => metadata.name)).toEqual([
    'controller-manager',
    'etcd-0',
    'scheduler',
  ]);
  const { conditions } = await client.get(componentstatuses, 'scheduler');
  expect(conditions).toEqual([{ type: 'Healthy', status: 'False', message: 'gone' }]);
  const chosen = await client.list(componentstatuses, { fieldSelector: 'metadata.name=etcd-0' });
  expect(chosen.items).toHaveLength(1);
  expect(await refusal(client.get(componentstatuses, 'kubelet'))).toMatchObject({ code: 404 });
  const made = client.create(componentstatuses, { metadata: { name: 'mine' } } as ComponentStatus);
  expect(await refusal(made)).toMatchObject({ code: 405 });
});
