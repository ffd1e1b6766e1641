import { expect, it } from 'vitest';
import { CustomResourceDefinition } from '../../generated/apiextensions/v1/index.ts';
import { createControl, Pacer } from '../cluster/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';
import { createCluster } from '../testing/index.ts';
import { ChangeLog } from './change-log.ts';

const DATABASES: ResourceRef<KubeObject> = {
  group: 'shop.example',
  version: 'v1',
  resource: 'databases',
  kind: 'Database',
  namespaced: true,
};

it('tells of objects of a kind that comes while it follows', async () => {
  const test = await createCluster();
  await test.settle();
  const { cluster } = test;
  const lines: string[] = [];
  const watched = {
    get kinds() {
      return cluster.kinds;
    },
    transport: cluster.transport,
    control: createControl(cluster, new Pacer(cluster, 'paused')),
  };
  const log = new ChangeLog(watched, (line) => lines.push(line.replace(/^\S+ +/, '')));
  log.flush(true);
  expect(lines).toEqual([]);
  await test.create(
    new CustomResourceDefinition({
      metadata: { name: 'databases.shop.example' },
      spec: {
        group: 'shop.example',
        scope: 'Namespaced',
        names: { plural: 'databases', kind: 'Database' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
              },
            },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          },
        ],
      },
    }),
  );
  await test.settle();
  log.flush(true);
  const main = {
    apiVersion: 'shop.example/v1',
    kind: 'Database',
    metadata: { name: 'main', namespace: 'default' },
    spec: { size: 3 },
  };
  await test.client.apply(DATABASES, main as never, { fieldManager: 'test' });
  log.flush(true);
  await test.client.delete(DATABASES, { namespace: 'default', name: 'main' });
  log.flush(true);
  log.close();
  expect(lines).toEqual([
    'created  CustomResourceDefinition databases.shop.example',
    'at goal  CustomResourceDefinition databases.shop.example',
    'created  APIService v1.shop.example  service Local, available True',
    'created  Database default/main  size 3',
    'deleted  Database default/main',
  ]);
});
