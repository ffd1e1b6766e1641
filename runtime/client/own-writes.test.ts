import { expect, it } from 'vitest';
import type { ApiRequest, ApiResponse, KubeObject } from '../meta/index.ts';
import { OwnWrites, type Sight } from './own-writes.ts';
import type { Transport } from './transport.ts';

const resource = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
const answer = (resourceVersion: string, code = 201): ApiResponse => ({
  code,
  object: {
    apiVersion: 'v1',
    kind: code < 400 ? 'Pod' : 'Status',
    metadata: { name: 'a', namespace: 'n', resourceVersion },
  } as KubeObject,
});
const request = { verb: 'create', resource } as unknown as ApiRequest;

/** What a component sees: versions by key, and what its watch has told. */
function sight(version: number | undefined, told = 0): Sight {
  return { versionOf: () => version, told: () => told };
}

async function written(response: ApiResponse, seen: Sight): Promise<OwnWrites> {
  const own = new OwnWrites();
  const transport = { request: () => response } as unknown as Transport;
  await own.noting(transport).request(request);
  own.settle('n/owner', seen, 0);
  return own;
}

it('waits for what is written until the lister has it, or the watch has told of later', async () => {
  const own = await written(answer('7'), sight(0));
  expect(own.isSeen('n/other', sight(0), 1)).toBe(true);
  expect(own.isSeen('n/owner', sight(0), 1)).toBe(false);
  expect(own.clone().isSeen('n/owner', sight(7), 1)).toBe(true);
  expect(own.clone().isSeen('n/owner', sight(0, 8), 1)).toBe(true);
  expect(own.isSeen('n/owner', sight(0), 300_000)).toBe(true);
});

it('does not wait for what is seen at once, was refused, or is not watched', async () => {
  for (const own of [
    await written(answer('7'), sight(7)),
    await written(answer('7', 409), sight(0)),
    await written(answer('7'), sight(undefined)),
  ])
    expect(own.isSeen('n/owner', sight(0), 1)).toBe(true);
});
