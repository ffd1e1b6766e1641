import { beforeEach, describe, expect, it } from 'vitest';
import { leases } from '../../../../generated/coordination/v1/resources.ts';
import {
  nodes,
  persistentvolumeclaims,
  pods,
  serviceaccounts,
} from '../../../../generated/core/v1/resources.ts';
import { csinodes } from '../../../../generated/storage/v1/resources.ts';
import { type Client, createClient } from '../../../client/index.ts';
import { localTransport } from '../../../cluster/local-transport.ts';
import type { ResourceRef } from '../../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };

let bench: Bench;
let node: Client;

function kubelet(name: string): Client {
  return createClient(localTransport(bench.server), {
    user: { name: `system:node:${name}`, groups: ['system:nodes', 'system:authenticated'] },
    cause: { component: 'tests', record: 0 },
  });
}

beforeEach(async () => {
  bench = await serverForTests();
  node = kubelet('n1');
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
});

const said = async (doing: Promise<unknown>): Promise<string> =>
  ((await refusal(doing)) as { message: string }).message;

/** What a kubelet makes at a subresource of an object in `default`. */
async function connect(
  resource: ResourceRef,
  name: string,
  subresource: string,
  body: object,
): Promise<{ code: number; message: string }> {
  const user = { name: 'system:node:n1', groups: ['system:nodes'] };
  const cause = { component: 'tests', record: 0 };
  const wish = { verb: 'create', resource, ...IN, name, subresource, body, user, cause } as const;
  const { code, object } = await bench.server.request(wish);
  return { code, message: (object as { message?: string }).message ?? '' };
}

const named = (name: string, more: object = {}): never =>
  ({ metadata: { name, ...more } }) as never;

describe('its Node', () => {
  it('is the only one that a kubelet writes', async () => {
    await node.create(nodes, named('n1'));
    expect(await said(node.create(nodes, named('n2')))).toBe(
      'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
    );
    await bench.client.create(nodes, named('n2'));
    expect(await refusal(node.delete(nodes, { name: 'n2' }))).toMatchObject({ code: 403 });
  });

  it.each([
    ['node-restriction.kubernetes.io/trusted', true],
    ['my.node-restriction.kubernetes.io/trusted', true],
    ['node-role.kubernetes.io/worker', true],
    ['pool.k8s.io/x', true],
    ['topology.kubernetes.io/zone', false],
    ['node.kubernetes.io/instance-type', false],
    ['gpu.kubelet.kubernetes.io/x', false],
    ['example.com/x', false],
    ['plain', false],
  ])('and the label %s: refused %s', async (label, isRefused) => {
    const made = node.create(nodes, named('n1', { labels: { [label]: 'x' } }));
    if (!isRefused) return void (await made);
    expect(await said(made)).toContain(
      `node "n1" is not allowed to set the following labels: ${label}`,
    );
    await bench.client.create(nodes, named('n1', { labels: { [label]: 'x' } }));
    const change = node.patch(nodes, { name: 'n1' }, named('n1', { labels: { [label]: null } }));
    expect(await said(change)).toContain(`is not allowed to modify labels: ${label}`);
  });

  it('keeps its taints and owners', async () => {
    const live = await node.create(nodes, {
      ...(named('n1') as object),
      spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
    } as never);
    const untainted = node.update(nodes, { ...(live as object), spec: {} } as never);
    expect(await said(untainted)).toContain('node "n1" is not allowed to modify taints');
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
    const owned = node.patch(nodes, { name: 'n1' }, named('n1', { ownerReferences: [owner] }));
    expect(await said(owned)).toContain('not allowed to modify ownerReferences');
    await node.updateStatus(nodes, {
      ...(live as object),
      status: { capacity: { cpu: '1' } },
    } as never);
  });
});

describe('what bears its name', () => {
  it.each<[string, ResourceRef, object, string]>([
    ['lease', leases, { namespace: 'kube-node-lease' }, 'node lease'],
    ['CSINode', csinodes, {}, 'CSINode'],
  ])('a %s', async (_, resource, where, what) => {
    const body = (name: string): never =>
      ({
        metadata: { name, ...where },
        spec: resource === csinodes ? { drivers: [] } : {},
      }) as never;
    await node.create(resource as never, body('n1'));
    expect(await said(node.create(resource as never, body('n2')))).toContain(
      `can only access ${what} with the same name as the requesting node`,
    );
  });

  it('leases nowhere else', async () => {
    expect(await said(node.create(leases, named('n1', IN)))).toContain(
      'can only access leases in the "kube-node-lease" system namespace',
    );
  });
});

describe('a pod', () => {
  const pod = (name: string, nodeName: string): never =>
    ({
      metadata: { name, ...IN },
      spec: { nodeName, containers: [{ name: 'c', image: 'i' }] },
    }) as never;
  const token = (spec: object) => connect(serviceaccounts, 'default', 'token', { spec });

  beforeEach(async () => {
    await bench.client.create(nodes, named('n1'));
    await bench.client.create(pods, pod('mine', 'n1'));
    await bench.client.create(pods, pod('other', 'n2'));
  });

  it('has its status from its own node, without changes of labels', async () => {
    const read = (name: string): Promise<object> =>
      bench.client.get(pods, name, 'default') as never;
    const status = { phase: 'Running' };
    await node.updateStatus(pods, { ...(await read('mine')), status } as never);
    expect(
      await said(node.updateStatus(pods, { ...(await read('other')), status } as never)),
    ).toContain('node "n1" can only update pod status for pods with spec.nodeName set to itself');
  });

  it('is changed by no kubelet', async () => {
    const change = node.patch(pods, { name: 'mine', ...IN }, named('mine', { labels: { a: 'b' } }));
    expect(await said(change)).toContain('unexpected operation "UPDATE"');
  });

  it('is evicted by its own', async () => {
    const evict = (name: string) => connect(pods, name, 'eviction', { metadata: { name, ...IN } });
    expect((await evict('other')).message).toContain(
      'node n1 can only evict pods with spec.nodeName set to itself',
    );
    expect((await evict('mine')).code).toBe(201);
  });

  it('is what tokens are bound to', async () => {
    const bound = async (name: string): Promise<object> => {
      const { metadata } = await bench.client.get(pods, name, 'default');
      return { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: metadata?.uid } };
    };
    const audiences = ['https://kubernetes.default.svc'];
    expect((await token({ audiences })).message).toContain(
      'node requested token not bound to a pod',
    );
    expect((await token(await bound('other'))).message).toContain(
      'bound to a pod scheduled on a different node',
    );
    expect((await token({ ...(await bound('mine')), audiences: ['vault'] })).message).toContain(
      'audience "vault" not found in pod spec volume, system:node:n1 is not authorized',
    );
    expect((await token(await bound('mine'))).code).toBe(201);
  });
});

it('says of a claim only how large it is', async () => {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const claim = await bench.client.create(persistentvolumeclaims, {
    metadata: { name: 'data', ...IN },
    spec,
  } as never);
  const write = (status: object): Promise<unknown> =>
    node.updateStatus(persistentvolumeclaims, { ...(claim as object), status } as never);
  expect(await said(write({ phase: 'Bound' }))).toContain(
    'not allowed to update fields other than',
  );
  await write({ phase: 'Pending', capacity: { storage: '1Gi' } });
});

it('is asked of kubelets alone, and of those that say which they are', async () => {
  const nameless = kubelet('');
  expect(await said(nameless.create(nodes, named('n1')))).toContain(
    'could not determine node from user "system:node:"',
  );
});
