import { beforeEach, describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import { Pod, ResourceQuota } from '../../generated/core/v1/index.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import type { Container, PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await createCluster({ nodes: { n: { cpu: '4', memory: '4Gi' } } });
});

const size = (cpu: string, memory = '128Mi') => ({
  requests: { cpu, memory } as never,
  limits: { cpu: '8', memory: '2Gi' } as never,
});
const pod = (name: string, container: Partial<Container>, spec: Partial<PodSpec> = {}) =>
  new Pod({
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'web:1', ...container }], ...spec },
  });
const resize = (name: string, resources: object, container = 'main') =>
  cluster.client.patch(
    pods,
    { name, namespace: 'default' },
    { spec: { containers: [{ name: container, resources }] } },
    { subresource: 'resize' },
  );
const requests = (cpu: string) => ({ requests: { cpu } });
const statusOf = (name: string) => cluster.get(Pod, name).status!;
const main = (name: string) => statusOf(name).containerStatuses![0]!;
const sizes = (name: string) =>
  [main(name).resources, { requests: main(name).allocatedResources }].map(
    (each) => each?.requests?.['cpu' as never],
  );
const conditions = (name: string) =>
  (statusOf(name).conditions ?? [])
    .filter(({ type }) => type.startsWith('PodResize'))
    .map(({ type, status, reason, message, observedGeneration }) => ({
      type,
      status,
      ...(reason ? { reason } : {}),
      ...(message ? { message } : {}),
      observedGeneration,
    }));
const told = (name: string) =>
  cluster
    .events(name)
    .filter(({ reason }) => reason?.startsWith('Resize'))
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);

