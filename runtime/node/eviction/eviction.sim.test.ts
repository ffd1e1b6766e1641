import { describe, expect, it } from 'vitest';
import { Deployment } from '../../../generated/apps/v1/index.ts';
import { Behaviour, Cluster } from '../../../generated/cluster/v1/index.ts';
import type { KubeletSettings, NodePool, Usage } from '../../../generated/cluster/v1/types.ts';
import { Node, Pod } from '../../../generated/core/v1/index.ts';
import type { PodSpec } from '../../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

/** No hard threshold at all. */
const OFF = { 'memory.available': '100%' } as const;

interface Setting {
  readonly pool?: Partial<NodePool>;
  readonly kubelet?: KubeletSettings;
  readonly images?: Readonly<Record<string, number>>;
}

/** One node of 4 cpu, 1Gi of memory and 10Gi of disk, unless told otherwise. Images are as large as `images` says, or 1 MB. */
async function start({ pool = {}, kubelet = {}, images = {} }: Setting = {}): Promise<TestCluster> {
  const cluster = await createCluster();
  const capacity = { cpu: '4', memory: '1Gi', 'ephemeral-storage': '10Gi' } as const;
  const sizes = Object.entries({ ...images, '*': 1e6 });
  await cluster.create(
    new Cluster({
      metadata: { name: 'default' },
      spec: {
        nodePools: [{ name: 'n', capacity, ...pool }],
        kubelet,
        images: sizes.map(([name, sizeBytes]) => ({ name, sizeBytes, pull: '1s' })),
      },
    }),
  );
  await cluster.settle();
  return cluster;
}

/** Lets what is about to happen happen: two rounds of the kubelet's housekeeping. */
async function rest(cluster: TestCluster): Promise<void> {
  await cluster.settle();
  await cluster.advance('20s');
}

const uses = (container: string, usage: Usage): Behaviour =>
  new Behaviour({ metadata: { name: container }, spec: { container, usage } });

/** A pod of one container, which has the pod's name. */
function podOf(
  name: string,
  resources: NonNullable<PodSpec['containers'][number]['resources']> = {},
  spec: Partial<PodSpec> = {},
): Pod {
  const container = { name, image: `${name}:1`, resources };
  return new Pod({
    metadata: { name },
    spec: { nodeName: 'n-0', containers: [container], ...spec },
  });
}

const status = (cluster: TestCluster, name: string) => cluster.get(Pod, name).status;
const phases = (cluster: TestCluster): string =>
  cluster
    .list(Pod)
    .map(({ metadata, status }) => `${metadata.name} ${status?.reason ?? status?.phase}`)
    .sort()
    .join(', ');
const condition = (cluster: TestCluster, type: string): string | undefined =>
  cluster.get(Node, 'n-0').status?.conditions?.find((each) => each.type === type)?.status;
