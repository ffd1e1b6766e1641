import { expect, it } from 'vitest';
import { configmaps } from '../../generated/core/v1/resources.ts';
import type { ConfigMap } from '../../generated/core/v1/types.ts';
import { refusal, serverForTests } from './server.fakes.ts';

const NOTE = 'kubectl.kubernetes.io/last-applied-configuration';
const AT = { name: 'c', namespace: 'default' };
const config = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...AT },
  data,
});

/** A map that client-side apply made and noted, and that somebody has changed one key of since. */
async function afterClientSide() {
  const { as, server } = await serverForTests();
  const said = config({ kept: '1', other: '1' });
  const metadata = { ...AT, annotations: { [NOTE]: `${JSON.stringify(said)}\n` } };
  await as('kubectl-client-side-apply').create(configmaps, { ...said, metadata });
  await as('editor').patch(configmaps, AT, { data: { other: 'edited' } });
  const apply = (manager: string, data: Record<string, string>) =>
    as(manager).apply(configmaps, config(data), { fieldManager: manager });
  const get = () => as('tests').get(configmaps, AT.name, AT.namespace);
  return { apply, get, server };
}

it('lets kubectl apply go on from the client to the server, and back', async () => {
  const { apply, get } = await afterClientSide();
  await apply('kubectl', { kept: '2' });
  const { data, metadata } = await get();
  expect(data).toEqual({ kept: '2', other: 'edited' });
  expect(metadata.annotations?.[NOTE]).toBe(
    '{"apiVersion":"v1","data":{"kept":"2"},"kind":"ConfigMap","metadata":{"name":"c","namespace":"default"}}\n',
  );
});

it('gives it no more than is still as it had been applied', async () => {
  const { apply, get } = await afterClientSide();
  const refused = await refusal(apply('kubectl', { kept: '2', other: '2' }));
  expect(refused).toMatchObject({
    message: 'Apply failed with 1 conflict: conflict with "editor" using v1: .data.other',
  });
  expect((await get()).data?.kept).toBe('1');
});

it('is for kubectl alone: who applies under another name starts anew', async () => {
  const { apply, get } = await afterClientSide();
  const { metadata: before } = await get();
  expect(await refusal(apply('mine', { kept: '2' }))).toMatchObject({ reason: 'Conflict' });
  await apply('mine', { kept: '1' });
  expect((await get()).metadata.annotations).toEqual(before.annotations);
});
