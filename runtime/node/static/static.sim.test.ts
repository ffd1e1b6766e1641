import { describe, expect, it } from 'vitest';
import { Behaviour, Cluster } from '../../../generated/cluster/v1/index.ts';
import type { ClusterSpec, NodePool } from '../../../generated/cluster/v1/types.ts';
import { Namespace, Node, Pod } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

type StaticPods = NonNullable<NodePool['staticPods']>;

const proxy = (image = 'proxy:1', name = 'proxy') =>
  ({
    metadata: { name, namespace: 'kube-system', labels: { app: 'proxy' } },
    spec: { containers: [{ name: 'main', image }] },
  }) as unknown as StaticPods[number];

async function start(staticPods: StaticPods, more: Partial<NodePool> = {}): Promise<TestCluster> {
  const cluster = await createCluster();
  await change(cluster, staticPods, more);
  await cluster.settle();
  return cluster;
}

async function change(
  cluster: TestCluster,
  staticPods: StaticPods,
  more: Partial<NodePool> = {},
): Promise<void> {
  const nodePools = [{ name: 'worker', ...more, staticPods }];
  const spec = { nodePools, images: [{ name: '*', pull: '1s' }] } as ClusterSpec;
  await cluster.apply(new Cluster({ metadata: { name: 'default' }, spec }));
}

const mirror = (cluster: TestCluster, name = 'proxy-worker-0') =>
  cluster.find(Pod, name, 'kube-system');
const container = (cluster: TestCluster) => mirror(cluster)?.status?.containerStatuses?.[0];

