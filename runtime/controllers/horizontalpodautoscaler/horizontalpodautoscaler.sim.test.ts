import { describe, expect, it } from 'vitest';
import { Deployment, StatefulSet } from '../../../generated/apps/v1/index.ts';
import { HorizontalPodAutoscaler } from '../../../generated/autoscaling/v2/index.ts';
import { Behaviour, Cluster } from '../../../generated/cluster/v1/index.ts';
import { Pod, ReplicationController } from '../../../generated/core/v1/index.ts';
import { clusterroles } from '../../../generated/rbac/v1/resources.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };
const labels = { app: 'web' };
const container = { name: 'main', image: 'web:1', resources: { requests: { cpu: '500m' } } };
const template = { metadata: { labels }, spec: { containers: [container] } };

const web = (replicas: number, spec: object = {}) =>
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { ...template, spec: { ...template.spec, ...spec } },
    } as never,
  });

/** Work that the pods share: from the start, and its changes. */
const load = (cpu: string, ...curve: readonly (readonly [at: string, cpu: string])[]) =>
  new Behaviour({
    metadata: { name: 'load', ...IN },
    spec: {
      selector: { matchLabels: labels },
      usage: { load: { cpu, curve: curve.map(([at, amount]) => ({ at, cpu: amount })) } },
    } as never,
  });

const target = (kind = 'Deployment', apiVersion = 'apps/v1', name = 'web') => ({
  apiVersion,
  kind,
  name,
});
const autoscaler = (spec: object = {}, name = 'web') =>
  new HorizontalPodAutoscaler({
    metadata: { name },
    spec: {
      scaleTargetRef: target(),
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
      ...spec,
    } as never,
  });

const settingsOf = (controllerManager: object) =>
  new Cluster({ metadata: { name: 'default' }, spec: { controllerManager } as never });

const replicasOf = (cluster: TestCluster): number | undefined =>
  cluster.get(Deployment, 'web').spec!.replicas;

function conditionOf(cluster: TestCluster, type: string, name = 'web'): string | undefined {
  const { conditions = [] } = cluster.get(HorizontalPodAutoscaler, name).status ?? {};
  const found = conditions.find((each) => each.type === type);
  return found && `${found.status} ${found.reason}`;
}

const told = (cluster: TestCluster, about = 'web'): string[] =>
  cluster
    .events(about)
    .filter(({ source }) => source?.component === 'horizontal-pod-autoscaler')
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

/** When, in seconds, the number of wanted pods became what. */
async function course(cluster: TestCluster, untilSeconds: number): Promise<[number, number][]> {
  const startMs = cluster.now;
  const steps: [number, number][] = [];
  for (let second = 0; second <= untilSeconds; second += 5) {
    const replicas = replicasOf(cluster)!;
    if (steps.at(-1)?.[1] !== replicas) steps.push([(cluster.now - startMs) / 1000, replicas]);
    await cluster.advance('5s');
  }
  return steps;
}

