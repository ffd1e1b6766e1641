import { describe, expect, it } from 'vitest';
import { type ApiError, tooManyRequests } from '../../meta/index.ts';
import type { FakeWorld } from '../fakes.ts';
import { object, shop } from '../fakes-shop.ts';
import { BUDGET } from '../fakes-story.ts';
import type { Action } from '../model/action.ts';
import { act } from './act.ts';

const doing = async (
  world: FakeWorld,
  verb: Action['verb'],
  [resource = '', key = '']: readonly string[],
  options: Action['options'] = {},
): Promise<string> => (await act({ verb, targets: [{ resource, key }], options }, world)).text;

const web = ['deployments.apps', 'shop/web'];

describe('what an action asks of the server', () => {
  it.each([
    [
      'delete',
      ['pods', 'shop/db-7f-0'],
      { propagationPolicy: 'Orphan', gracePeriodSeconds: '30' },
      'delete pods shop/db-7f-0 {"propagationPolicy":"Orphan","gracePeriodSeconds":30}',
      'po/db-7f-0 is being deleted',
    ],
    [
      'kill',
      ['pods', 'shop/db-7f-0'],
      {},
      'delete pods shop/db-7f-0 {"gracePeriodSeconds":0}',
      'po/db-7f-0 is killed',
    ],
    [
      'scale',
      web,
      { value: '9' },
      'patch deployments.apps/scale shop/web {"spec":{"replicas":9}}',
      'deploy/web is scaled to 9',
    ],
    [
      'restart',
      web,
      {},
      'patch deployments.apps shop/web {"spec":{"template":{"metadata":{"annotations":' +
        '{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:03:12Z"}}}}}',
      'deploy/web is restarting',
    ],
    [
      'image',
      web,
      { value: 'web=shop/web:2@sha256:a=b' },
      'patch deployments.apps shop/web {"spec":{"template":{"spec":{"containers":' +
        '[{"name":"web","image":"shop/web:2@sha256:a=b"}]}}}}',
      'deploy/web is set to web=shop/web:2@sha256:a=b',
    ],
    [
      'cordon',
      ['nodes', 'n1'],
      {},
      'patch nodes n1 {"spec":{"unschedulable":true}}',
      'no/n1 is cordoned',
    ],
    [
      'uncordon',
      ['nodes', 'n1'],
      {},
      'patch nodes n1 {"spec":{"unschedulable":false}}',
      'no/n1 is uncordoned',
    ],
  ] as const)('%s', async (verb, target, options, call, words) => {
    const world = shop();
    expect(await doing(world, verb, target, options)).toBe(words);
    expect(world.calls).toEqual([call]);
    expect(world.requests).toMatchObject([{ verb, targets: [target.join('/')] }]);
  });

  it('one request for all that is marked', async () => {
    const world = shop();
    const targets = ['n1', 'n2'].map((key) => ({ resource: 'nodes', key }));
    const { text } = await act({ verb: 'cordon', targets, options: {} }, world);
    expect(text).toBe('2 nodes are cordoned');
    expect(world.requests).toHaveLength(1);
    expect(world.calls).toHaveLength(2);
  });

  it('suspends a cron job, and resumes one', async () => {
    const world = shop();
    const cron = (suspend: boolean) =>
      object('batch/v1', 'CronJob', { name: 'nightly', namespace: 'shop' }, { spec: { suspend } });
    world.put(cron(false));
    const nightly = ['cronjobs.batch', 'shop/nightly'];
    expect(await doing(world, 'suspend', nightly)).toBe('cj/nightly is suspended');
    world.put(cron(true));
    expect(await doing(world, 'suspend', nightly)).toBe('cj/nightly is resumed');
    expect(world.calls.map((call) => call.slice(-25))).toEqual(
      [' {"spec":{"suspend":true}}', '{"spec":{"suspend":false}}'].map((text) => text.slice(-25)),
    );
  });

  it('makes a job of a cron job, owned by it', async () => {
    const world = shop();
    const spec = { jobTemplate: { metadata: { labels: { a: 'b' } }, spec: { completions: 2 } } };
    world.put(object('batch/v1', 'CronJob', { name: 'nightly', namespace: 'shop' }, { spec }));
    await doing(world, 'trigger', ['cronjobs.batch', 'shop/nightly']);
    const [call = ''] = world.calls;
    const made = JSON.parse(call.slice(call.indexOf('{')));
    expect(call).toContain('create jobs.batch shop/');
    expect(made).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        generateName: 'nightly-manual-',
        labels: { a: 'b' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly' }],
      },
      spec: { completions: 2 },
    });
  });

  it('gives a deployment the template of a replica set, without the hash', async () => {
    const world = shop();
    const set = world.get('replicasets.apps', 'shop/web-7f') as unknown as { spec: object };
    const template = { metadata: { labels: { app: 'web', 'pod-template-hash': '7f' } } };
    world.put({ ...set, spec: { ...set.spec, template } } as never);
    await doing(world, 'rollback', ['replicasets.apps', 'shop/web-7f']);
    const [call = ''] = world.calls;
    expect(call).toMatch(/^update deployments.apps shop\/web /);
    expect(JSON.parse(call.slice(call.indexOf('{'))).spec.template).toEqual({
      metadata: { labels: { app: 'web' } },
    });
  });
});

