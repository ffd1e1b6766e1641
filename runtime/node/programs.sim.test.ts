import { describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import { ConfigMap, Pod } from '../../generated/core/v1/index.ts';
import type { Container, PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster } from '../testing/index.ts';

async function clusterWith(container: Partial<Container>, spec: Partial<PodSpec> = {}) {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new ConfigMap({ metadata: { name: 'words', namespace: 'default' }, data: { a: 'one' } }),
  );
  const containers = [{ name: 'main', image: 'busybox', ...container }];
  const pod = new Pod({
    metadata: { name: 'p', namespace: 'default' },
    spec: { restartPolicy: 'Never', ...spec, containers },
  });
  const statusOf = () => cluster.get(Pod, 'p')?.status?.containerStatuses?.[0];
  return { cluster, pod, statusOf };
}

const shell = (text: string): Partial<Container> => ({ command: ['sh', '-c', text] });

describe('a container whose command is known', () => {
  it('ends when its script does, with its exit code and its last words', async () => {
    const { cluster, pod, statusOf } = await clusterWith(
      shell('sleep 20; printf "$(WHO) is gone" > /dev/termination-log; exit 4'),
    );
    await cluster.create(
      new Pod({
        ...pod,
        spec: {
          ...pod.spec!,
          containers: [{ ...pod.spec!.containers[0]!, env: [{ name: 'WHO', value: 'Ada' }] }],
        },
      }),
    );
    await cluster.advance('15s');
    expect(statusOf()?.state?.running).toBeDefined();
    await cluster.advance('15s');
    expect(statusOf()?.state?.terminated).toMatchObject({ exitCode: 4, message: 'Ada is gone' });
  });

  it('ends at once where it is a shell to which nobody can write', async () => {
    const alone = await clusterWith({});
    await alone.cluster.create(alone.pod);
    await alone.cluster.advance('10s');
    expect(alone.statusOf()?.state?.terminated?.exitCode).toBe(0);
    const open = await clusterWith({ stdin: true });
    await open.cluster.create(open.pod);
    await open.cluster.advance('10s');
    expect(open.statusOf()?.state?.running).toBeDefined();
  });

  it('says that a pod that failed before all was set up was never initialized', async () => {
    const { cluster, pod } = await clusterWith(shell('true'), {
      initContainers: [{ name: 'first', image: 'busybox', command: ['false'] }],
    });
    await cluster.create(pod);
    await cluster.advance('10s');
    const { phase, conditions } = cluster.get(Pod, 'p').status ?? {};
    expect(phase).toBe('Failed');
    expect(conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [first]',
    });
  });

  it('says last the end of its log, as it wrote it, where its policy says so', async () => {
    const { cluster, pod, statusOf } = await clusterWith({
      ...shell('echo first; printf DONE; exit 1'),
      terminationMessagePolicy: 'FallbackToLogsOnError',
    });
    await cluster.create(pod);
    await cluster.advance('10s');
    expect(statusOf()?.state?.terminated?.message).toBe('first\nDONE');
  });

  it('is not ready before the file is there that its probe reads', async () => {
    const { cluster, pod, statusOf } = await clusterWith({
      ...shell('sleep 30; touch /tmp/ready; sleep 3000'),
      readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1 },
    });
    await cluster.create(pod);
    await cluster.advance('20s');
    expect(statusOf()?.ready).toBe(false);
    await cluster.advance('20s');
    expect(statusOf()?.ready).toBe(true);
  });

  it('finds in its volume what the ConfigMap comes to say', async () => {
    const { cluster, pod, statusOf } = await clusterWith(
      {
        ...shell('while [ "$(cat /etc/words/a)" = one ]; do sleep 1; done; exit 5'),
        volumeMounts: [{ name: 'words', mountPath: '/etc/words' }],
      },
      { volumes: [{ name: 'words', configMap: { name: 'words' } }] },
    );
    await cluster.create(pod);
    await cluster.advance('1m');
    expect(statusOf()?.state?.running).toBeDefined();
    await cluster.patch(ConfigMap, 'words', { data: { a: 'two' } });
    await cluster.advance('2m');
    expect(statusOf()?.state?.terminated?.exitCode).toBe(5);
  });

  it('ends well in a pod of which there is more to know than is kept of its past', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const containers = Array.from({ length: 70 }, (_, at) => ({
      name: `c${at}`,
      image: 'busybox',
      ...shell('cat /sys/fs/cgroup/cpu.max > /dev/termination-log'),
    }));
    const spec = { restartPolicy: 'Never' as const, containers };
    await cluster.create(new Pod({ metadata: { name: 'p', namespace: 'default' }, spec }));
    await cluster.advance('1m');
    const { phase, containerStatuses = [] } = cluster.get(Pod, 'p').status ?? {};
    expect(phase).toBe('Succeeded');
    const words = containerStatuses.map(({ state }) => state?.terminated?.message);
    expect(new Set(words)).toEqual(new Set(['max 100000\n']));
  });

  it('does as its Behaviour says where that says something else', async () => {
    const { cluster, pod, statusOf } = await clusterWith(shell('sleep 5; echo over; exit 4'));
    await cluster.create(
      new Behaviour({
        metadata: { name: 'b', namespace: 'default' },
        spec: { container: 'main', exit: [{ after: '60s', code: 9 }] },
      }),
    );
    await cluster.create(pod);
    await cluster.advance('30s');
    expect(statusOf()?.state?.running).toBeDefined();
    await cluster.advance('60s');
    expect(statusOf()?.state?.terminated?.exitCode).toBe(9);
  });
});
