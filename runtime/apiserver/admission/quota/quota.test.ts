import { describe, expect, it } from 'vitest';
import {
  configmaps,
  persistentvolumeclaims,
  pods,
  resourcequotas,
  serviceaccounts,
  services,
} from '../../../../generated/core/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };
type Hard = Readonly<Record<string, string>>;

/** Scopes that a pod is not in at the same time; of the last, that its pod is not in. */
const OPPOSITES = {
  BestEffort: 'NotBestEffort',
  NotBestEffort: 'BestEffort',
  Terminating: 'NotTerminating',
  NotTerminating: 'Terminating',
  CrossNamespacePodAffinity: 'Terminating',
};

/** A server with a quota whose usage is known, as the quota controller would leave it. */
async function limited(hard: Hard, spec: object = {}): Promise<Bench> {
  const bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  await addQuota(bench, 'q', hard, spec);
  return bench;
}

async function addQuota({ client }: Bench, name: string, hard: Hard, spec: object = {}) {
  const quota = await client.create(resourcequotas, {
    metadata: { name, ...IN },
    spec: { hard, ...spec } as never,
  });
  const used = Object.fromEntries(Object.keys(hard).map((each) => [each, '0']));
  await client.updateStatus(resourcequotas, { ...quota, status: { hard, used } } as never);
}

const usedIn = async ({ client }: Bench, name = 'q') =>
  (await client.get(resourcequotas, name, 'default')).status?.used;

const pod = ({ client }: Bench, name: string, resources: object = {}, spec: object = {}) =>
  client.create(pods, {
    metadata: { name, ...IN },
    spec: { containers: [{ name: 'main', image: 'web:1', resources }], ...spec },
  });

const map = ({ client }: Bench, name: string) =>
  client.create(configmaps, { metadata: { name, ...IN } });

describe('ResourceQuota', () => {
  it('charges what pods ask for, and refuses what is more than there is', async () => {
    const bench = await limited({ pods: '2', 'requests.cpu': '1' });
    await pod(bench, 'a', { requests: { cpu: '600m' } });
    expect(await refusal(pod(bench, 'b', { requests: { cpu: '600m' } }))).toMatchObject({
      code: 403,
      message:
        'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    });
    await pod(bench, 'b', { requests: { cpu: '400m' } });
    expect(await usedIn(bench)).toEqual({ pods: '2', 'requests.cpu': '1' });
    expect(await refusal(pod(bench, 'c', { requests: { cpu: '1m' } }))).toMatchObject({
      message:
        'pods "c" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=1m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1',
    });
  });

  it('wants pods to name what is limited', async () => {
    const bench = await limited({ 'requests.cpu': '1', 'limits.memory': '1Gi' });
    expect(await refusal(pod(bench, 'a'))).toMatchObject({
      message:
        'pods "a" is forbidden: failed quota: q: must specify limits.memory for: main; requests.cpu for: main',
    });
  });

  it('does not charge for what is refused, tried or exists already', async () => {
    const bench = await limited({ 'count/configmaps': '2', configmaps: '2' });
    await map(bench, 'a');
    expect(await refusal(map(bench, 'a'))).toMatchObject({ reason: 'AlreadyExists' });
    const dry = { dryRun: true };
    await bench.client.create(configmaps, { metadata: { name: 'b', ...IN } }, dry);
    expect(await usedIn(bench)).toEqual({ 'count/configmaps': '1', configmaps: '1' });
    await map(bench, 'b');
    const third = bench.client.create(configmaps, { metadata: { name: 'c', ...IN } }, dry);
    expect(await refusal(third)).toMatchObject({ code: 403 });
  });

  it('gives back what one quota took when another has too little', async () => {
    const bench = await limited({ pods: '5' });
    await addQuota(bench, 'r', { pods: '1' });
    await pod(bench, 'a');
    expect(await refusal(pod(bench, 'b'))).toMatchObject({
      message: expect.stringContaining('exceeded quota: r'),
    });
    expect([await usedIn(bench, 'q'), await usedIn(bench, 'r')]).toEqual([
      { pods: '1' },
      { pods: '1' },
    ]);
  });

  it('waits for the usage to be known, and limits nothing that it has not counted yet', async () => {
    const bench = await serverForTests();
    const { client } = bench;
    const quota = await client.create(resourcequotas, {
      metadata: { name: 'q', ...IN },
      spec: { hard: { configmaps: '0' } },
    });
    await map(bench, 'a');
    await client.updateStatus(resourcequotas, { ...quota, status: { hard: { configmaps: '0' } } });
    expect(await refusal(map(bench, 'b'))).toMatchObject({
      message: 'configmaps "b" is forbidden: status unknown for quota: q, resources: configmaps',
    });
  });

  it('charges a change by what is more than before', async () => {
    const bench = await limited({ services: '2', 'services.nodeports': '1' });
    const create = (name: string, spec: object) =>
      bench.client.create(services, {
        metadata: { name, ...IN },
        spec: { ports: [{ port: 80 }], ...spec },
      });
    await create('a', { type: 'NodePort' });
    await create('b', {});
    const open = bench.client.patch(services, { name: 'b', ...IN }, { spec: { type: 'NodePort' } });
    expect(await refusal(open)).toMatchObject({
      message:
        'services "b" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
    });
    await bench.client.patch(services, { name: 'b', ...IN }, { metadata: { labels: { a: 'b' } } });
    expect(await usedIn(bench)).toEqual({ services: '2', 'services.nodeports': '1' });
  });

  it('counts storage by class', async () => {
    const gold = 'gold.storageclass.storage.k8s.io/requests.storage';
    const bench = await limited({ 'requests.storage': '5Gi', [gold]: '1Gi' });
    const claim = (name: string, storageClassName: string) =>
      bench.client.create(persistentvolumeclaims, {
        metadata: { name, ...IN },
        spec: {
          storageClassName,
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '2Gi' } },
        } as never,
      });
    expect(await refusal(claim('a', 'gold'))).toMatchObject({
      message: expect.stringContaining(`requested: ${gold}=2Gi`),
    });
    await claim('b', 'iron');
    expect(await usedIn(bench)).toEqual({ 'requests.storage': '2Gi', [gold]: '0' });
  });

  it.each([
    ['BestEffort', {}, {}],
    ['NotBestEffort', { requests: { cpu: '1' } }, {}],
    ['Terminating', {}, { activeDeadlineSeconds: 5 }],
    ['NotTerminating', {}, {}],
    [
      'CrossNamespacePodAffinity',
      {},
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'zone', namespaces: ['other'], labelSelector: {} },
            ],
          },
        },
      },
    ],
  ])('counts only pods of its scope: %s', async (scope, resources, spec) => {
    const opposite = OPPOSITES[scope as keyof typeof OPPOSITES];
    const bench = await limited({ pods: '1' }, { scopes: [scope] });
    await addQuota(bench, 'other', { pods: '1' }, { scopes: [opposite] });
    await pod(bench, 'a', resources, spec);
    expect([await usedIn(bench), await usedIn(bench, 'other')]).toEqual([
      { pods: '1' },
      { pods: '0' },
    ]);
  });

  it('counts pods by their priority class', async () => {
    const matchExpressions = [
      { scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] },
    ];
    const bench = await limited({ pods: '1' }, { scopeSelector: { matchExpressions } });
    await pod(bench, 'plain');
    await pod(bench, 'critical', {}, { priorityClassName: 'system-node-critical' });
    expect(await usedIn(bench)).toEqual({ pods: '1' });
  });
});
