import { describe, expect, it, vi } from 'vitest';
import { horizontalpodautoscalers as first } from '../../../generated/autoscaling/v1/resources.ts';
import { horizontalpodautoscalers as second } from '../../../generated/autoscaling/v2/resources.ts';
import { events as coreEvents } from '../../../generated/core/v1/resources.ts';
import { events as newEvents } from '../../../generated/events/v1/resources.ts';
import { schemaSet } from '../../../generated/registry.ts';
import type { Schema, SchemaSet } from '../../../generator/model/index.ts';
import { Random, VirtualClock } from '../../base/index.ts';
import { localTransport } from '../../cluster/local-transport.ts';
import type { ApiRequest, KubeObject } from '../../meta/index.ts';
import { Journal } from '../../trace/index.ts';
import { refusal, serverForTests } from '../server.fakes.ts';
import { ApiServer } from '../server.ts';
import { conversionOf } from './conversion.ts';

const IN = { namespace: 'default' };
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const cpu = (averageUtilization: number) =>
  ({
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
  }) as const;
const rps = {
  type: 'Pods',
  pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '100' } },
} as const;

const old = (name: string, more: object = {}) => ({
  metadata: { name, ...IN },
  spec: { scaleTargetRef: target, maxReplicas: 5, ...more },
});

