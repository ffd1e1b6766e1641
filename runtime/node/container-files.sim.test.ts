import { describe, expect, it } from 'vitest';
import { Pod } from '../../generated/core/v1/index.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import type { Container, PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster } from '../testing/index.ts';

function podWith(container: Partial<Container>, spec: Partial<PodSpec> = {}, metadata = {}): Pod {
  return new Pod({
    metadata: { name: 'p', namespace: 'default', ...metadata },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox', ...container }],
      ...spec,
    },
  });
}

/** What a script prints in a pod. */
async function printed(script: string, container: object = {}, spec: Partial<PodSpec> = {}) {
  const command = ['sh', '-c', `{ ${script}; } > /dev/termination-log`];
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(podWith({ ...container, command }, spec));
  await cluster.advance('30s');
  const pod = cluster.get(Pod, 'p');
  const text = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? '';
  return { text, pod };
}

describe('the file of names', () => {
  it('is kept by the kubelet, with the pod and what it wants added', async () => {
    const hostAliases = [{ ip: '1.2.3.4', hostnames: ['foo', 'bar'] }];
    const { text, pod } = await printed('cat /etc/hosts', {}, { hostAliases, hostname: 'h' });
    expect(text.split('\n')[0]).toBe('# Kubernetes-managed hosts file.');
    expect(text).toContain(`\n${pod?.status?.podIP}\th\n`);
    expect(text).toContain('\n# Entries added by HostAliases.\n1.2.3.4\tfoo\tbar\n');
  });

  it('is the node’s where a container mounts that there', async () => {
    const at = (mountPath: string) => ({ name: 'names', mountPath });
    const volumes = [{ name: 'names', hostPath: { path: '/etc/hosts', type: 'FileOrCreate' } }];
    const all = 'cat /etc/hosts; echo --; cat /etc/hosts-original';
    const { text } = await printed(
      all,
      { volumeMounts: [at('/etc/hosts'), at('/etc/hosts-original')] },
      { volumes } as Partial<PodSpec>,
    );
    const [own, original] = text.split('--\n');
    expect(own).toBe(original);
    expect(own).toContain('localhost');
    expect(own).not.toContain('Kubernetes');
  });
});

describe('a part of a volume that a container mounts', () => {
  const mounting = (subPathExpr: string, value: string) =>
    podWith(
      {
        env: [{ name: 'DIR', value }],
        volumeMounts: [{ name: 'work', mountPath: '/work', subPathExpr }],
      },
      { volumes: [{ name: 'work', emptyDir: {} }] },
    );

  async function waiting(pod: Pod) {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(pod);
    await cluster.advance('30s');
    return cluster.get(Pod, 'p')?.status?.containerStatuses?.[0]?.state?.waiting;
  }

  it.each([
    ['/tmp', 'error SubPath `/tmp` must not be an absolute path'],
    ['a/../b', "unable to provision SubPath `a/../b`: must not contain '..'"],
    ['', 'missing value for DIR'],
  ])('is refused where it is %j', async (value, message) => {
    expect(await waiting(mounting('$(DIR)', value))).toEqual({
      reason: 'CreateContainerConfigError',
      message,
    });
  });

  it('is found again when the pod says where it is', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const fieldPath = "metadata.annotations['dir']";
    await cluster.create(
      podWith(
        {
          command: ['sh', '-c', 'mkdir -p /all/there; ls /all > /dev/termination-log'],
          env: [{ name: 'DIR', valueFrom: { fieldRef: { fieldPath } } }],
          volumeMounts: [
            { name: 'work', mountPath: '/work', subPathExpr: '$(DIR)/x' },
            { name: 'work', mountPath: '/all' },
          ],
        },
        { volumes: [{ name: 'work', emptyDir: {} }] },
      ),
    );
    await cluster.advance('1m');
    const state = () => cluster.get(Pod, 'p')?.status?.containerStatuses?.[0]?.state;
    expect(state()?.waiting?.message).toBe('missing value for DIR');
    await cluster.patch(Pod, 'p', { metadata: { annotations: { dir: 'here' } } });
    await cluster.advance('30s');
    expect(state()?.terminated?.message).toBe('here\nthere\n');
  });
});

describe('the files of the control group', () => {
  it('say another size once the container has it', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const script =
      'until [ "$(head -n 1 /sys/fs/cgroup/cpu.weight)" = 100 ]; do sleep 1; done; mount -t cgroup2 > /dev/termination-log';
    const resources = (cpu: string) => ({ requests: { cpu } });
    await cluster.create(
      podWith({ command: ['sh', '-c', script], resources: resources('100m') } as never),
    );
    await cluster.advance('1m');
    const state = () => cluster.get(Pod, 'p')?.status?.containerStatuses?.[0]?.state;
    expect(state()?.running).toBeDefined();
    await cluster.client.patch(
      pods,
      { name: 'p', namespace: 'default' },
      { spec: { containers: [{ name: 'main', resources: resources('1') }] } },
      { subresource: 'resize' },
    );
    await cluster.advance('30s');
    expect(state()?.terminated?.message).toMatch(/ on \/sys\/fs\/cgroup type cgroup2 \(ro,/);
  });
});