describe('an autoscaler', () => {
  it('adds pods until the load is where it should be, and takes them away five minutes after', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(load('400m', ['2m', '2'], ['10m', '100m']), web(2), autoscaler());
    expect(await course(cluster, 1_200)).toEqual([
      [0, 2],
      [135, 4],
      [150, 8],
      [915, 1],
    ]);
    expect(told(cluster)).toEqual([
      'Normal SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
      'Normal SuccessfulRescale: New size: 8; reason: cpu resource utilization (percentage of request) above target',
      'Normal SuccessfulRescale: New size: 1; reason: All metrics below target',
    ]);
    const { status } = cluster.get(HorizontalPodAutoscaler, 'web');
    expect(status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 1,
      lastScaleTime: '2026-01-01T00:15:15Z',
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 20, averageValue: '100m' } },
        },
      ],
    });
  });

  it('is not at its goal before it has looked, and while it moves; it is when metrics are at their target', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(load('2'), web(2), autoscaler());
    await cluster.advance('10s');
    expect(cluster.get(HorizontalPodAutoscaler, 'web').status?.conditions).toBeUndefined();
    expect(cluster.converged).toBe(false);
    expect(await cluster.settle()).toMatchObject({ converged: true });
    expect(replicasOf(cluster)).toBe(8);
  });

  it('writes nothing while nothing changes', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(load('500m'), web(2), autoscaler());
    await cluster.settle();
    await cluster.advance('1m');
    const { resourceVersion } = cluster.get(HorizontalPodAutoscaler, 'web').metadata;
    await cluster.advance('10m');
    expect(cluster.get(HorizontalPodAutoscaler, 'web').metadata.resourceVersion).toBe(
      resourceVersion,
    );
  });

  it('goes by the flags of the controller manager', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(
      settingsOf({
        horizontalPodAutoscalerSyncPeriod: '30s',
        horizontalPodAutoscalerDownscaleStabilization: '1m',
        horizontalPodAutoscalerTolerance: 0.5,
      }),
      load('700m', ['2m', '2'], ['5m', '100m']),
      web(2),
      autoscaler(),
    );
    // 70 % of a target of 50 % is within half of it.
    expect(await course(cluster, 500)).toEqual([
      [0, 2],
      [150, 4],
      [180, 8],
      [390, 1],
    ]);
  });

  it('does not count a pod that does not serve yet', async () => {
    const probe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const slow = new Behaviour({
      metadata: { name: 'slow', ...IN },
      spec: { ready: { after: '3m' } },
    } as never);
    const cluster = await createCluster({ nodes: 3 });
    const containers = [{ ...container, readinessProbe: probe }];
    await cluster.create(slow, load('2'), web(2, { containers }), autoscaler());
    await cluster.advance('2m');
    expect(conditionOf(cluster, 'ScalingActive')).toBe('False FailedGetResourceMetric');
    expect(told(cluster).at(-1)).toContain('pods might be unready');
    await cluster.advance('2m');
    expect(conditionOf(cluster, 'ScalingActive')).toBe('True ValidMetricFound');
    // Two pods do the work of eight; those that come are idle for all that is known, and so not asked for again.
    expect(replicasOf(cluster)).toBe(8);
    await cluster.advance('10m');
    expect(replicasOf(cluster)).toBe(8);
  });

  it('goes as fast as its behaviour allows', async () => {
    const cluster = await createCluster({ nodes: 4 });
    const behavior = {
      scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      scaleDown: {
        stabilizationWindowSeconds: 0,
        policies: [{ type: 'Percent', value: 50, periodSeconds: 30 }],
      },
    };
    await cluster.create(load('2', ['5m', '100m']), web(2), autoscaler({ behavior }));
    const steps = await course(cluster, 420);
    expect(steps.map(([, replicas]) => replicas)).toEqual([2, 3, 4, 5, 6, 7, 3, 1]);
    const [, ...times] = steps.map(([second]) => second);
    expect(times.slice(0, 5)).toEqual([15, 75, 135, 195, 255]);
    expect(times[6]! - times[5]!).toBe(30);
    expect(conditionOf(cluster, 'ScalingLimited')).toBe('False DesiredWithinRange');
  });

  it('does not take pods away where its behaviour forbids it', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0, selectPolicy: 'Disabled' } };
    await cluster.create(load('100m'), web(3), autoscaler({ behavior }));
    await cluster.advance('10m');
    expect(replicasOf(cluster)).toBe(3);
    expect(conditionOf(cluster, 'ScalingLimited')).toBe('True ScaleDownLimit');
  });

  it('brings a target into its limits, whatever the metrics say, and leaves one alone that is off', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(web(2), autoscaler({ minReplicas: 4 }));
    await cluster.settle();
    expect(told(cluster)).toEqual([
      'Normal SuccessfulRescale: New size: 4; reason: Current number of replicas below Spec.MinReplicas',
    ]);
    await cluster.patch(Deployment, 'web', { spec: { replicas: 12 } });
    await cluster.advance('20s');
    expect(replicasOf(cluster)).toBe(10);
    await cluster.patch(Deployment, 'web', { spec: { replicas: 0 } });
    await cluster.advance('1m');
    expect(replicasOf(cluster)).toBe(0);
    expect(conditionOf(cluster, 'ScalingActive')).toBe('False ScalingDisabled');
    expect(cluster.converged).toBe(true);
  });

  it('scales whatever has a scale', async () => {
    const cluster = await createCluster({ nodes: 3 });
    await cluster.create(
      load('2'),
      new StatefulSet({
        metadata: { name: 'web' },
        spec: { serviceName: 'web', selector: { matchLabels: labels }, template } as never,
      }),
      autoscaler({ scaleTargetRef: target('StatefulSet') }),
    );
    await cluster.advance('2m');
    expect(cluster.get(StatefulSet, 'web').spec!.replicas).toBe(8);
    const other = await createCluster({ nodes: 3 });
    await other.create(
      load('2'),
      new ReplicationController({
        metadata: { name: 'web' },
        spec: { replicas: 1, selector: labels, template } as never,
      }),
      autoscaler({ scaleTargetRef: target('ReplicationController', 'v1') }),
    );
    await other.advance('2m');
    expect(other.get(ReplicationController, 'web').spec!.replicas).toBe(8);
  });

  it('that is gone is forgotten: a new one of its name begins anew', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(load('100m'), web(4), autoscaler());
    await cluster.advance('4m');
    await cluster.delete(HorizontalPodAutoscaler, 'web');
    await cluster.cluster.drain();
    await cluster.create(autoscaler());
    await cluster.advance('2m');
    expect(replicasOf(cluster)).toBe(4);
    await cluster.advance('4m');
    expect(replicasOf(cluster)).toBe(1);
  });

  it('goes on in a fork as it would have', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(load('1', ['1m', '100m']), web(4), autoscaler());
    await cluster.advance('3m');
    const fork = await cluster.cluster.fork();
    await cluster.advance('6m');
    await fork.advance(6 * 60_000);
    expect(fork.journal.hash()).toBe(cluster.journalHash);
    expect(replicasOf(cluster)).toBe(1);
  });
});

