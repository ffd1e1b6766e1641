import { beforeEach, describe, expect, it } from 'vitest';
import { Behaviour, Cluster } from '../../../generated/cluster/v1/index.ts';
import { Node, Pod, Service } from '../../../generated/core/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await createCluster();
  const proxy = {
    metadata: { name: 'agent', namespace: 'kube-system' },
    spec: { containers: [{ name: 'agent', image: 'agent:1' }] },
  };
  const capacity = { cpu: '4', memory: '1Gi', 'ephemeral-storage': '10Gi' };
  const nodePools = [{ name: 'n', capacity, staticPods: [proxy] }];
  await cluster.create(
    new Cluster({
      metadata: { name: 'default' },
      spec: {
        nodePools,
        images: [{ name: '*', pull: '1s', sizeBytes: 1e6 }],
        kubelet: { maxPods: 7 },
      },
    } as never),
    new Behaviour({
      metadata: { name: 'web' },
      spec: {
        container: 'web',
        usage: {
          cpu: '250m',
          memory: '64Mi',
          storage: '1Mi',
          logs: '2Mi',
          load: { cpu: '500m', memory: '32Mi' },
        },
        logs: [
          { after: '1s', line: 'up' },
          { after: '2s', every: '1s', line: 'beat' },
        ],
      },
    }),
  );
  await cluster.settle();
  await cluster.create(
    new Pod({
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 8080 }] }] },
    }),
    new Service({
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    } as never),
  );
  await cluster.settle();
  await cluster.advance('1m');
});

