import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../generated/core/v1/types.ts';
import { webPod } from './pod-life.fakes.ts';
import { FakeServer } from './server.fakes.ts';

function pool(count: number, more: object = {}): object {
  return {
    apiVersion: 'cluster.slipway.dev/v1',
    kind: 'Cluster',
    metadata: { name: 'default', uid: 'c1' },
    spec: { nodePools: [{ name: 'worker', count, zones: ['a', 'b'], ...more }] },
  };
}

function podOn(node: string, name: string, spec: Partial<Pod['spec']> = {}): Pod {
  const pod = webPod({ ...spec, nodeName: node });
  return { ...pod, metadata: { ...pod.metadata, name, uid: `uid-${name}` } };
}

const nodeOf = (server: FakeServer, name: string): Node =>
  server.objects('nodes').get(name) as unknown as Node;
const podOf = (server: FakeServer, name: string): Pod =>
  server.objects('pods').get(`shop/${name}`) as unknown as Pod;
const reasons = (server: FakeServer, kind: string): unknown[] =>
  [...server.objects('events').values()]
    .filter((each) => (each.involvedObject as { kind: string }).kind === kind)
    .map((each) => each.reason);

describe('node pools', () => {
  it('register their nodes, ready, zones in turn', async () => {
    const server = new FakeServer();
    server.put(
      'clusters.cluster.slipway.dev',
      pool(3, { reserved: { cpu: '200m', memory: '1Gi' } }),
    );
    server.startNodes();
    await server.advance(0);
    expect([...server.objects('nodes').keys()]).toEqual(['worker-0', 'worker-1', 'worker-2']);
    const { metadata, status } = nodeOf(server, 'worker-1');
    expect(metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'worker-1',
      'topology.kubernetes.io/zone': 'b',
    });
    expect(status?.allocatable).toEqual({
      cpu: '3800m',
      'ephemeral-storage': '96636764000',
      memory: '15260Mi',
      pods: '110',
    });
    expect(status?.conditions?.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
      'MemoryPressure=False',
      'DiskPressure=False',
      'PIDPressure=False',
      'Ready=True',
    ]);
    expect(server.objects('leases.coordination.k8s.io').size).toBe(3);
    expect(reasons(server, 'Node').slice(0, 6)).toEqual([
      'Starting',
      'NodeHasSufficientMemory',
      'NodeHasNoDiskPressure',
      'NodeHasSufficientPID',
      'NodeAllocatableEnforced',
      'NodeReady',
    ]);
    expect(server.requests.every(({ cause }) => cause.component === 'kubelet')).toBe(true);
  });

  it('say which storage drivers run on their nodes, and leave those of others alone', async () => {
    const server = new FakeServer();
    const disk = {
      name: 'disk.test',
      topologyKeys: ['topology.kubernetes.io/zone'],
      volumesMax: 8,
    };
    server.put('clusters.cluster.slipway.dev', pool(1, { drivers: [disk] }));
    server.startNodes();
    await server.advance(0);
    const said = () => server.objects('csinodes.storage.k8s.io').get('worker-0');
    const own = {
      name: 'disk.test',
      nodeID: 'worker-0',
      topologyKeys: ['topology.kubernetes.io/zone'],
      allocatable: { count: 8 },
    };
    expect(said()).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Node', name: 'worker-0' }] },
      spec: { drivers: [own] },
    });
    const foreign = { name: 'else.test', nodeID: 'w0' };
    server.put(
      'csinodes.storage.k8s.io',
      { ...said()!, spec: { drivers: [own, foreign] } },
      'MODIFIED',
    );
    server.put(
      'clusters.cluster.slipway.dev',
      pool(1, { drivers: [{ ...disk, volumesMax: 9 }] }),
      'MODIFIED',
    );
    await server.advance(60_000);
    expect(said()).toMatchObject({
      spec: { drivers: [foreign, { ...own, allocatable: { count: 9 } }] },
    });
    server.put('clusters.cluster.slipway.dev', pool(1), 'MODIFIED');
    await server.advance(0);
    expect(said()).toMatchObject({ spec: { drivers: [foreign] } });
  });

  it('give up nodes, with their pods, when they shrink', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(2));
    server.startNodes();
    await server.advance(0);
    server.put('pods', podOn('worker-1', 'web'));
    await server.advance(5_000);
    server.put('clusters.cluster.slipway.dev', pool(1), 'MODIFIED');
    await server.advance(0);
    expect([...server.objects('nodes').keys()]).toEqual(['worker-0']);
    expect(server.objects('pods').size).toBe(0);
  });

  it('leave a Node alone that asks for no kubelet, and adopt others', async () => {
    const server = new FakeServer();
    const node = (name: string, annotations = {}): object => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, annotations },
    });
    server.put('nodes', node('mine', { 'cluster.slipway.dev/kubelet': 'none' }));
    server.put('nodes', node('yours'));
    server.startNodes();
    await server.advance(60_000);
    expect(nodeOf(server, 'mine').status).toBeUndefined();
    expect(nodeOf(server, 'yours').status?.capacity).toMatchObject({ cpu: '4', memory: '16Gi' });
  });
});