const taints = (cluster: TestCluster): string[] =>
  (cluster.get(Node, 'n-0').spec?.taints ?? []).map(({ key }) => key.replace(/^.*\//, ''));
const messages = (cluster: TestCluster, about: string, reason: string): (string | undefined)[] =>
  cluster
    .events(about)
    .filter((each) => each.reason === reason)
    .map(({ message }) => message);
const images = (cluster: TestCluster): string[] =>
  (cluster.get(Node, 'n-0').status?.images ?? []).map(({ names = [] }) =>
    names[1]!.replace(/^.*\//, ''),
  );

describe('a node that runs short of memory', () => {
  it('evicts the pod furthest above its request, says so and is tainted', async () => {
    const cluster = await start({ kubelet: { evictionHard: { 'memory.available': '200Mi' } } });
    await cluster.create(
      uses('modest', { memory: '300Mi' }),
      uses('greedy', { memory: '100Mi', curve: [{ at: '1m', memory: '600Mi' }] }),
    );
    await cluster.create(podOf('modest', { requests: { memory: '400Mi' } }), podOf('greedy'));
    await cluster.settle();
    await cluster.advance('50s');
    expect([phases(cluster), taints(cluster)]).toEqual(['greedy Running, modest Running', []]);
    await cluster.advance('40s');
    expect(phases(cluster)).toBe('greedy Evicted, modest Running');
    expect(status(cluster, 'greedy')).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    const message =
      'The node was low on resource: memory. Threshold quantity: 200Mi, available: 124Mi. ' +
      'Container greedy was using 600Mi, request is 0, has larger consumption of memory. ';
    expect(status(cluster, 'greedy')?.message).toBe(message);
    expect(status(cluster, 'greedy')?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'TerminationByKubelet',
        message,
      }),
    );
    expect(messages(cluster, 'greedy', 'Evicted')).toEqual([message]);
    expect(messages(cluster, 'n-0', 'EvictionThresholdMet')).toEqual([
      'Attempting to reclaim memory',
    ]);
    expect(messages(cluster, 'n-0', 'NodeHasInsufficientMemory')).toEqual([
      'Node n-0 status is now: NodeHasInsufficientMemory',
    ]);
    expect([condition(cluster, 'MemoryPressure'), taints(cluster)]).toEqual([
      'True',
      ['memory-pressure'],
    ]);
  });

  it('reports pressure for five minutes more, and then no longer', async () => {
    const cluster = await start();
    await cluster.create(uses('greedy', { memory: '990Mi' }), podOf('greedy'));
    await rest(cluster);
    expect(phases(cluster)).toBe('greedy Evicted');
    await cluster.advance('4m30s');
    expect(condition(cluster, 'MemoryPressure')).toBe('True');
    await cluster.advance('1m');
    expect([condition(cluster, 'MemoryPressure'), taints(cluster)]).toEqual(['False', []]);
    const told = cluster.events('n-0').filter(({ reason }) => reason === 'NodeHasSufficientMemory');
    expect(told.map(({ count }) => count)).toEqual([2]);
  });

  it('takes no best-effort pods meanwhile, but others and critical ones', async () => {
    const cluster = await start();
    await cluster.create(uses('greedy', { memory: '990Mi' }), podOf('greedy'));
    await rest(cluster);
    const critical = { priorityClassName: 'system-node-critical' };
    await cluster.create(
      podOf('plain'),
      podOf('asking', { requests: { cpu: '10m' } }),
      podOf('vital', {}, critical),
    );
    await rest(cluster);
    expect(phases(cluster)).toBe('asking Running, greedy Evicted, plain Evicted, vital Running');
    expect(status(cluster, 'plain')?.message).toBe(
      'Pod was rejected: The node had condition: [MemoryPressure]. ',
    );
  });

  it('has its pods made anew elsewhere by their Deployment', async () => {
    const cluster = await start({ pool: { count: 2 } });
    await cluster.create(
      uses('hog', { memory: '900Mi' }),
      podOf('hog', { requests: { memory: '900Mi' } }),
    );
    await cluster.create(uses('web', { memory: '50Mi', curve: [{ at: '1m', memory: '120Mi' }] }));
    const labels = { app: 'web' };
    const nodeAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n-0'] }] },
        },
      ],
    } as const;
    await cluster.create(
      new Deployment({
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { affinity: { nodeAffinity }, containers: [{ name: 'web', image: 'web:1' }] },
          },
        },
      }),
    );
    await cluster.settle();
    const places = () =>
      cluster
        .list(Pod)
        .filter(({ metadata }) => metadata.labels?.app)
        .map(({ spec, status }) => `${spec?.nodeName} ${status?.phase}`)
        .sort();
    expect(places()).toEqual(['n-0 Running']);
    await cluster.advance('2m');
    expect(places()).toEqual(['n-0 Failed', 'n-1 Running']);
  });

  it('waits out the grace period of a soft threshold', async () => {
    const cluster = await start({
      kubelet: {
        evictionHard: OFF,
        evictionSoft: { 'memory.available': '50%' },
        evictionSoftGracePeriod: { 'memory.available': '90s' },
        evictionMaxPodGracePeriod: 20,
      },
    });
    const slow = { terminate: { ignoresSigterm: true } } as const;
    await cluster.create(
      new Behaviour({
        metadata: { name: 'big' },
        spec: { container: 'big', usage: { memory: '600Mi' }, ...slow },
      }),
      podOf('big'),
    );
    await cluster.advance('80s');
    expect([phases(cluster), condition(cluster, 'MemoryPressure')]).toEqual([
      'big Running',
      'True',
    ]);
    await cluster.advance('30s');
    expect(messages(cluster, 'big', 'Evicted')).toHaveLength(1);
    expect(phases(cluster)).toBe('big Running');
    await cluster.advance('20s');
    expect(phases(cluster)).toBe('big Evicted');
  });

  it('evicts until the minimum is reclaimed', async () => {
    const cluster = await start({
      kubelet: {
        evictionHard: { 'memory.available': '100Mi' },
        evictionMinimumReclaim: { 'memory.available': '300Mi' },
      },
    });
    for (const [name, memory] of [
      ['a', '320Mi'],
      ['b', '310Mi'],
      ['c', '300Mi'],
    ] as const)
      await cluster.create(uses(name, { memory }), podOf(name));
    await rest(cluster);
    expect(phases(cluster)).toBe('a Evicted, b Running, c Running');
    await cluster.patch(Behaviour, 'c', { spec: { usage: { memory: '350Mi' } } });
    await rest(cluster);
    expect(phases(cluster)).toBe('a Evicted, b Running, c Running');
    await cluster.patch(Behaviour, 'c', { spec: { usage: { memory: '650Mi' } } });
    await rest(cluster);
    expect(phases(cluster)).toBe('a Evicted, b Running, c Evicted');
  });

  it('does in a fork what it would have done, and the original does not notice', async () => {
    const kubelet = {
      evictionHard: OFF,
      evictionSoft: { 'memory.available': '50%' },
      evictionSoftGracePeriod: { 'memory.available': '2m' },
    } as const;
    const cluster = await start({ kubelet });
    await cluster.create(uses('big', { memory: '600Mi' }), podOf('big'));
    await cluster.advance('1m');
    const fork = await cluster.fork();
    await fork.advance('90s');
    expect([phases(fork), phases(cluster)]).toEqual(['big Evicted', 'big Running']);
    await cluster.advance('90s');
    expect(status(cluster, 'big')).toEqual(status(fork, 'big'));
    expect(cluster.cluster.journal.hash()).toBe(fork.cluster.journal.hash());
  });

  it('never evicts a critical pod, and comes to rest all the same', async () => {
    const cluster = await start();
    const critical = { priorityClassName: 'system-node-critical' };
    await cluster.create(uses('vital', { memory: '990Mi' }), podOf('vital', {}, critical));
    await cluster.settle();
    await cluster.advance('1m');
    expect([phases(cluster), condition(cluster, 'MemoryPressure')]).toEqual([
      'vital Running',
      'True',
    ]);
  });

  it('looks at once where the kernel tells it to', async () => {
    for (const [kernelMemcgNotification, expected] of [
      [true, ['big Evicted']],
      [false, ['big Running']],
    ] as const) {
      const cluster = await start({
        kubelet: { kernelMemcgNotification, housekeepingInterval: '5m' },
      });
      await cluster.create(
        uses('big', { memory: '1Mi', curve: [{ at: '1m', memory: '990Mi' }] }),
        podOf('big'),
      );
      await cluster.settle();
      await cluster.advance('1m5s');
      expect([phases(cluster)]).toEqual(expected);
    }
  });
});

