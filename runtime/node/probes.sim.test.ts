import { describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { Event, Pod, Service } from '../../generated/core/v1/index.ts';
import type { Container, Pod as PodObject } from '../../generated/core/v1/types.ts';
import { EndpointSlice } from '../../generated/discovery/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const labels = { app: 'web' };
const HTTP = { httpGet: { path: '/healthz', port: 'http' } };

/** A pod `web` behind a service on a node that has its image, and what its program does. */
async function start(
  container: Partial<Container>,
  behaviour: BehaviourSpec,
  spec: Partial<PodObject['spec']> = {},
): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: { n1: { images: ['web:1'] } } } as never);
  await cluster.settle();
  const main = { name: 'main', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] };
  await cluster.create(
    new Behaviour({
      metadata: { name: 'web' },
      spec: {
        container: 'main',
        pull: { duration: '0s' },
        start: { duration: '0s' },
        ...behaviour,
      },
    }),
    new Service({ metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] } }),
    new Pod({
      metadata: { name: 'web', labels },
      spec: { containers: [{ ...main, ...container }], ...spec },
    } as never),
  );
  return cluster;
}

const pod = (cluster: TestCluster) => cluster.get(Pod, 'web');
const condition = (cluster: TestCluster, type = 'Ready') =>
  pod(cluster).status?.conditions?.find((each) => each.type === type);
const main = (cluster: TestCluster) => pod(cluster).status!.containerStatuses![0]!;
const endpoint = (cluster: TestCluster) =>
  cluster.list(EndpointSlice).find(({ metadata }) => metadata.name !== 'kubernetes')?.endpoints?.[0]
    ?.conditions;
const events = (cluster: TestCluster, ...reasons: string[]): string[] =>
  cluster
    .list(Event)
    .filter(
      ({ involvedObject, reason = '' }) =>
        involvedObject?.name === 'web' && reasons.includes(reason),
    )
    .map(({ message = '' }) => message.replaceAll(pod(cluster).status?.podIP ?? '-', 'IP'));