describe('a static pod', () => {
  it('runs on every node of its pool and is shown by a mirror that its node owns', async () => {
    const cluster = await start([proxy()], { count: 2, namePrefix: 'edge' });
    const names = cluster.list(Pod).map(({ metadata }) => metadata.name);
    expect(names).toEqual(['proxy-edge-0', 'proxy-edge-1']);
    const pod = mirror(cluster, 'proxy-edge-1')!;
    const { uid } = cluster.get(Node, 'edge-1').metadata;
    expect(pod.status?.phase).toBe('Running');
    expect(pod.spec?.nodeName).toBe('edge-1');
    expect(pod.spec?.tolerations).toContainEqual({ effect: 'NoExecute', operator: 'Exists' });
    expect(pod.spec?.serviceAccountName).toBeUndefined();
    expect(pod.metadata.labels).toEqual({ app: 'proxy' });
    expect(pod.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', controller: true, kind: 'Node', name: 'edge-1', uid },
    ]);
    const said = pod.metadata.annotations ?? {};
    expect(said['kubernetes.io/config.hash']).toMatch(/^[0-9a-f]{32}$/);
    expect(said['kubernetes.io/config.mirror']).toBe(said['kubernetes.io/config.hash']);
    expect(said['kubernetes.io/config.source']).toBe('file');
    expect(said['kubernetes.io/config.seen']).toMatch(/^\d{4}-/);
    expect(mirror(cluster, 'proxy-edge-0')?.metadata.annotations).not.toEqual(said);
  });

  it('goes on when its mirror is deleted, which is made again', async () => {
    const cluster = await start([proxy()]);
    const before = mirror(cluster)!;
    const running = container(cluster);
    await cluster.advance('1m');
    await cluster.delete(Pod, 'proxy-worker-0', 'kube-system');
    await cluster.settle();
    const after = mirror(cluster)!;
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(container(cluster)).toEqual(running);
    expect(after.status?.startTime).toBe(before.status?.startTime);
    expect(after.status?.qosClass).toBe('BestEffort');
  });

  it('starts anew as another pod when its manifest changes, once the old one has ended', async () => {
    const cluster = await start([proxy()]);
    const before = mirror(cluster)!.metadata;
    await change(cluster, [proxy('proxy:2')]);
    await cluster.cluster.drain();
    expect(mirror(cluster)?.metadata.uid).toBe(before.uid);
    await cluster.settle();
    const { metadata, status } = mirror(cluster)!;
    expect(metadata.annotations?.['kubernetes.io/config.hash']).not.toBe(
      before.annotations?.['kubernetes.io/config.hash'],
    );
    expect(status?.phase).toBe('Running');
    expect(status?.containerStatuses?.[0]).toMatchObject({ image: 'proxy:2', restartCount: 0 });
    expect(cluster.events('proxy-worker-0').map(({ reason }) => reason)).toContain('Killing');
  });

  it('stops when its manifest goes, and takes its mirror along', async () => {
    const cluster = await start([proxy(), proxy('other:1', 'other')]);
    await change(cluster, [proxy('other:1', 'other')]);
    await cluster.settle();
    expect(cluster.list(Pod).map(({ metadata }) => metadata.name)).toEqual(['other-worker-0']);
  });

  it('ends with its node', async () => {
    const cluster = await start([proxy()]);
    await change(cluster, [proxy()], { count: 0 });
    await cluster.settle();
    expect([cluster.list(Node), cluster.list(Pod)]).toEqual([[], []]);
  });

  it('is restarted as its behaviour says, and events about it carry its own uid', async () => {
    const cluster = await start([]);
    const exits = [{ times: 1, after: '5s', code: 3 }];
    await cluster.create(
      new Behaviour({
        metadata: { name: 'flaky', namespace: 'kube-system' },
        spec: { selector: { matchLabels: { app: 'proxy' } }, exit: exits } as never,
      }),
    );
    await change(cluster, [proxy()]);
    await cluster.advance('1m');
    expect(container(cluster)).toMatchObject({ restartCount: 1, ready: true });
    const uids = cluster.events('proxy-worker-0').map(({ involvedObject }) => involvedObject.uid);
    const hash = mirror(cluster)!.metadata.annotations?.['kubernetes.io/config.hash'];
    expect(new Set(uids)).toEqual(new Set([hash]));
  });

  it('waits for the namespace of its mirror, and runs meanwhile', async () => {
    const pod = proxy();
    const cluster = await start([]);
    const away = { ...pod, metadata: { ...pod.metadata, namespace: 'late' } };
    await change(cluster, [away]);
    await cluster.advance('30s');
    expect(cluster.list(Pod)).toEqual([]);
    await cluster.create(new Namespace({ metadata: { name: 'late' } }));
    await cluster.settle();
    const shown = cluster.get(Pod, 'proxy-worker-0', 'late');
    const startedMs = Date.parse(
      shown.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '',
    );
    expect(startedMs).toBeLessThan(Date.parse(shown.metadata.creationTimestamp ?? ''));
  });
});

describe('a node that is cut off', () => {
  it('keeps its static pods, starts new ones, and shows them when it is back', async () => {
    const cluster = await start([proxy()]);
    await cluster.inject('partition=worker-0@1s+10m');
    await cluster.advance('2s');
    await change(cluster, [proxy('proxy:2')]);
    await cluster.advance('8m');
    const seen = mirror(cluster)!;
    expect(seen.spec?.containers[0]?.image).toBe('proxy:1');
    expect(cluster.get(Node, 'worker-0').spec?.taints?.length).toBeGreaterThan(0);
    await cluster.settle();
    const back = mirror(cluster)!;
    expect(back.spec?.containers[0]?.image).toBe('proxy:2');
    expect(back.status?.phase).toBe('Running');
    const startedMs = Date.parse(container(cluster)?.state?.running?.startedAt ?? '');
    expect(startedMs).toBeLessThan(cluster.now - 60_000);
    expect(cluster.get(Node, 'worker-0').spec?.taints).toBeUndefined();
  });
});