describe('memory that is used up', () => {
  it('kills a container above its limit, which starts again with back-off', async () => {
    const cluster = await start();
    await cluster.create(
      uses('leak', { memory: '10Mi', curve: [{ at: '30s', memory: '200Mi' }] }),
      podOf('leak', { limits: { memory: '100Mi' } }),
    );
    await cluster.settle();
    await cluster.advance('40s');
    const container = () => status(cluster, 'leak')?.containerStatuses?.[0];
    expect(container()).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
    await cluster.advance('28s');
    expect(container()?.state).toMatchObject({ waiting: { reason: 'CrashLoopBackOff' } });
    expect(phases(cluster)).toBe('leak Running');
  });

  it('kills best-effort pods first when it is the memory of the node', async () => {
    const cluster = await start({ kubelet: { evictionHard: OFF } });
    const guaranteed = { limits: { cpu: '100m', memory: '700Mi' } } as const;
    await cluster.create(uses('safe', { memory: '690Mi' }), podOf('safe', guaranteed));
    await cluster.create(
      uses('extra', { memory: '200Mi', curve: [{ at: '1m', memory: '400Mi' }] }),
      podOf('extra'),
    );
    await cluster.settle();
    await cluster.advance('1m2s');
    const last = (name: string) =>
      status(cluster, name)?.containerStatuses?.[0]?.lastState?.terminated?.reason;
    expect([last('safe'), last('extra')]).toEqual([undefined, 'OOMKilled']);
    expect(messages(cluster, 'n-0', 'SystemOOM')[0]).toMatch(
      /^System OOM encountered, victim process: extra, pid: \d+$/,
    );
  });

  it('holds all pods together to what is not reserved', async () => {
    const enforced = async (kubelet: KubeletSettings) => {
      const cluster = await start({
        kubelet: { evictionHard: OFF, kubeReserved: { memory: '512Mi' }, ...kubelet },
      });
      await cluster.create(uses('big', { memory: '600Mi' }), podOf('big'));
      await cluster.settle();
      await cluster.advance('2s');
      return status(cluster, 'big')?.containerStatuses?.[0]?.restartCount ?? 0;
    };
    expect(await enforced({})).toBeGreaterThan(0);
    expect(await enforced({ enforceNodeAllocatable: ['none'] })).toBe(0);
  });
});