describe('readiness', () => {
  it('over HTTP goes with the answers, into endpoints and events', async () => {
    const cluster = await start(
      { readinessProbe: { ...HTTP, periodSeconds: 5, successThreshold: 2, failureThreshold: 2 } },
      {
        ready: { after: '7s' },
        probes: {
          readiness: [
            { from: '60s', until: '80s', status: 503 },
            { from: '80s', until: '100s', delay: '4s' },
            { from: '2m', path: '/other', status: 500 },
            { from: '3m', path: '/healthz', location: 'https://login.example/' },
          ],
        },
      },
    );
    await cluster.advance('12s');
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['False', false]);
    expect(condition(cluster)).toMatchObject({
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [main]',
      observedGeneration: 1,
    });
    await cluster.advance('8s');
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['True', true]);
    await cluster.advance('60s');
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['False', false]);
    await cluster.advance('60s');
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['True', true]);
    await cluster.advance('60s');
    expect(endpoint(cluster)?.ready).toBe(true);
    expect(events(cluster, 'Unhealthy', 'ProbeWarning')).toEqual([
      'Readiness probe failed: Get "http://IP:8080/healthz": dial tcp IP:8080: connect: connection refused',
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
      'Readiness probe failed: Get "http://IP:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'Readiness probe warning: Probe terminated redirects, Response body: <a href="https://login.example/">Found</a>.\n\n',
    ]);
  });

  it('on the host network asks at the address of the node', async () => {
    const cluster = await start(
      { readinessProbe: { tcpSocket: { port: 8080 } } },
      { ready: { after: '1h' } },
      { hostNetwork: true },
    );
    await cluster.advance('1m');
    expect(pod(cluster).status?.podIP).toBe(pod(cluster).status?.hostIP);
    expect(events(cluster, 'Unhealthy')).toEqual([
      'Readiness probe failed: dial tcp IP:8080: connect: connection refused',
    ]);
  });

  it('never comes where a probe names a port that is not there', async () => {
    const cluster = await start(
      {
        readinessProbe: { httpGet: { port: 'admin' } },
        livenessProbe: { httpGet: { port: 'admin' }, failureThreshold: 1 },
      },
      {},
    );
    await cluster.advance('10m');
    expect(condition(cluster)?.status).toBe('False');
    expect(main(cluster)).toMatchObject({ restartCount: 0, started: true });
    expect(events(cluster, 'Unhealthy').toSorted()).toEqual([
      'Liveness probe errored and resulted in unknown state: strconv.Atoi: parsing "admin": invalid syntax',
      'Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "admin": invalid syntax',
    ]);
  });

  it('waits for the gates of the pod', async () => {
    const conditionType = 'shop.example/registered';
    const cluster = await start({}, {}, { readinessGates: [{ conditionType }] } as never);
    await cluster.advance('10s');
    expect(condition(cluster, 'ContainersReady')?.status).toBe('True');
    expect(condition(cluster)).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: `corresponding condition of pod readiness gate "${conditionType}" does not exist.`,
    });
    const say = async (status: 'True' | 'False'): Promise<void> => {
      const patch = { status: { conditions: [{ type: conditionType, status }] } };
      const target = { name: 'web', namespace: 'default' };
      await cluster.client.patch(Pod.resource, target, patch, { subresource: 'status' });
      await cluster.advance('1s');
    };
    await say('False');
    expect(condition(cluster)?.message).toBe(
      `the status of pod readiness gate "${conditionType}" is not "True", but False`,
    );
    expect(endpoint(cluster)?.ready).toBe(false);
    await say('True');
    expect(condition(cluster)?.status).toBe('True');
    expect(endpoint(cluster)?.ready).toBe(true);
  });

  it('goes on while the pod ends: its endpoint serves as long as it says so', async () => {
    const cluster = await start(
      { readinessProbe: { ...HTTP, periodSeconds: 2, failureThreshold: 2 } },
      { terminate: { duration: '40s', serves: false } },
      { terminationGracePeriodSeconds: 60 } as never,
    );
    await cluster.advance('20s');
    await cluster.delete(Pod, 'web');
    await cluster.advance('1s');
    expect(endpoint(cluster)).toEqual({ ready: false, serving: true, terminating: true });
    await cluster.advance('6s');
    expect(endpoint(cluster)).toEqual({ ready: false, serving: false, terminating: true });
    expect(condition(cluster)?.status).toBe('False');
    await cluster.advance('40s');
    expect(cluster.list(Pod)).toEqual([]);
  });
});