describe('a new size that the node has room for', () => {
  it('is set aside at once, comes to the container as it runs, and is told', async () => {
    await cluster.create(pod('web', { resources: size('500m') }));
    await cluster.settle();
    const { startTime, containerStatuses } = statusOf('web');
    await resize('web', requests('1'));
    await cluster.advance('500ms');
    expect(sizes('web')).toEqual(['500m', '1']);
    expect(conditions('web')).toEqual([
      { type: 'PodResizeInProgress', status: 'True', observedGeneration: 2 },
    ]);
    await cluster.advance('1s');
    expect(sizes('web')).toEqual(['1', '1']);
    expect(conditions('web')).toEqual([]);
    expect(main('web').containerID).toBe(containerStatuses![0]!.containerID);
    expect(statusOf('web')).toMatchObject({ startTime, observedGeneration: 2 });
    const resources =
      '{"limits":{"cpu":"8","memory":"2Gi"},"requests":{"cpu":"1","memory":"128Mi"}}';
    const text = `{"containers":[{"name":"main","resources":${resources}}],"generation":2}`;
    expect(told('web')).toEqual([
      `Normal ResizeStarted Pod resize started: ${text}`,
      `Normal ResizeCompleted Pod resize completed: ${text}`,
    ]);
  });

  it('restarts the containers whose policy says so for what changes, and only those', async () => {
    const resizePolicy = [
      { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      { resourceName: 'memory', restartPolicy: 'RestartContainer' },
    ] as const;
    await cluster.create(pod('web', { resources: size('500m'), resizePolicy }));
    await cluster.settle();
    await resize('web', requests('1'));
    await cluster.advance('10s');
    expect(main('web')).toMatchObject({ restartCount: 0, ready: true });
    await resize('web', { requests: { memory: '256Mi' } });
    await cluster.advance('10s');
    expect(main('web')).toMatchObject({ restartCount: 1, ready: true });
    expect(main('web').resources?.requests).toEqual({ cpu: '1', memory: '256Mi' });
    expect(conditions('web')).toEqual([]);
    expect(cluster.events('web').map(({ message }) => message)).toContain(
      'Container main resize requires restart',
    );
    expect(cluster.events('web').map(({ reason }) => reason)).not.toContain('BackOff');
  });

  it('is looked at when it is wished for, and not when other fields change', async () => {
    await cluster.create(pod('web', { resources: size('500m') }));
    await cluster.settle();
    await cluster.patch(Pod, 'web', { spec: { activeDeadlineSeconds: 9999 } });
    await cluster.advance('5s');
    expect(told('web')).toEqual([]);
  });

  it('holds for a container that is stopping: it does not die of its old limit', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'b' },
        spec: {
          usage: { memory: '64Mi', curve: [{ at: '40s', memory: '256Mi' }] },
          probes: { liveness: [{ from: '5s', times: 1 }] },
          terminate: { duration: '60s', code: 143 },
        },
      } as never),
      pod(
        'web',
        {
          resources: { requests: { cpu: '1' }, limits: { memory: '128Mi' } } as never,
          livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 1 } as never,
        },
        { terminationGracePeriodSeconds: 90 },
      ),
    );
    await cluster.advance('20s');
    await resize('web', { limits: { memory: '512Mi' } });
    await cluster.advance('70s');
    expect(main('web').lastState?.terminated).toMatchObject({ exitCode: 143 });
  });

  it('takes a kill for want of memory away with a higher limit', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'grows' },
        spec: { usage: { memory: '64Mi', curve: [{ at: '5m', memory: '256Mi' }] } as never },
      }),
      pod('web', { resources: { requests: { cpu: '1' }, limits: { memory: '128Mi' } } as never }),
      pod('low', { resources: { requests: { cpu: '1' }, limits: { memory: '128Mi' } } as never }),
    );
    await cluster.settle();
    await resize('web', { limits: { memory: '512Mi' } });
    await cluster.advance('7m');
    expect(main('web').restartCount).toBe(0);
    expect(main('low').restartCount).toBeGreaterThan(0);
  });

  it('does not take memory that is in use, until it is in use no more', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'shrinks' },
        spec: { usage: { memory: '256Mi', curve: [{ at: '5m', memory: '32Mi' }] } as never },
      }),
      pod('web', { resources: { requests: { cpu: '1' }, limits: { memory: '512Mi' } } as never }),
    );
    await cluster.settle();
    await resize('web', { requests: { memory: '128Mi' }, limits: { memory: '128Mi' } });
    await cluster.advance('1m');
    expect(conditions('web')).toMatchObject([
      {
        type: 'PodResizeInProgress',
        reason: 'Error',
        message: expect.stringContaining(
          'memory limit (134217728) below current usage (268435456)',
        ),
      },
    ]);
    expect(main('web').resources?.limits).toEqual({ memory: '512Mi' });
    expect(main('web').restartCount).toBe(0);
    await cluster.advance('5m');
    expect(conditions('web')).toEqual([]);
    expect(main('web').resources?.limits).toEqual({ memory: '128Mi' });
    expect(main('web').restartCount).toBe(0);
    expect(told('web').filter((each) => each.startsWith('Warning ResizeError'))).toHaveLength(1);
  });
});