describe('an object in two versions', () => {
  it('is one object, whichever version it came by', async () => {
    const { client, server } = await serverForTests();
    const made = await client.create(first, old('a', { targetCPUUtilizationPercentage: 50 }));
    expect(made).toMatchObject({
      apiVersion: 'autoscaling/v1',
      spec: { minReplicas: 1, targetCPUUtilizationPercentage: 50 },
    });
    const stored = await client.get(second, 'a', 'default');
    expect(stored).toMatchObject({ apiVersion: 'autoscaling/v2', spec: { metrics: [cpu(50)] } });
    expect(stored.metadata).toEqual(made.metadata);
    expect(server.cache(second).size).toBe(1);
    await client.delete(first, { name: 'a', ...IN });
    expect(await refusal(client.get(second, 'a', 'default'))).toMatchObject({ code: 404 });
  });

  it('has the defaults of the version it came by and of the stored one', async () => {
    const { client } = await serverForTests();
    const made = await client.create(first, old('a'));
    expect(made.spec.targetCPUUtilizationPercentage).toBe(80);
    expect(await refusal(client.create(first, old('b', { maxReplicas: 0 })))).toMatchObject({
      code: 422,
      fields: ['spec.maxReplicas', 'spec.maxReplicas'],
    });
    const none = client.create(first, old('b', { targetCPUUtilizationPercentage: 0 }));
    expect(await refusal(none)).toMatchObject({
      fields: ['spec.metrics[0].resource.target.averageUtilization'],
    });
  });

  it('carries what the other version cannot say there and back', async () => {
    const { client } = await serverForTests();
    await client.create(second, {
      metadata: { name: 'a', ...IN, annotations: { mine: 'yes' } },
      spec: { scaleTargetRef: target, maxReplicas: 5, metrics: [rps, cpu(60)], behavior: {} },
    });
    const seen = await client.get(first, 'a', 'default');
    expect(seen.spec).toEqual({
      scaleTargetRef: target,
      minReplicas: 1,
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 60,
    });
    const { mine, [METRICS]: metrics = '' } = seen.metadata.annotations ?? {};
    expect([mine, JSON.parse(metrics)]).toEqual([
      'yes',
      [{ type: 'Pods', pods: { metricName: 'rps', targetAverageValue: '100' } }],
    ]);
    await client.update(first, { ...seen, spec: { ...seen.spec, maxReplicas: 9 } });
    const after = await client.get(second, 'a', 'default');
    expect(after.metadata.annotations).toEqual({ mine: 'yes' });
    expect(after.spec).toMatchObject({ maxReplicas: 9, metrics: [cpu(60), rps] });
    expect(after.spec.behavior?.scaleUp?.policies).toHaveLength(2);
  });

  it('is patched in the version that the client sees', async () => {
    const { client, server } = await serverForTests();
    await client.create(second, {
      ...old('a', { metrics: [cpu(60)] }),
    } as never);
    const patch = (patchType: string, body: unknown, options = {}) =>
      server.request({
        verb: 'patch',
        resource: first,
        name: 'a',
        ...IN,
        patchType,
        body,
        options,
        user: { name: 'u', groups: [] },
        cause: { component: 'tests', record: 0 },
      } as ApiRequest);
    const body = { spec: { targetCPUUtilizationPercentage: 70 } };
    const merged = await patch('application/merge-patch+json', body);
    expect(merged.object).toMatchObject({ apiVersion: 'autoscaling/v1', ...body });
    expect((await client.get(second, 'a', 'default')).spec.metrics).toEqual([cpu(70)]);
    const path = '/spec/targetCPUUtilizationPercentage';
    await patch('application/json-patch+json', [{ op: 'replace', path, value: 75 }]);
    expect((await client.get(second, 'a', 'default')).spec.metrics).toEqual([cpu(75)]);
    const config = { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler' };
    const applied = await patch(
      'application/apply-patch+yaml',
      { ...config, metadata: { name: 'a' }, spec: { ...old('a').spec, ...body.spec } },
      { fieldManager: 'me', force: true },
    );
    expect(applied.object).toMatchObject({ ...config, ...body });
    const unknown = await patch('application/merge-patch+json', { spec: { metrics: [] } });
    expect(unknown.warnings).toEqual(['unknown field "spec.metrics"']);
  });

  it('is listed, selected and followed in either version', async () => {
    const { client, server } = await serverForTests();
    const reader = server.subscribe(first, { notify: vi.fn() }, true);
    await client.create(second, old('a', { metrics: [rps] }) as never);
    await client.create(second, old('b') as never);
    const { items } = await client.list(first, { ...IN, fieldSelector: 'metadata.name=a' });
    expect(items.map(({ apiVersion, metadata }) => [apiVersion, metadata.name])).toEqual([
      ['autoscaling/v1', 'a'],
    ]);
    const event = reader.next();
    expect(event).toMatchObject({ type: 'ADDED', object: { apiVersion: 'autoscaling/v1' } });
    expect(event?.object).toBe(server.cache(first).row('default/a')?.object);
    const transport = localTransport(server);
    transport.addIndex(first, 'cpu', ({ spec }) => [
      String(spec.targetCPUUtilizationPercentage ?? 'none'),
    ]);
    const lister = transport.lister(first);
    expect(lister.byIndex('cpu', '80').map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(lister.countIndex('cpu', 'none')).toBe(1);
    const { spec } = server.cache(second).row('default/a')!.object as unknown as { spec: object };
    expect(server.inStorageVersion(first, event!.object)).toMatchObject({ spec });
  });
});

describe('versions with the same fields', () => {
  const shop = (version: string, storageVersion?: string) => {
    const [configMap] = schemaSet.kinds.filter(({ kind }) => kind === 'ConfigMap');
    const names = { group: 'shop', version, schema: 'shop/v1.ConfigMap' };
    return { ...configMap!, ...names, ...(storageVersion ? { storageVersion } : {}) };
  };
  const { apiVersion: _, ...properties } = schemaSet.definitions['core/v1.ConfigMap']!.properties!;
  const definition: Schema = {
    type: 'object',
    properties: { ...properties, apiVersion: { type: 'string' } },
  };
  const schemas: SchemaSet = {
    definitions: { ...schemaSet.definitions, 'shop/v1.ConfigMap': definition },
    kinds: [...schemaSet.kinds, shop('v1beta1', 'shop/v1'), shop('v1')],
  };

  it('need no function, and managers keep the version that they wrote', async () => {
    const clock = new VirtualClock();
    const server = new ApiServer({
      schemas,
      journal: new Journal(() => clock.now()),
      random: Random.seeded(1),
      now: () => clock.now(),
    });
    await server.bootstrap();
    const request = (version: string, more: object) =>
      server.request({
        resource: {
          group: 'shop',
          version,
          resource: 'configmaps',
          kind: 'ConfigMap',
          namespaced: true,
        },
        ...IN,
        user: { name: 'u', groups: [] },
        cause: { component: 'tests', record: 0 },
        ...more,
      } as unknown as ApiRequest);
    const body = { metadata: { name: 'a' }, data: { k: 'v' } };
    const made = await request('v1beta1', { verb: 'create', body });
    expect(made.object).toMatchObject({ apiVersion: 'shop/v1beta1', data: { k: 'v' } });
    const { object } = await request('v1', { verb: 'get', name: 'a' });
    expect(object).toMatchObject({ apiVersion: 'shop/v1', data: { k: 'v' } });
    const { resource } = { resource: { group: 'shop', version: 'v1', resource: 'configmaps' } };
    const shown = server.withManagedFields(resource as never, object);
    expect(shown.metadata.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual([
      'shop/v1beta1',
    ]);
  });
});

describe('conversionOf', () => {
  const { fromStorage, toStorage, hasSameFields } = conversionOf(
    'HorizontalPodAutoscaler',
    'autoscaling/v1',
    'autoscaling/v2',
  );
  const selector = { matchLabels: { a: 'b' } };
  const described = { kind: 'Service', name: 's' };
  const whole = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a' },
    spec: {
      scaleTargetRef: target,
      maxReplicas: 3,
      metrics: [
        cpu(10),
        rps,
        {
          type: 'Object',
          object: {
            describedObject: described,
            metric: { name: 'q', selector },
            target: { type: 'Value', value: '10k' },
          },
        },
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'memory',
            container: 'c',
            target: { type: 'AverageValue', averageValue: '1Gi' },
          },
        },
        {
          type: 'External',
          external: {
            metric: { name: 'queue', selector },
            target: { type: 'AverageValue', averageValue: '30' },
          },
        },
      ],
      behavior: {
        scaleDown: {
          selectPolicy: 'Min',
          policies: [{ type: 'Percent', value: 10, periodSeconds: 30 }],
        },
      },
    },
    status: {
      currentReplicas: 1,
      desiredReplicas: 2,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 7, averageValue: '70m' } },
        },
      ],
      conditions: [{ type: 'AbleToScale', status: 'True' }],
    },
  } as unknown as KubeObject;

  it('loses nothing of an autoscaler', () => {
    const seen = fromStorage(whole);
    expect(seen).toMatchObject({ status: { currentCPUUtilizationPercentage: 7 } });
    expect(toStorage(seen)).toEqual(whole);
    expect([fromStorage(whole) === seen, hasSameFields]).toEqual([true, false]);
  });

  it('writes a behaviour down as Kubernetes does', () => {
    const { annotations = {} } = fromStorage(whole).metadata;
    expect(JSON.parse(annotations['autoscaling.alpha.kubernetes.io/behavior']!)).toEqual({
      ScaleDown: {
        SelectPolicy: 'Min',
        Policies: [{ Type: 'Percent', Value: 10, PeriodSeconds: 30 }],
      },
    });
  });

  it('refuses annotations that are no JSON', () => {
    const metadata = { name: 'a', annotations: { [METRICS]: '{' } };
    const broken = { ...whole, metadata } as KubeObject;
    expect(() => toStorage(broken)).toThrow(METRICS);
  });
});

