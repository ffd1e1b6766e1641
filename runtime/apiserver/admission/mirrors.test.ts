import { beforeEach, describe, expect, it } from 'vitest';
import { nodes, pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Client, createClient } from '../../client/index.ts';
import { localTransport } from '../../cluster/local-transport.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const IN = { namespace: 'default' };

let bench: Bench;
let node: Client;
let uid: string;

beforeEach(async () => {
  bench = await serverForTests();
  const made = await bench.client.create(nodes, { metadata: { name: 'n1' } } as never);
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  uid = made.metadata.uid ?? '';
  node = createClient(localTransport(bench.server), {
    user: { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] },
    cause: { component: 'tests', record: 0 },
  });
});

interface Change {
  readonly metadata?: object;
  readonly spec?: object;
}

function mirror({ metadata, spec }: Change = {}): Pod {
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true };
  return {
    metadata: {
      name: 'm',
      ...IN,
      annotations: { [MIRROR]: 'abc' },
      ownerReferences: [owner],
      ...metadata,
    },
    spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'web:1' }], ...spec },
  } as never;
}

const refused = async (change: Change, client = node): Promise<string> =>
  ((await refusal(client.create(pods, mirror(change)))) as { message: string }).message;

describe('a mirror pod', () => {
  it('is made by its node, and gets no service account', async () => {
    const { spec } = await node.create(pods, mirror());
    expect([spec?.serviceAccountName, spec?.volumes]).toEqual([undefined, undefined]);
  });

  it.each([
    ['reference service accounts', { serviceAccountName: 'default' }],
    ['reference secrets', { imagePullSecrets: [{ name: 's' }] }],
    ['reference secrets', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }],
    [
      'use ServiceAccountToken volume projections',
      {
        volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }],
      },
    ],
  ])('may not %s', async (what, spec) => {
    expect(await refused({ spec }, bench.client)).toBe(
      `pods "m" is forbidden: a mirror pod may not ${what}`,
    );
  });

  it.each([
    ['configmaps', { volumes: [{ name: 'v', configMap: { name: 'c' } }] }],
    [
      'persistentvolumeclaims',
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] },
    ],
  ])('that its node makes may not refer to %s', async (what, spec) => {
    expect(await refused({ spec })).toContain(`can not create pods that reference ${what}`);
  });

  it.each([
    ['annotation, node "n1" can only create mirror pods', { annotations: {} }],
    ['with an owner reference set to itself', { ownerReferences: [] }],
    [
      'UID mismatch: expected x got',
      {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'x', controller: true },
        ],
      },
    ],
  ])('is the only pod that a node makes: %s', async (what, metadata) => {
    expect(await refused({ metadata })).toContain(what);
  });

  it('stands on the node that makes it', async () => {
    expect(await refused({ spec: { nodeName: 'n2' } })).toContain('spec.nodeName set to itself');
    expect(await refused({ spec: { nodeName: undefined } }, bench.client)).toContain(
      'must set spec.nodeName if mirror pod annotation is set',
    );
  });

  it('stays what it is, and a pod that is none becomes none', async () => {
    await node.create(pods, mirror());
    const change = (annotations: object): Promise<unknown> =>
      bench.client.patch(pods, { name: 'm', ...IN }, { metadata: { annotations } } as never);
    const field = `metadata.annotations[${MIRROR}]`;
    expect(await refusal(change({ [MIRROR]: null }))).toMatchObject({
      message: expect.stringContaining('may not remove or update mirror pod annotation'),
      fields: [field],
    });
    expect(await refusal(change({ [MIRROR]: 'other' }))).toMatchObject({ fields: [field] });
    await change({ note: 'x' });
  });

  it('is deleted by its own node alone, of all nodes', async () => {
    await node.create(pods, mirror());
    const other = createClient(localTransport(bench.server), {
      user: { name: 'system:node:n2', groups: ['system:nodes'] },
      cause: { component: 'tests', record: 0 },
    });
    const target = { name: 'm', ...IN };
    expect(await refusal(other.delete(pods, target))).toMatchObject({ code: 403 });
    await node.delete(pods, target, { gracePeriodSeconds: 0 });
  });
});