describe('a new size that the node has no room for', () => {
  it('is infeasible where the whole node has less', async () => {
    await cluster.create(pod('web', { resources: size('500m') }));
    await cluster.settle();
    await resize('web', requests('6'));
    await cluster.advance('5s');
    expect(sizes('web')).toEqual(['500m', '500m']);
    const message = "Node didn't have enough capacity: cpu, requested: 6000, capacity: 4000";
    expect(conditions('web')).toEqual([
      {
        type: 'PodResizePending',
        status: 'True',
        reason: 'Infeasible',
        message,
        observedGeneration: 2,
      },
    ]);
    expect(told('web')).toEqual([
      expect.stringMatching(
        /^Warning ResizeInfeasible Pod resize Infeasible: .*"error":"Node didn't/,
      ),
    ]);
    await resize('web', requests('500m'));
    await cluster.advance('5s');
    expect(conditions('web')).toEqual([]);
  });

  it('is put off while others have it, and given when they go', async () => {
    await cluster.create(
      pod('web', { resources: size('1') }),
      pod('other', { resources: size('2') }),
    );
    await cluster.settle();
    await resize('web', requests('3'));
    await cluster.advance('5s');
    expect(conditions('web')).toMatchObject([
      {
        type: 'PodResizePending',
        reason: 'Deferred',
        message:
          "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000",
      },
    ]);
    expect(cluster.converged).toBe(false);
    const { unconverged } = await cluster.settle();
    expect(unconverged.map(({ waitingFor }) => waitingFor)).toEqual([
      "PodResizePending: Deferred: Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000",
    ]);
    await cluster.delete(Pod, 'other');
    await cluster.settle();
    await cluster.advance('5s');
    expect(cluster.converged).toBe(true);
    expect([sizes('web'), conditions('web')]).toEqual([['3', '3'], []]);
    expect(told('web').map((each) => each.split(' ')[1])).toEqual([
      'ResizeDeferred',
      'ResizeStarted',
      'ResizeCompleted',
    ]);
  });

  it('is no reason to turn the pod away when the kubelet starts anew', async () => {
    await cluster.create(pod('web', { resources: size('500m') }));
    await cluster.settle();
    await resize('web', requests('6'));
    await cluster.advance('5s');
    cluster.cluster.restart('nodes');
    await cluster.advance('30s');
    expect([statusOf('web').phase, sizes('web')]).toEqual(['Running', ['500m', '500m']]);
    expect(conditions('web')).toMatchObject([{ reason: 'Infeasible' }]);
    await resize('web', requests('1'));
    await cluster.advance('5s');
    expect([sizes('web'), conditions('web')]).toEqual([['1', '1'], []]);
  });

  it('goes to the more important of those that wait when another pod becomes smaller', async () => {
    await cluster.create(
      pod('low', { resources: size('500m') }),
      pod('high', { resources: size('500m') }, { priorityClassName: 'system-cluster-critical' }),
      pod('big', { resources: size('2500m') }),
    );
    await cluster.settle();
    await resize('low', requests('1500m'));
    await resize('high', requests('1500m'));
    await cluster.advance('5s');
    expect([sizes('low')[0], sizes('high')[0]]).toEqual(['500m', '500m']);
    await resize('big', requests('1500m'));
    await cluster.advance('5s');
    expect([sizes('low')[0], sizes('high')[0]]).toEqual(['500m', '1500m']);
  });
});

describe('what a resize costs', () => {
  it('counts on the node as the most of what it wants, has set aside and has', async () => {
    await cluster.create(
      pod('web', { resources: size('1') }),
      pod('other', { resources: size('1') }),
    );
    await cluster.settle();
    await resize('web', requests('3500m'));
    await cluster.create(pod('small', { resources: size('500m') }));
    await cluster.advance('10s');
    // It waits for its 3.5 processors, which nobody else gets meanwhile.
    expect(conditions('web')).toMatchObject([{ reason: 'Deferred' }]);
    expect(statusOf('small').phase).toBe('Pending');
    await resize('web', requests('6'));
    await cluster.advance('30s');
    // What it can never have it does not keep from others.
    expect(conditions('web')).toMatchObject([{ reason: 'Infeasible' }]);
    expect(statusOf('small').phase).toBe('Running');
  });

  it('is charged to quotas at once, and given back when it has become smaller', async () => {
    await cluster.create(
      new ResourceQuota({
        metadata: { name: 'q' },
        spec: { hard: { 'requests.cpu': '2' } as never },
      }),
    );
    await cluster.settle();
    await cluster.create(pod('web', { resources: size('500m') }));
    await cluster.settle();
    const used = () => cluster.get(ResourceQuota, 'q').status?.used?.['requests.cpu' as never];
    await resize('web', requests('1500m'));
    expect(used()).toBe('1500m');
    await expect(resize('web', requests('2500m'))).rejects.toThrow(
      'exceeded quota: q, requested: requests.cpu=1, used: requests.cpu=1500m, limited: requests.cpu=2',
    );
    await cluster.advance('10s');
    await resize('web', requests('200m'));
    expect(used()).toBe('1500m');
    await cluster.advance('10s');
    expect(used()).toBe('200m');
  });
});