describe('liveness', () => {
  it('is held back by startup, then has the container killed and started again', async () => {
    const cluster = await start(
      {
        startupProbe: { grpc: { port: 9090 }, periodSeconds: 5, failureThreshold: 6 },
        livenessProbe: {
          exec: { command: ['cat', '/alive'] },
          periodSeconds: 5,
          failureThreshold: 2,
        },
      },
      {
        ready: { after: '18s' },
        probes: {
          liveness: [
            { until: '15s', exitCode: 1, message: 'not yet' },
            { from: '60s', exitCode: 1, message: 'cat: /alive: No such file', times: 1 },
          ],
        },
        terminate: { duration: '2s', code: 143 },
      },
    );
    await cluster.advance('15s');
    expect(main(cluster)).toMatchObject({ started: false, ready: false });
    await cluster.advance('10s');
    expect(main(cluster)).toMatchObject({ started: true, ready: true, restartCount: 0 });
    await cluster.advance('75s');
    expect(main(cluster)).toMatchObject({
      started: true,
      restartCount: 1,
      lastState: { terminated: { exitCode: 143, reason: 'Error' } },
    });
    expect(events(cluster, 'Unhealthy', 'Killing')).toEqual([
      'Startup probe failed: timeout: failed to connect service "IP:9090" within 1s: context deadline exceeded',
      'Liveness probe failed: cat: /alive: No such file',
      'Container main failed liveness probe, will be restarted',
    ]);
  });

  it('of a program that never comes up leads to a crash loop', async () => {
    const probe = { ...HTTP, periodSeconds: 1, failureThreshold: 3 };
    const cluster = await start(
      { startupProbe: { ...probe, terminationGracePeriodSeconds: 4 } },
      { ready: { after: '1h' }, terminate: { ignoresSigterm: true } },
    );
    await cluster.advance('5m');
    expect(main(cluster).state?.waiting).toMatchObject({
      reason: 'CrashLoopBackOff',
      message: expect.stringMatching(
        /^back-off 2m40s restarting failed container=main pod=web_default\(.*\)$/,
      ),
    });
    expect(main(cluster).lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
    expect(events(cluster, 'Killing')[0]).toBe(
      'Container main failed startup probe, will be restarted',
    );
  });

  it('takes traffic away from a container while it starts again', async () => {
    const cluster = await start(
      { readinessProbe: HTTP, livenessProbe: { ...HTTP, failureThreshold: 1 } },
      {
        start: { duration: '3s' },
        probes: { liveness: [{ from: '55s', status: 500, times: 1 }] },
        terminate: { duration: '2s' },
      },
    );
    await cluster.advance('1m');
    expect(endpoint(cluster)?.ready).toBe(true);
    await cluster.advance('3s');
    expect(main(cluster).state?.terminated?.exitCode).toBe(0);
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['False', false]);
    await cluster.advance('4s');
    expect(main(cluster).restartCount).toBe(1);
    expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['True', true]);
  });

  it('of a program that does not serve yet kills it, as on any node', async () => {
    const cluster = await start({ livenessProbe: HTTP }, { ready: { after: '2m' } });
    await cluster.advance('1m');
    expect(main(cluster).restartCount).toBeGreaterThan(0);
  });
});

it('a sidecar is probed like any container, and its readiness is the pod’s', async () => {
  const mesh = {
    name: 'mesh',
    image: 'web:1',
    restartPolicy: 'Always' as const,
    ports: [{ name: 'up', containerPort: 15000 }],
    startupProbe: { tcpSocket: { port: 'up' }, periodSeconds: 2, failureThreshold: 10 },
    readinessProbe: {
      httpGet: { port: 'up', path: '/ready' },
      periodSeconds: 2,
      failureThreshold: 1,
    },
  };
  const cluster = await start({}, {}, { initContainers: [mesh] } as never);
  await cluster.create(
    new Behaviour({
      metadata: { name: 'mesh' },
      spec: {
        container: 'mesh',
        priority: 1,
        ready: { after: '5s' },
        probes: { readiness: [{ from: '30s', until: '40s', status: 500 }] },
      },
    }),
  );
  await cluster.advance('4s');
  expect(condition(cluster, 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: 'containers with incomplete status: [mesh]',
  });
  expect(main(cluster).state?.waiting?.reason).toBe('PodInitializing');
  await cluster.advance('10s');
  expect([condition(cluster)?.status, endpoint(cluster)?.ready]).toEqual(['True', true]);
  await cluster.advance('20s');
  expect(condition(cluster)).toMatchObject({
    status: 'False',
    message: 'containers with unready status: [mesh]',
  });
  expect(endpoint(cluster)?.ready).toBe(false);
  await cluster.advance('20s');
  expect(endpoint(cluster)?.ready).toBe(true);
});

it('probes are work only where something changes', async () => {
  const probe = { ...HTTP, periodSeconds: 1 };
  const cluster = await start(
    { readinessProbe: probe, livenessProbe: probe },
    { probes: { readiness: [{ from: '1h', until: '20h', status: 503 }] } },
  );
  await cluster.advance('1m');
  const { journal } = cluster.cluster;
  const looks = (): number =>
    journal.latest(
      100_000,
      (each) =>
        each.type === 'reconcile' && each.component === 'nodes' && each.key === 'pod/default/web',
    ).length;
  const before = looks();
  await cluster.advance('23h');
  expect(condition(cluster)?.status).toBe('True');
  expect(looks() - before).toBeLessThan(10);
});