describe('draining', () => {
  const evictions = ({ calls }: FakeWorld): string[] =>
    calls.filter((call) => call.includes('pods/eviction')).map((call) => call.split(' ')[2]!);

  it('cordons, and evicts what runs there', async () => {
    const world = shop();
    expect(await doing(world, 'drain', ['nodes', 'n2'], { gracePeriodSeconds: '5' })).toBe(
      '2 of 2 pods evicted from n2',
    );
    expect(world.calls[0]).toBe('patch nodes n2 {"spec":{"unschedulable":true}}');
    expect(evictions(world)).toEqual(['shop/db-7f-1', 'shop/web-7f-1']);
    expect(world.calls[1]).toContain('"deleteOptions":{"gracePeriodSeconds":5}');
  });

  const placed = (meta: object, spec: object) =>
    object(
      'v1',
      'Pod',
      { name: 'odd', namespace: 'shop', ...meta },
      {
        spec: { nodeName: 'n2', ...spec },
      },
    );
  const owned = (kind: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'x', uid: 'x', controller: true }],
  });

  it.each([
    ['a pod without controller', placed({}, {}), 'force', 'odd has no controller'],
    [
      'an emptyDir',
      placed(owned('ReplicaSet'), { volumes: [{ emptyDir: {} }] }),
      'deleteEmptyDirData',
      'odd would lose its emptyDir',
    ],
  ])('stops before %s unless told', async (_, pod, option, words) => {
    const world = shop();
    world.put(pod);
    await expect(doing(world, 'drain', ['nodes', 'n2'])).rejects.toThrow(words);
    expect(evictions(world)).toEqual([]);
    await doing(world, 'drain', ['nodes', 'n2'], { [option]: 'evict' });
    expect(evictions(world)).toContain('shop/odd');
  });

  it('leaves the pods of daemon sets and of the node itself', async () => {
    const world = shop();
    world.put(placed(owned('DaemonSet'), {}));
    world.put(placed({ name: 'self', annotations: { 'kubernetes.io/config.mirror': 'x' } }, {}));
    await doing(world, 'drain', ['nodes', 'n2']);
    expect(evictions(world)).toEqual(['shop/db-7f-1', 'shop/web-7f-1']);
    await expect(
      doing(world, 'drain', ['nodes', 'n2'], { ignoreDaemonSets: 'refuse' }),
    ).rejects.toThrow('odd is of a daemon set');
  });

  it('says which budget keeps pods, and on which line it stands', async () => {
    const world = shop();
    const said = 'The disruption budget web needs 4 healthy pods and has 4 currently';
    const { status } = tooManyRequests('Cannot evict pod', [
      { reason: 'DisruptionBudget', message: said },
    ]) as ApiError;
    const answer = world.answer.bind(world);
    world.answer = (request) =>
      request.subresource === 'eviction' ? { code: 429, object: status as never } : answer(request);
    const targets = [{ resource: 'nodes', key: 'n2' }];
    const drained = await act({ verb: 'drain', targets, options: {} }, world);
    expect(drained.text).toBe(
      `0 of 2 pods evicted from n2; db-7f-1, web-7f-1 stay: ${said}; drain again later`,
    );
    expect(drained.refusals).toEqual([]);
    world.refusals.set('shop/web-7f-1', BUDGET);
    const placed = await act({ verb: 'drain', targets, options: {} }, world);
    expect(placed.text).toBe(
      `0 of 2 pods evicted from n2; db-7f-1 stays: ${said}; ` +
        `web-7f-1 stays: manifests/shop.ts:71:19 ${said}; drain again later`,
    );
    expect(placed.refusals).toEqual([BUDGET]);
    const both = [...targets, { resource: 'nodes', key: 'n3' }];
    const all = await act({ verb: 'drain', targets: both, options: {} }, world);
    expect(all.text).toBe(
      '0 of 4 pods evicted from 2 nodes; 4 stay: manifests/shop.ts:71:19; ! says why, drain again later',
    );
  });
});
