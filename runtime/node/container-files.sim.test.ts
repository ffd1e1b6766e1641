import { describe, expect, it } from 'vitest';
import { Node, Pod } from '../../generated/core/v1/index.ts';
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

describe('who a container runs as and what it may', () => {
  const status = async (securityContext: object) => {
    const script = "grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status";
    const { text } = await printed(script, { securityContext });
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(':\t')),
    );
  };

  it('is told in its status', async () => {
    expect(await status({})).toEqual({
      Uid: '0\t0\t0\t0',
      CapEff: '00000000a80425fb',
      CapBnd: '00000000a80425fb',
      NoNewPrivs: '0',
      Seccomp: '0',
    });
    expect(await status({ privileged: true })).toMatchObject({ CapEff: '000001ffffffffff' });
    expect(
      await status({
        runAsUser: 1000,
        allowPrivilegeEscalation: false,
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      }),
    ).toEqual({
      Uid: '1000\t1000\t1000\t1000',
      CapEff: '0000000000000000',
      CapBnd: '0000000000001000',
      NoNewPrivs: '1',
      Seccomp: '2',
    });
  });

  it('has the groups that its image and its pod say', async () => {
    const image = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
    const groups = async (more: object) => {
      const securityContext = { runAsUser: 1000, supplementalGroups: [60000], ...more };
      return (await printed('id -G', { image }, { securityContext } as never)).text;
    };
    expect(await groups({})).toBe('1000 50000 60000\n');
    expect(await groups({ supplementalGroupsPolicy: 'Strict' })).toBe('1000 60000\n');
    expect(await groups({ runAsUser: 1001 })).toBe('0 60000\n');
  });

  it('has the settings of its pod, by either spelling', async () => {
    const sysctls = [{ name: 'kernel/shm_rmid_forced', value: '1' }];
    const spec = { securityContext: { sysctls } } as never;
    const script = 'sysctl kernel/shm_rmid_forced kernel.shm_rmid_forced';
    expect((await printed(script, {}, spec)).text).toBe('kernel.shm_rmid_forced = 1\n'.repeat(2));
  });

  it.each([
    ['kernel.msgmax', {}, 'forbidden sysctl: "kernel.msgmax" not allowlisted'],
    [
      'net/ipv4/tcp_rmem',
      { hostNetwork: true },
      /"net\.ipv4\.tcp_rmem" not allowed with host net enabled$/,
    ],
  ])('sets nothing of the kernel that is not its own: %s', async (name, spec, message) => {
    const cluster = await createCluster({ nodes: 1 });
    const [node] = cluster.list(Node);
    const sysctls = [{ name, value: '1' }];
    const pod = podWith(
      {},
      { ...spec, nodeName: node!.metadata.name!, securityContext: { sysctls } },
    );
    await cluster.client.create(pods, pod as never);
    await cluster.advance('10s');
    const { status } = cluster.get(Pod, 'p');
    expect(status).toMatchObject({ phase: 'Failed', reason: 'SysctlForbidden' });
    expect(status?.message).toMatch(message);
  });

  it('is no more than it is given', async () => {
    const script = 'ip link add dummy0 type dummy 2>&1; echo $?';
    const may = { securityContext: { privileged: true } };
    expect((await printed(script)).text).toBe(
      'ip: RTNETLINK answers: Operation not permitted\n2\n',
    );
    expect((await printed(script, may)).text).toBe('0\n');
  });

  it.each([
    [true, 1000],
    [false, 0],
  ])('lets a program be root where that is let: noNewPrivs %j', async (isKept, uid) => {
    const cluster = await createCluster({ nodes: 1 });
    const securityContext = { runAsUser: 1000, allowPrivilegeEscalation: !isKept };
    const image = 'registry.k8s.io/e2e-test-images/nonewprivs:1.4';
    await cluster.create(
      podWith({ image, securityContext, terminationMessagePolicy: 'FallbackToLogsOnError' }),
    );
    await cluster.advance('30s');
    const log = await cluster.client.readText(pods, { name: 'p', namespace: 'default' }, 'log');
    expect(log).toContain(`Effective uid: ${uid}`);
  });

  it.each([
    [
      { runAsUser: 0 },
      'busybox',
      /^container's runAsUser breaks non-root policy \(pod: "p_default\(/,
    ],
    [
      {},
      'busybox',
      /^container has runAsNonRoot and image will run as root \(pod: ".*", container: main\)$/,
    ],
    [{}, 'registry.k8s.io/pause:3.10', undefined],
    [{ runAsUser: 7 }, 'busybox', undefined],
  ])('is not root where %j of %s must not be', async (own, image, message) => {
    const cluster = await createCluster({ nodes: 1 });
    const securityContext = { ...own, runAsNonRoot: true };
    await cluster.create(podWith({ image, securityContext, stdin: true }));
    await cluster.advance('30s');
    const state = cluster.get(Pod, 'p')?.status?.containerStatuses?.[0]?.state;
    if (!message) expect(state?.running).toBeDefined();
    else {
      expect(state?.waiting?.reason).toBe('CreateContainerConfigError');
      expect(state?.waiting?.message).toMatch(message);
    }
  });
});