describe('a node that runs short of disk', () => {
  const GB = 1e9;

  it('removes images that nothing uses before it evicts anything', async () => {
    const cluster = await start({ images: { 'old:1': 5 * GB } });
    await cluster.create(podOf('old'));
    await cluster.settle();
    await cluster.delete(Pod, 'old');
    await cluster.advance('3m');
    expect(images(cluster)).toEqual(['old:1']);
    await cluster.create(uses('writer', { storage: '5Gi' }), podOf('writer'));
    await cluster.settle();
    await cluster.advance('20s');
    expect(phases(cluster)).toBe('writer Running');
    expect(images(cluster)).toEqual(['writer:1']);
    expect([condition(cluster, 'DiskPressure'), taints(cluster)]).toEqual([
      'True',
      ['disk-pressure'],
    ]);
  });

  it('removes containers that have ended, with their images and what they wrote', async () => {
    const cluster = await start({ images: { 'once:1': 2 * GB } });
    await cluster.create(
      new Behaviour({
        metadata: { name: 'once' },
        spec: { container: 'once', usage: { storage: '4Gi' }, exit: [{ after: '1s', code: 0 }] },
      }),
      podOf('once', {}, { restartPolicy: 'Never' }),
    );
    await cluster.settle();
    await cluster.advance('3m');
    await cluster.create(uses('writer', { storage: '4Gi' }), podOf('writer'));
    await cluster.settle();
    await cluster.advance('20s');
    expect([phases(cluster), images(cluster)]).toEqual([
      'once Succeeded, writer Running',
      ['writer:1'],
    ]);
  });

  it('evicts by what a pod has on the disk that is short, and takes no pod meanwhile', async () => {
    const cluster = await start({ pool: { imageFilesystem: '10Gi' } });
    await cluster.create(uses('layer', { storage: '6Gi' }), podOf('layer'));
    await cluster.create(uses('log', { storage: '1Gi', logs: '9500Mi' }), podOf('log'));
    await rest(cluster);
    expect(phases(cluster)).toBe('layer Running, log Evicted');
    expect(status(cluster, 'log')?.message).toMatch(
      /^The node was low on resource: ephemeral-storage\. /,
    );
    await cluster.create(podOf('later', { requests: { cpu: '10m' } }));
    await rest(cluster);
    expect(status(cluster, 'later')).toMatchObject({
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [DiskPressure]. ',
    });
  });

  it('counts inodes and processes, too', async () => {
    const kubelet = { evictionHard: { 'nodefs.inodesFree': '10%', 'pid.available': '100' } };
    const cluster = await start({ pool: { inodes: 1000, processes: 500 }, kubelet });
    await cluster.create(uses('files', { inodes: 950 }), podOf('files'));
    await cluster.create(uses('forks', { processes: 450 }), podOf('forks'));
    await rest(cluster);
    expect(phases(cluster)).toBe('files Evicted, forks Evicted');
    const reasons = ['files', 'forks'].map(
      (name) => status(cluster, name)?.message?.split('. ')[0],
    );
    expect(reasons).toEqual([
      'The node was low on resource: inodes',
      'The node was low on resource: pids',
    ]);
    await cluster.advance('10s');
    expect(taints(cluster).sort()).toEqual(['disk-pressure', 'pid-pressure']);
  });

  it('evicts pods beyond their own limits of storage', async () => {
    const emptyDir = { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '100Mi' } }] } as const;
    const limit = { limits: { 'ephemeral-storage': '100Mi' } } as const;
    const make = async (kubelet: KubeletSettings) => {
      const cluster = await start({ kubelet });
      await cluster.create(
        uses('scratch', {
          volumes: { scratch: '10Mi' },
          curve: [{ at: '30s', volumes: { scratch: '101Mi' } }],
        }),
        uses('writer', { storage: '60Mi', logs: '60Mi' }),
        podOf('scratch', {}, emptyDir),
        podOf('writer', limit),
      );
      await cluster.advance('1m');
      return cluster;
    };
    const cluster = await make({});
    expect(phases(cluster)).toBe('scratch Evicted, writer Evicted');
    expect(status(cluster, 'scratch')?.message).toBe(
      'Usage of EmptyDir volume "scratch" exceeds the limit "100Mi". ',
    );
    expect(status(cluster, 'writer')?.message).toBe(
      'Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. ',
    );
    expect(condition(cluster, 'DiskPressure')).toBe('False');
    const lenient = await make({ localStorageCapacityIsolation: false });
    expect(phases(lenient)).toBe('scratch Running, writer Running');
  });
});