describe('events', () => {
  const WHEN = '2026-01-02T03:04:05.678901Z';
  const event = (more: object = {}) => ({
    metadata: { name: 'web.1', ...IN },
    eventTime: WHEN,
    regarding: { kind: 'Pod', name: 'web', ...IN, fieldPath: 'spec.containers{web}' },
    reportingController: 'shop.example.com/clerk',
    reportingInstance: 'clerk-0',
    action: 'Selling',
    reason: 'Sold',
    note: 'sold a hat',
    type: 'Normal',
    ...more,
  });

  it('are the same objects in either group', async () => {
    const { client, server } = await serverForTests();
    const made = await client.create(newEvents, event());
    expect(made).toMatchObject({ apiVersion: 'events.k8s.io/v1', ...event() });
    expect(made).toMatchObject({ deprecatedSource: {} });
    const old = await client.get(coreEvents, 'web.1', 'default');
    expect(old).toMatchObject({
      involvedObject: event().regarding,
      message: 'sold a hat',
      reportingComponent: 'shop.example.com/clerk',
      source: {},
    });
    expect(old).not.toHaveProperty('note');
    expect(server.cache(coreEvents).size).toBe(1);
    await client.delete(coreEvents, { name: 'web.1', ...IN });
    expect(await refusal(client.get(newEvents, 'web.1', 'default'))).toMatchObject({ code: 404 });
  });

  it('of older clients are shown under the new names', async () => {
    const { client } = await serverForTests();
    await client.create(coreEvents, {
      metadata: { name: 'old', ...IN },
      involvedObject: { kind: 'Pod', name: 'web', ...IN },
      message: 'pulled',
      source: { component: 'kubelet', host: 'n1' },
      firstTimestamp: '2026-01-02T03:04:05Z',
      count: 3,
    });
    const seen = await client.get(newEvents, 'old', 'default');
    expect(seen).toMatchObject({
      regarding: { kind: 'Pod', name: 'web' },
      note: 'pulled',
      deprecatedSource: { component: 'kubelet', host: 'n1' },
      deprecatedFirstTimestamp: '2026-01-02T03:04:05Z',
      deprecatedCount: 3,
    });
    expect(seen).not.toHaveProperty('reportingController');
  });

  it('are held to more when they are made in the new group', async () => {
    const { client } = await serverForTests();
    const { eventTime: _, ...timeless } = event();
    const fields = async (body: object): Promise<unknown> =>
      ((await refusal(client.create(newEvents, body as never))) as { fields?: unknown }).fields;
    expect(await fields({ ...timeless })).toEqual(['eventTime']);
    expect(
      await fields(
        event({
          type: 'Bad',
          series: { count: 1 },
          deprecatedCount: 2,
          deprecatedSource: { host: 'a' },
        }),
      ),
    ).toEqual(['series.count', 'series.lastObservedTime', 'type', 'count', 'source']);
    expect(await fields(event({ action: '' }))).toEqual(['action']);
    const nobody = event({ reportingController: '' });
    expect(await fields(nobody)).toEqual(['reportingController', 'reportingController']);
    const old = { metadata: { name: 'old', ...IN }, involvedObject: { ...IN }, type: 'Bad' };
    expect(await client.create(coreEvents, old)).toMatchObject({ type: 'Bad' });
  });

  it('change only in their series, and in v1 as they like', async () => {
    const { client } = await serverForTests();
    const made = await client.create(newEvents, event());
    const series = { count: 2, lastObservedTime: WHEN };
    const updated = await client.update(newEvents, { ...made, series });
    expect(updated.series).toEqual(series);
    const changed = { ...updated, note: 'sold two', type: 'Warning' };
    expect(await refusal(client.update(newEvents, changed))).toMatchObject({
      code: 422,
      fields: ['message', 'type'],
    });
    const old = await client.get(coreEvents, 'web.1', 'default');
    await client.update(coreEvents, { ...old, message: 'sold two' });
    expect(await client.get(newEvents, 'web.1', 'default')).toMatchObject({ note: 'sold two' });
  });

  it('are selected by the names of the group that is asked', async () => {
    const { client, server } = await serverForTests();
    await client.create(newEvents, event());
    const names = async (resource: typeof newEvents | typeof coreEvents, fieldSelector: string) => {
      const options = { fieldSelector };
      const answer = await server.request({
        verb: 'list',
        resource,
        namespace: 'default',
        options,
        user: { name: 'admin', groups: ['system:masters'] },
        cause: { component: 'test', record: 0 },
      });
      const { items, message } = answer.object as KubeObject & {
        items?: KubeObject[];
        message?: string;
      };
      return items?.map(({ metadata }) => metadata.name) ?? message;
    };
    expect(await names(newEvents, 'regarding.name=web,type=Normal')).toEqual(['web.1']);
    expect(await names(newEvents, 'regarding.name=db')).toEqual([]);
    expect(await names(newEvents, 'reportingController=shop.example.com/clerk')).toEqual(['web.1']);
    expect(await names(newEvents, 'involvedObject.name=web')).toBe(
      'field label not supported: involvedObject.name',
    );
    expect(await names(coreEvents, 'involvedObject.name=web')).toEqual(['web.1']);
    expect(await names(coreEvents, 'regarding.name=web')).toBe(
      'field label not supported: regarding.name',
    );
    expect(await names(coreEvents, 'source=shop.example.com/clerk')).toEqual(['web.1']);
    expect(await names(coreEvents, 'reportingComponent=kubelet')).toEqual([]);
  });
});
