import { beforeEach, describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import { Pod } from '../../generated/core/v1/index.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import type { PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const WEB = { name: 'web', namespace: 'default' };
let cluster: TestCluster;

beforeEach(async () => {
  cluster = await createCluster({ nodes: 1 });
});

const pod = (spec: Partial<PodSpec> = {}) =>
  new Pod({
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'main', image: 'web:1' }], ...spec },
  });
const debug = (name = 'debug', image = 'busybox') =>
  cluster.client.patch(
    pods,
    WEB,
    { spec: { ephemeralContainers: [{ name, image, stdin: true, targetContainerName: 'main' }] } },
    { subresource: 'ephemeralcontainers' },
  );
const status = () => cluster.get(Pod, 'web').status!;
const statusOf = (name: string) =>
  status().ephemeralContainerStatuses?.find((each) => each.name === name);

describe('a container that is put into a running pod', () => {
  it('is pulled and started, and touches neither the others nor the phase', async () => {
    await cluster.create(pod());
    await cluster.settle();
    const { containerStatuses, conditions } = status();
    await debug();
    await cluster.advance('10s');
    expect(statusOf('debug')).toMatchObject({
      name: 'debug',
      ready: false,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt: expect.anything() } },
    });
    expect(statusOf('debug')).not.toHaveProperty('started');
    expect(status().containerStatuses).toEqual(containerStatuses);
    expect(status().phase).toBe('Running');
    expect(status().conditions?.map(({ type, status: is }) => [type, is])).toEqual(
      conditions?.map(({ type, status: is }) => [type, is]),
    );
    const own = cluster
      .events('web')
      .filter(
        ({ involvedObject }) => involvedObject.fieldPath === 'spec.ephemeralContainers{debug}',
      );
    expect(own.map(({ reason }) => reason)).toEqual(['Pulling', 'Pulled', 'Created', 'Started']);
    expect(cluster.get(Pod, 'web').metadata.generation).toBe(2);
    expect(status().observedGeneration).toBe(2);
  });

  it('runs once: neither its end nor its exit code starts it again', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'b' },
        spec: { container: 'debug', exit: [{ after: '5s', code: 3 }] },
      }),
      pod(),
    );
    await cluster.settle();
    await debug();
    await cluster.advance('10s');
    await cluster.advance('10m');
    expect(statusOf('debug')).toMatchObject({
      restartCount: 0,
      state: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(status().phase).toBe('Running');
    expect(cluster.get(Pod, 'web').status?.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it('starts while init containers still run', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'b' },
        spec: { container: 'first', exit: [{ after: '1h' }] },
      }),
      pod({ initContainers: [{ name: 'first', image: 'first:1' }] }),
    );
    await cluster.advance('30s');
    await debug();
    await cluster.advance('30s');
    expect(statusOf('debug')?.state?.running).toBeDefined();
    expect(status().phase).toBe('Pending');
  });

  it('has a log, by what behaviours say of it', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'b' },
        spec: { image: 'busybox', logs: [{ line: '/ #' }] },
      }),
      pod(),
    );
    await cluster.settle();
    await debug();
    await cluster.advance('10s');
    const text = await cluster.client.readText(pods, WEB, 'log', { container: 'debug' });
    expect(text).toBe('/ #\n');
  });

  it('keeps its state when others are put before it', async () => {
    await cluster.create(pod());
    await cluster.settle();
    await debug('zulu');
    await cluster.advance('10s');
    const first = statusOf('zulu');
    const live = cluster.get(Pod, 'web');
    const specs = live.spec!.ephemeralContainers!;
    const alfa = { ...specs[0]!, name: 'alfa' };
    await cluster.client.updateSubresource(
      pods,
      { ...live, spec: { ...live.spec, ephemeralContainers: [alfa, ...specs] } } as never,
      'ephemeralcontainers',
    );
    await cluster.advance('10s');
    expect(status().ephemeralContainerStatuses?.map(({ name }) => name)).toEqual(['alfa', 'zulu']);
    expect(statusOf('zulu')).toEqual(first);
    expect(statusOf('alfa')?.containerID).not.toBe(first?.containerID);
  });
});

describe('the end of a pod', () => {
  it('waits for the ephemeral container when the work is done', async () => {
    await cluster.create(
      new Behaviour({
        metadata: { name: 'work' },
        spec: { container: 'main', exit: [{ after: '1m' }] },
      }),
      new Behaviour({
        metadata: { name: 'shell' },
        spec: { container: 'debug', terminate: { duration: '8s' } },
      }),
      pod({ restartPolicy: 'Never' }),
    );
    await cluster.advance('10s');
    await debug();
    await cluster.advance('55s');
    expect(status().containerStatuses?.[0]?.state?.terminated).toBeDefined();
    expect([status().phase, Object.keys(statusOf('debug')!.state!)]).toEqual([
      'Running',
      ['running'],
    ]);
    await cluster.settle();
    expect([status().phase, Object.keys(statusOf('debug')!.state!)]).toEqual([
      'Succeeded',
      ['terminated'],
    ]);
  });

  it('takes the ephemeral container along when the pod is deleted', async () => {
    await cluster.create(pod());
    await cluster.settle();
    await debug();
    await cluster.advance('10s');
    await cluster.delete(Pod, 'web');
    await cluster.settle();
    expect(cluster.find(Pod, 'web')).toBeUndefined();
    expect(cluster.events('web').map(({ message }) => message)).toContain(
      'Stopping container debug',
    );
  });
});