describe('an autoscaler cannot scale', () => {
  it.each([
    [target('Deployment', 'apps/v1', 'gone'), 'deployments.apps "gone" not found'],
    [target('Thing', 'shop/v1'), 'no matches for kind "Thing" in group "shop"'],
  ])('%o', async (scaleTargetRef, why) => {
    const cluster = await createCluster();
    await cluster.create(autoscaler({ scaleTargetRef }));
    const { converged, unconverged } = await cluster.settle();
    expect(told(cluster)[0]).toBe(`Warning FailedGetScale: ${why}`);
    expect([converged, unconverged[0]?.waitingFor]).toEqual([
      false,
      `AbleToScale: FailedGetScale: the HPA controller was unable to get the target's current scale: ${why}`,
    ]);
  });

  it('pods that do not say what they request', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const containers = [{ name: 'main', image: 'web:1' }];
    await cluster.create(load('2'), web(1, { containers }), autoscaler());
    const { converged, virtualMs } = await cluster.settle();
    expect(converged).toBe(false);
    expect(virtualMs).toBeLessThan(5 * 60_000);
    const [{ metadata }] = cluster.list(Pod) as [Pod];
    const why = `failed to get cpu utilization: missing request for cpu in container main of Pod ${metadata.name}`;
    expect(told(cluster)).toContain(`Warning FailedGetResourceMetric: ${why}`);
    expect(told(cluster)).toContain(
      `Warning FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
    );
    expect(cluster.get(HorizontalPodAutoscaler, 'web').status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 0,
      currentMetrics: [{ type: '' }],
    });
  });

  it('pods that another one scales', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(load('2'), web(1), autoscaler(), autoscaler({}, 'again'));
    await cluster.advance('1m');
    const why =
      'pods by selector app=web are controlled by multiple HPAs: [default/again default/web]';
    for (const name of ['web', 'again']) {
      expect(told(cluster, name)).toContain(`Warning AmbiguousSelector: ${why}`);
      expect(conditionOf(cluster, 'ScalingActive', name)).toBe('False AmbiguousSelector');
    }
    await cluster.delete(HorizontalPodAutoscaler, 'again');
    await cluster.advance('1m');
    expect(conditionOf(cluster, 'ScalingActive')).toBe('True ValidMetricFound');
  });

  it('a target that does not take the number', async () => {
    const refuses = 'the number is wrong';
    const cluster = await createCluster({
      nodes: 1,
      between: (transport) => ({
        ...transport,
        request: (request) =>
          request.subresource === 'scale' && request.verb === 'update'
            ? {
                code: 403,
                object: {
                  kind: 'Status',
                  apiVersion: 'v1',
                  metadata: {},
                  status: 'Failure',
                  message: refuses,
                  reason: 'Forbidden',
                  code: 403,
                } as never,
              }
            : transport.request(request),
      }),
    });
    await cluster.create(load('2'), web(1), autoscaler());
    await cluster.advance('1m');
    expect(conditionOf(cluster, 'AbleToScale')).toBe('False FailedUpdateScale');
    expect(told(cluster)).toContain(
      `Warning FailedRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target; error: ${refuses}`,
    );
    expect(cluster.get(HorizontalPodAutoscaler, 'web').status?.desiredReplicas).toBe(0);
  });
});

it('metrics may be read by whoever may view the cluster', async () => {
  const cluster = await createCluster();
  await cluster.settle();
  const view = await cluster.client.get(clusterroles, 'view');
  expect(view.rules).toContainEqual({
    apiGroups: ['metrics.k8s.io'],
    resources: ['nodes', 'pods'],
    verbs: ['get', 'list', 'watch'],
  });
});