describe('a node that has no Node in the API', () => {
  const startedMs = (cluster: TestCluster): number =>
    Date.parse(container(cluster)?.state?.running?.startedAt ?? '');

  it('runs its static pods from the start, and shows them once it reaches the server', async () => {
    const cluster = await createCluster({ faults: ['partition=*+5m'] });
    const beganMs = cluster.now;
    await change(cluster, [proxy()]);
    await cluster.advance('4m');
    expect([cluster.list(Node), cluster.list(Pod)]).toEqual([[], []]);
    await cluster.settle();
    expect(mirror(cluster)?.status?.phase).toBe('Running');
    expect(startedMs(cluster)).toBeLessThan(beganMs + 10_000);
    const told = cluster.events('worker-0').map(({ reason }) => reason);
    expect(told).toContain('Starting');
    const started = cluster.events('proxy-worker-0').find(({ reason }) => reason === 'Started');
    expect(Date.parse(started?.firstTimestamp ?? '')).toBe(startedMs(cluster));
  });

  it('as it must not register, runs them all the same, until somebody makes one for it', async () => {
    const cluster = await createCluster();
    const nodePools = [{ name: 'worker', staticPods: [proxy()] }];
    const spec = { nodePools, kubelet: { registerNode: false } } as ClusterSpec;
    await cluster.apply(new Cluster({ metadata: { name: 'default' }, spec }));
    const beganMs = cluster.now;
    await cluster.advance('4m');
    expect([cluster.list(Node), cluster.list(Pod)]).toEqual([[], []]);
    await cluster.create(new Node({ metadata: { name: 'worker-0' } }));
    await cluster.settle();
    expect(mirror(cluster)?.status?.phase).toBe('Running');
    expect(startedMs(cluster)).toBeLessThan(beganMs + 10_000);
  });

  it('forgets them with its pool', async () => {
    const cluster = await createCluster({ faults: ['partition=*+5m'] });
    await change(cluster, [proxy()]);
    await cluster.advance('1m');
    await change(cluster, [proxy()], { count: 0 });
    await cluster.settle();
    expect([cluster.list(Node), cluster.list(Pod)]).toEqual([[], []]);
  });
});

describe('a machine that is switched off', () => {
  it('runs its static pods again once it boots', async () => {
    const cluster = await start([proxy()]);
    await cluster.inject('node=worker-0@1s+2m');
    await cluster.settle();
    expect(mirror(cluster)?.status?.phase).toBe('Running');
    expect(container(cluster)).toMatchObject({ restartCount: 1, ready: true });
  });
});

describe('a static pod that refers to the API', () => {
  const withSecret = (): StaticPods[number] => {
    const pod = proxy();
    const volumes = [{ name: 'keys', projected: { sources: [{ secret: { name: 'k' } }] } }];
    return { ...pod, spec: { ...pod.spec, volumes } } as never;
  };

  it('is refused with the Cluster, which stays as it was', async () => {
    const cluster = await start([proxy()]);
    await expect(change(cluster, [proxy(), withSecret()])).rejects.toThrow(
      'spec.nodePools[0].staticPods[1].spec.volumes[0].projected.sources[0].secret: Forbidden: static pods may not reference secrets',
    );
    expect(cluster.list(Pod)).toHaveLength(1);
  });

  it('and one that is no pod at all, with the field', async () => {
    const cluster = await start([]);
    await expect(change(cluster, [proxy(), proxy('', 'UPPER')])).rejects.toThrow(
      /staticPods\[1\].spec.containers\[0\].image: Required/,
    );
  });
});

describe('a mirror that shows nothing', () => {
  it('is cleared away by its node', async () => {
    const cluster = await start([]);
    const annotations = { 'kubernetes.io/config.mirror': 'abc' };
    const spec = { nodeName: 'worker-0', containers: [{ name: 'main', image: 'web:1' }] };
    await cluster.create(new Pod({ metadata: { name: 'ghost', annotations }, spec } as never));
    await cluster.settle();
    expect(cluster.find(Pod, 'ghost')).toBeUndefined();
  });
});

it('a fork goes its own way, and runs repeat', async () => {
  const cluster = await start([proxy()]);
  const fork = await cluster.cluster.fork();
  await change(cluster, []);
  await cluster.settle();
  await fork.settle();
  expect(cluster.list(Pod)).toEqual([]);
  expect(fork.transport.lister(Pod.resource).list()).toHaveLength(1);
  const [one, two] = [await start([proxy()]), await start([proxy()])];
  expect(one.journalHash).toBe(two.journalHash);
});