interface Asked {
  readonly name?: string;
  readonly method?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

function ask(path: string, { name = 'n-0', method = 'GET', parameters = {} }: Asked = {}) {
  const answer = cluster.cluster.server.proxy(Node.resource, { method, name, path, parameters });
  if (answer === 'to root') throw new Error('no path');
  return answer;
}

const json = (path: string, asked?: Asked) => JSON.parse(ask(path, asked).body);
const web = () => cluster.get(Pod, 'web');
const startedMs = () =>
  Date.parse(web().status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '');

describe('the server of a kubelet', () => {
  it('says that all is well', () => {
    expect(ask('/healthz')).toEqual({ code: 200, contentType: expect.any(String), body: 'ok' });
    expect(ask('/healthz/syncloop').body).toBe('ok');
    expect(ask('/healthz', { parameters: { verbose: '' } }).body).toBe(
      '[+]ping ok\n[+]log ok\n[+]syncloop ok\nhealthz check passed\n',
    );
  });

  it('answers on its own port, by whatever scheme, and finds nothing at what it does not have', () => {
    expect(ask('/healthz', { name: 'https:n-0:10250' }).body).toBe('ok');
    expect(ask('/nothing')).toMatchObject({ code: 404, body: '404 page not found\n' });
    expect(ask('/pods', { method: 'POST' }).code).toBe(405);
    expect(() => ask('/', { name: 'n-0:9100' })).toThrow(
      /^error trying to reach service: dial tcp [\d.]+:9100: connect: connection refused$/,
    );
    expect(() => ask('/', { name: 'ftp:n-0:1' })).toThrow('invalid node request "ftp:n-0:1"');
    expect(() => ask('/', { name: 'gone' })).toThrow('nodes "gone" not found');
  });

  it('lists its pods, static ones as the node has them', () => {
    const { items } = json('/pods') as { items: Pod[] };
    expect(items.map(({ metadata, status }) => [metadata.name, status?.phase])).toEqual([
      ['web', 'Running'],
      ['agent-n-0', 'Running'],
    ]);
    const [own, agent] = items.map(({ metadata }) => metadata.annotations ?? {});
    expect(own).toMatchObject({ 'kubernetes.io/config.source': 'api' });
    expect(own?.['kubernetes.io/config.seen']).toMatch(/^\d{4}-/);
    expect(agent).toMatchObject({ 'kubernetes.io/config.source': 'file' });
    expect(agent?.['kubernetes.io/config.mirror']).toBeUndefined();
    expect(items[1]?.metadata.uid).toBe(agent?.['kubernetes.io/config.hash']);
  });

  it('lists what runs', async () => {
    const names = (): string[] =>
      (json('/runningpods/') as { items: Pod[] }).items.map(({ metadata }) => metadata.name ?? '');
    expect(names()).toEqual(['web', 'agent-n-0']);
    await cluster.delete(Pod, 'web');
    await cluster.settle();
    expect(names()).toEqual(['agent-n-0']);
  });

  it('tells the configuration that it runs with', () => {
    const { kubeletconfig } = json('/configz');
    expect(kubeletconfig).toMatchObject({
      kind: 'KubeletConfiguration',
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      maxPods: 7,
      nodeStatusReportFrequency: '5m0s',
      evictionPressureTransitionPeriod: '5m0s',
    });
    expect(Object.keys(kubeletconfig)).not.toContain('maximumDeadContainers');
  });

  it('hands out logs', async () => {
    const lines = ask('/containerLogs/default/web/web').body.split('\n');
    expect(lines.slice(0, 2)).toEqual(['up', 'beat']);
    expect(lines.length).toBeGreaterThan(50);
    expect(ask('/containerLogs/default/web/web', { parameters: { tailLines: '2' } }).body).toBe(
      'beat\nbeat\n',
    );
    expect(ask('/containerLogs/default/gone/web')).toMatchObject({
      code: 404,
      body: 'pod "gone" does not exist\n',
    });
    expect(ask('/containerLogs/default/web/x').body).toBe('container "x" not found in pod "web"\n');
    expect(ask('/containerLogs/default/web/web', { parameters: { previous: 'true' } }).code).toBe(
      400,
    );
  });
});

describe('/stats/summary', () => {
  const MI = 2 ** 20;

  it('says what the node, its pods and their containers use, as eviction sees it', () => {
    const { node, pods } = json('/stats/summary');
    expect(node).toMatchObject({
      nodeName: 'n-0',
      cpu: { usageNanoCores: 750e6 },
      memory: { workingSetBytes: 96 * MI, usageBytes: 96 * MI, availableBytes: (1024 - 96) * MI },
      fs: { capacityBytes: 10 * 1024 * MI, usedBytes: 2e6 + 3 * MI },
      rlimit: { maxpid: 32768, curproc: 2 },
    });
    expect(node.systemContainers.map((each: { name: string }) => each.name)).toEqual(['pods']);
    const [own] = pods;
    expect(own.podRef).toMatchObject({
      name: 'web',
      namespace: 'default',
      uid: web().metadata.uid,
    });
    expect(own['ephemeral-storage'].usedBytes).toBe(3 * MI);
    const [container] = own.containers;
    expect(container).toMatchObject({
      name: 'web',
      cpu: { usageNanoCores: 750e6 },
      memory: { workingSetBytes: 96 * MI },
      rootfs: { usedBytes: MI },
      logs: { usedBytes: 2 * MI },
    });
    expect(Date.parse(container.startTime)).toBe(startedMs());
    expect(container.cpu.usageCoreNanoSeconds).toBeGreaterThan(250e6 * 60);
  });

  it('can be had without disks', () => {
    const { node, pods } = json('/stats/summary', { parameters: { only_cpu_and_memory: 'true' } });
    expect(Object.keys(node)).toEqual([
      'nodeName',
      'systemContainers',
      'startTime',
      'cpu',
      'memory',
    ]);
    expect(Object.keys(pods[0].containers[0])).toEqual(['name', 'startTime', 'cpu', 'memory']);
  });
});

describe('/metrics', () => {
  const value = (path: string, metric: string): number => {
    const line = ask(path)
      .body.split('\n')
      .find((each) => each.startsWith(`${metric} `));
    return Number(line?.split(' ')[1]);
  };

  it('counts processor time of containers, pods and the node in seconds', async () => {
    const labels = '{container="web",namespace="default",pod="web"}';
    const metric = `container_cpu_usage_seconds_total${labels}`;
    const before = value('/metrics/resource', metric);
    await cluster.advance('20s');
    expect(value('/metrics/resource', metric) - before).toBeCloseTo(15, 6);
    expect(value('/metrics/resource', 'node_memory_working_set_bytes')).toBe(96 * 2 ** 20);
    expect(
      value(
        '/metrics/resource',
        'pod_memory_working_set_bytes{namespace="kube-system",pod="agent-n-0"}',
      ),
    ).toBe(0);
  });

  it('counts pods', () => {
    expect(value('/metrics', 'kubelet_running_pods')).toBe(2);
    expect(value('/metrics', 'kubelet_desired_pods{static="true"}')).toBe(1);
    expect(value('/metrics', 'kubelet_mirror_pods')).toBe(1);
    expect(value('/metrics', 'kubelet_running_containers{container_state="running"}')).toBe(2);
  });
});

describe('a node that cannot be reached', () => {
  it.each([
    ['node=n-0', 'connect: no route to host'],
    ['partition=n-0', 'i/o timeout'],
  ])('answers nobody: %s', async (fault, error) => {
    cluster.cluster.inject(fault);
    await cluster.cluster.drain();
    const { ip } = web().status?.podIPs?.[0] ?? {};
    const refusal = { code: 503, reason: 'ServiceUnavailable' };
    expect(() => ask('/healthz')).toThrow(
      expect.objectContaining({
        ...refusal,
        message: expect.stringMatching(
          new RegExp(`^error trying to reach service: dial tcp .*:10250: ${error}$`),
        ),
      }),
    );
    const { server } = cluster.cluster;
    const request = { method: 'GET', namespace: 'default', name: 'web', path: '/', parameters: {} };
    expect(() => server.proxy(Pod.resource, request)).toThrow(`dial tcp ${ip}:8080: ${error}`);
  });
});

describe('the proxies of pods and services', () => {
  const reach = (resource: typeof Pod.resource | typeof Service.resource, name: string) => () =>
    cluster.cluster.server.proxy(resource as typeof Pod.resource, {
      method: 'GET',
      namespace: 'default',
      name,
      path: '/',
      parameters: {},
    });

  it('find nobody who speaks HTTP, at the address that they stand for', () => {
    const ip = web().status?.podIP;
    const refused = (port: number) =>
      `error trying to reach service: dial tcp ${ip}:${port}: connect: connection refused`;
    expect(reach(Pod.resource, 'web')).toThrow(refused(8080));
    expect(reach(Pod.resource, 'http:web:9')).toThrow(refused(9));
    expect(reach(Service.resource, 'web')).toThrow(refused(8080));
    expect(reach(Service.resource, 'web:80')).toThrow(refused(8080));
  });

  it('say where there is nothing to stand for', async () => {
    expect(reach(Service.resource, 'web:81')).toThrow('no service port 81 found for service "web"');
    expect(reach(Service.resource, 'web:http')).toThrow(
      'no endpoints available for service "web:http"',
    );
    expect(reach(Service.resource, 'gone')).toThrow('services "gone" not found');
    await cluster.delete(Pod, 'web');
    await cluster.settle();
    expect(reach(Service.resource, 'web')).toThrow('no endpoints available for service "web"');
    expect(reach(Pod.resource, 'web')).toThrow('pods "web" not found');
  });
});