describe('heartbeats', () => {
  it('renew every lease each 10 s and post the status each 5 min', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(20));
    server.startNodes();
    await server.advance(10_000);
    server.requests.length = 0;
    await server.advance(600_000);
    const renewals = server.requests.filter(({ resource }) => resource.resource === 'leases');
    const reports = server.requests.filter(({ subresource }) => subresource === 'status');
    expect(renewals.length).toBe(20 * 60);
    expect(reports.length).toBe(20 * 2);
    expect(server.loop.workTimerCount).toBe(0);
  });

  it('stop while a node is down, and its pods stay as they are', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    const nodes = server.startNodes();
    await server.advance(0);
    server.put('pods', podOn('worker-0', 'web'));
    nodes.afflict({ id: 'cut', record: 0, place: { node: 'worker-0' }, kind: 'cut' });
    server.requests.length = 0;
    await server.advance(60_000);
    expect(server.requests).toEqual([]);
    nodes.heal('cut', 0);
    await server.advance(60_000);
    expect(podOf(server, 'web').status?.phase).toBe('Running');
  });
});

describe('pods', () => {
  it('run with an address of their node, in two status writes', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(2));
    server.startNodes();
    await server.advance(0);
    server.requests.length = 0;
    server.put('pods', podOn('worker-0', 'one'));
    server.put('pods', podOn('worker-0', 'two'));
    await server.advance(5_000);
    expect(podOf(server, 'one').status?.podIP).toBe('10.244.0.2');
    expect(podOf(server, 'two').status).toMatchObject({ podIP: '10.244.0.3', phase: 'Running' });
    const statuses = server.requests.filter(
      ({ subresource, resource }) => subresource === 'status' && resource.resource === 'pods',
    );
    expect(statuses.length).toBe(4);
    expect(statuses[0]?.user.name).toBe('system:node:worker-0');
    expect(reasons(server, 'Pod')).toEqual([
      'Pulling',
      'Pulling',
      'Pulled',
      'Created',
      'Started',
      'Pulled',
      'Created',
      'Started',
    ]);
  });

  it('that do not fit are turned away', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    server.startNodes();
    await server.advance(0);
    const big = { resources: { requests: { cpu: '3' } } };
    for (const name of ['one', 'two'])
      server.put('pods', {
        ...podOn('worker-0', name),
        spec: { nodeName: 'worker-0', containers: [{ name: 'web', image: 'a:1', ...big }] },
      });
    await server.advance(5_000);
    expect(podOf(server, 'one').status?.phase).toBe('Running');
    expect(podOf(server, 'two').status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message:
        "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000",
    });
  });

  it('may ask for resources that somebody has advertised on the node, as long as they are', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    server.startNodes();
    await server.advance(0);
    const advertise = async (more: object): Promise<object> => {
      const { status, ...node } = nodeOf(server, 'worker-0');
      const { 'example.com/dongle': _, ...capacity } = status?.capacity ?? {};
      server.put('nodes', { ...node, status: { ...status, capacity: { ...capacity, ...more } } });
      await server.advance(10_000);
      return nodeOf(server, 'worker-0').status?.allocatable ?? {};
    };
    expect(await advertise({ 'example.com/dongle': '4' })).toMatchObject({
      cpu: '4',
      'example.com/dongle': '4',
    });
    expect(nodeOf(server, 'worker-0').status?.capacity).toMatchObject({
      'example.com/dongle': '4',
    });
    expect(await advertise({})).not.toHaveProperty(['example.com/dongle']);
  });

  it('get what somebody has advertised at once, though the kubelet has no news of it', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    server.startNodes();
    await server.advance(0);
    const { status, ...node } = nodeOf(server, 'worker-0');
    const dongles = { 'example.com/dongle': '4' };
    const capacity = { ...status?.capacity, ...dongles };
    const allocatable = { ...status?.allocatable, ...dongles };
    server.put('nodes', { ...node, status: { ...status, capacity, allocatable } });
    const resources = { requests: { 'example.com/dongle': '3' } };
    const containers = [{ name: 'web', image: 'a:1', resources }];
    for (const name of ['one', 'two']) {
      const pod = podOn('worker-0', name);
      server.put('pods', { ...pod, spec: { nodeName: 'worker-0', containers } });
    }
    await server.advance(5_000);
    expect(podOf(server, 'one').status?.phase).toBe('Running');
    expect(podOf(server, 'two').status?.reason).toBe('OutOfexample.com/dongle');
  });

  it('are turned away where another pod has their host port, and not when it has ended', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    server.startNodes();
    await server.advance(0);
    const place = async (name: string, port: object): Promise<string | undefined> => {
      const ports = [{ containerPort: 80, ...port }];
      server.put('pods', {
        ...podOn('worker-0', name),
        spec: { nodeName: 'worker-0', containers: [{ name: 'web', image: 'a:1', ports }] },
      });
      await server.advance(5_000);
      return podOf(server, name).status?.reason;
    };
    expect(await place('first', { hostPort: 8080, hostIP: '192.0.2.1' })).toBeUndefined();
    expect(await place('all-addresses', { hostPort: 8080 })).toBe('NodePorts');
    expect(await place('other-address', { hostPort: 8080, hostIP: '192.0.2.2' })).toBeUndefined();
    expect(await place('other-protocol', { hostPort: 8080, protocol: 'UDP' })).toBeUndefined();
    expect(await place('no-host-port', {})).toBeUndefined();
    expect(await place('same-again', { hostPort: 8080, hostIP: '192.0.2.2' })).toBe('NodePorts');
    expect(podOf(server, 'all-addresses').status).toMatchObject({
      phase: 'Failed',
      message:
        "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    });
  });

  it('go when they are deleted, and give back what they held', async () => {
    const server = new FakeServer();
    server.put('clusters.cluster.slipway.dev', pool(1));
    const nodes = server.startNodes();
    await server.advance(0);
    server.put('pods', podOn('worker-0', 'one'));
    await server.advance(5_000);
    const resource = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
    await server.request({
      verb: 'delete',
      resource,
      namespace: 'shop',
      name: 'one',
      user: { name: 'me', groups: [] },
      cause: { component: 'test', record: 0 },
    });
    await server.advance(5_000);
    expect(server.objects('pods').size).toBe(0);
    const state = nodes.inherit();
    expect([state.pods.size, state.addresses.size]).toEqual([0, 0]);
    expect(state.used.get('worker-0')).toEqual({ pods: 0 });
  });
});

it('a fork of the state does not see what the original does next', async () => {
  const server = new FakeServer();
  server.put('clusters.cluster.slipway.dev', pool(1));
  const nodes = server.startNodes();
  await server.advance(0);
  const before = nodes.inherit();
  server.put('pods', podOn('worker-0', 'one'));
  await server.advance(5_000);
  expect(before.pods.size).toBe(0);
  expect(nodes.inherit().pods.size).toBe(1);
});