describe('garbage collection', () => {
  const GB = 1e9;
  const sizes = { 'a:1': 3 * GB, 'b:1': 3 * GB, 'c:1': 3.3 * GB };

  /** Pulls images of a, b and c one after the other, of which nobody uses a and b any more. */
  async function filled(kubelet: KubeletSettings): Promise<TestCluster> {
    const cluster = await start({ images: sizes, kubelet: { evictionHard: OFF, ...kubelet } });
    for (const name of ['b', 'a', 'c']) {
      await cluster.create(podOf(name));
      await cluster.settle();
      if (name !== 'c') await cluster.delete(Pod, name);
      await cluster.advance('10s');
    }
    return cluster;
  }

  it('removes the images least recently used from the high to the low mark', async () => {
    const cluster = await filled({});
    await cluster.advance('10m');
    expect(images(cluster)).toEqual(['c:1', 'a:1']);
  });

  it('leaves images below the mark, and young ones, alone', async () => {
    const high = await filled({ imageGCHighThresholdPercent: 95 });
    await high.advance('10m');
    expect(images(high)).toHaveLength(3);
    const young = await filled({ imageMinimumGCAge: '1h' });
    await young.advance('10m');
    expect(images(young)).toHaveLength(3);
    expect(messages(young, 'n-0', 'FreeDiskSpaceFailed')[0]).toMatch(
      /^Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found 0 bytes/,
    );
  });

  it('removes images that nobody has used for too long', async () => {
    const cluster = await start({ kubelet: { imageMaximumGCAge: '30m' } });
    await cluster.create(podOf('a'), podOf('b'));
    await cluster.settle();
    await cluster.delete(Pod, 'a');
    await cluster.advance('25m');
    expect(images(cluster)).toHaveLength(2);
    await cluster.advance('15m');
    expect(images(cluster)).toEqual(['b:1']);
  });

  it('keeps as many earlier runs of a container as it is told', async () => {
    const restarts = async (kubelet: KubeletSettings) => {
      const cluster = await start({ kubelet });
      const exit = [{ after: '1s', code: 1, times: 3 }] as const;
      await cluster.create(
        new Behaviour({
          metadata: { name: 'w' },
          spec: { container: 'w', usage: { storage: '2Gi' }, exit },
        }),
        podOf('w'),
      );
      await cluster.advance('5m');
      return phases(cluster);
    };
    expect(await restarts({})).toBe('w Running');
    expect(await restarts({ maximumDeadContainersPerContainer: -1 })).toBe('w Running');
    expect(
      await restarts({
        minimumContainerTTLDuration: '1h',
        evictionHard: { 'nodefs.available': '30%' },
      }),
    ).toBe('w Evicted');
  });
});

describe('a critical pod', () => {
  it('has others make room for it', async () => {
    const cluster = await start();
    await cluster.create(
      podOf('large', { requests: { cpu: '3' } }),
      podOf('small', { requests: { cpu: '1' } }),
    );
    await cluster.settle();
    const critical = { priorityClassName: 'system-node-critical' };
    await cluster.create(podOf('vital', { requests: { cpu: '1' } }, critical));
    await cluster.settle();
    expect(phases(cluster)).toBe('large Running, small Preempting, vital Running');
    expect(status(cluster, 'small')?.message).toBe('Preempted in order to admit critical pod');
    await cluster.create(podOf('extra', { requests: { cpu: '1' } }));
    await cluster.settle();
    expect(status(cluster, 'extra')?.reason).toBe('OutOfcpu');
  });
});

describe('a node that is short of nothing', () => {
  it('is not looked at', async () => {
    const cluster = await start({ kubelet: { imageMaximumGCAge: '0s' } });
    await cluster.create(
      uses('web', {
        memory: '100Mi',
        curve: [
          { at: '1m', memory: '200Mi' },
          { at: '1h', memory: '50Mi' },
        ],
      }),
      podOf('web'),
    );
    await cluster.settle();
    const looks = () =>
      cluster.cluster.journal.latest(
        1000,
        (each) => each.type === 'reconcile' && each.key.startsWith('eviction/'),
      );
    await cluster.advance('2h');
    expect(looks()).toEqual([]);
  });
});
