import { describe, expect, it } from 'vitest';
import { Cluster } from '../../generated/cluster/v1/index.ts';
import type { KubeletSettings } from '../../generated/cluster/v1/types.ts';
import { Node, Pod } from '../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

async function start(kubelet: KubeletSettings = {}): Promise<TestCluster> {
  const cluster = await createCluster();
  const nodePools = [{ name: 'worker' }] as const;
  const images = [{ name: '*', pull: '3s' }] as const;
  const spec = { nodePools, images, kubelet };
  await cluster.create(new Cluster({ metadata: { name: 'default' }, spec }));
  await cluster.settle();
  return cluster;
}

const NODE = 'worker-0';

/** Somebody else writes a condition that is the kubelet's. */
async function report(cluster: TestCluster, status: 'True' | 'False'): Promise<void> {
  const patch = { status: { conditions: [{ type: 'DiskPressure', status }] } };
  await cluster.client.patch(Node.resource, { name: NODE }, patch, { subresource: 'status' });
}

const pressure = (cluster: TestCluster) =>
  cluster.get(Node, NODE).status?.conditions?.find(({ type }) => type === 'DiskPressure')?.status;

/** After how many seconds of the coming time the status was posted, to `step` seconds. */
async function posts(cluster: TestCluster, seconds: number, step = 1): Promise<number[]> {
  const found: number[] = [];
  const beat = () => cluster.get(Node, NODE).status?.conditions?.at(-1)?.lastHeartbeatTime;
  let before = beat();
  for (let at = step; at <= seconds; at += step) {
    await cluster.advance(`${step}s`);
    if (beat() !== before) found.push(at);
    before = beat();
  }
  return found;
}

describe('the status of a node', () => {
  it('is put right within ten seconds, and posted each five minutes', async () => {
    const cluster = await start();
    await report(cluster, 'True');
    await cluster.cluster.drain();
    expect(pressure(cluster)).toBe('True');
    await cluster.advance('10s');
    expect(pressure(cluster)).toBe('False');
    const [first = 0, second = 0, ...more] = await posts(cluster, 620, 10);
    expect([second - first, more]).toEqual([300, []]);
  });

  it('is looked at as often as nodeStatusUpdateFrequency says, and then posted as often too', async () => {
    const cluster = await start({ nodeStatusUpdateFrequency: '40s' });
    const [first = 0, second = 0, third = 0] = await posts(cluster, 130);
    expect([second - first, third - second]).toEqual([40, 40]);
    await report(cluster, 'True');
    await cluster.advance('9s');
    expect(pressure(cluster)).toBe('True');
    await cluster.advance('31s');
    expect(pressure(cluster)).toBe('False');
  });

  it('is posted less often than it is looked at where that is asked for', async () => {
    const settings = { nodeStatusUpdateFrequency: '20s', nodeStatusReportFrequency: '1m' } as const;
    const [first = 0, second = 0] = await posts(await start(settings), 130);
    expect(second - first).toBe(60);
  });

  it('names an image with the first update after its pull', async () => {
    const cluster = await start();
    const images = () => cluster.get(Node, NODE).status?.images?.length ?? 0;
    await cluster.create(podOf('web', 'web:1'));
    await cluster.settle();
    expect(images()).toBe(0);
    await cluster.advance('10s');
    expect(images()).toBe(1);
  });
});

const podOf = (name: string, image: string) =>
  new Pod({
    metadata: { name },
    spec: { nodeName: NODE, containers: [{ name: 'main', image }] },
  });

const pulled = (cluster: TestCluster, name: string) =>
  cluster
    .events(name)
    .filter(({ reason }) => reason === 'Pulled')
    .map(({ message }) => message?.replace(/^Successfully pulled image /, '').replace(/\. .*/, ''));

/** Three pods of two images that take three seconds each. */
async function pullThree(settings: KubeletSettings): Promise<TestCluster> {
  const cluster = await start(settings);
  await cluster.create(podOf('a', 'a:1'), podOf('b', 'b:1'), podOf('c', 'a:1'));
  await cluster.settle();
  return cluster;
}

describe('images', () => {
  it('are pulled one after the other', async () => {
    const cluster = await pullThree({});
    expect(pulled(cluster, 'a')).toEqual(['"a:1" in 3s (3s including waiting)']);
    expect(pulled(cluster, 'b')).toEqual(['"b:1" in 3s (6s including waiting)']);
    expect(pulled(cluster, 'c')).toEqual(['"a:1" in 0s (6s including waiting)']);
  });

  it('are pulled at the same time where serializeImagePulls is off', async () => {
    const cluster = await pullThree({ serializeImagePulls: false });
    for (const [name, image] of ['a:a:1', 'b:b:1', 'c:a:1'].map((each) => each.split(/:(.*)/)))
      expect(pulled(cluster, name!)).toEqual([`"${image}" in 3s (3s including waiting)`]);
  });
});

it('tell of a search line that is too long, in the domain of the cluster', async () => {
  const cluster = await start();
  await cluster.patch(Cluster, 'default', { spec: { network: { clusterDomain: 'home.example' } } });
  const searches = Array.from({ length: 30 }, (_, at) => `s${at}.example`);
  const { metadata, spec } = podOf('a', 'a:1');
  await cluster.create(new Pod({ metadata, spec: { ...spec!, dnsConfig: { searches } } }));
  await cluster.settle();
  const [event, ...more] = cluster
    .events('a')
    .filter(({ reason }) => reason === 'DNSConfigForming');
  expect(more).toEqual([]);
  expect(event).toMatchObject({ type: 'Warning' });
  expect(event?.message).toMatch(
    /^Search Line limits were exceeded, .* line is: default\.svc\.home\.example .* s28\.example$/,
  );
});

it('are of the release that the cluster is of', async () => {
  const released = async (version?: '1.21' | '1.28') => {
    const cluster = await createCluster({
      nodes: 1,
      ...(version ? { kubernetesVersion: version } : {}),
    });
    return cluster.list(Node)[0]?.status?.nodeInfo?.kubeletVersion;
  };
  expect([await released('1.21'), await released('1.28'), await released()]).toEqual([
    'v1.21.0',
    'v1.28.0',
    'v1.36.0',
  ]);
});
