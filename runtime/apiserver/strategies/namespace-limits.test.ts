import { describe, expect, it } from 'vitest';
import {
  endpoints,
  limitranges,
  podtemplates,
  replicationcontrollers,
  resourcequotas,
} from '../../../generated/core/v1/resources.ts';
import type { ResourceRef } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const container = { name: 'main', image: 'web:1' };
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [container] } };

const create = <T>({ client }: Bench, resource: ResourceRef<T>, body: object) =>
  client.create(resource, { metadata: { name: 'x', ...IN }, ...body } as never);

type Row = readonly [why: string, resource: ResourceRef, body: object, ...messages: string[]];
const range = (why: string, item: object, ...messages: string[]): Row => [
  why,
  limitranges,
  { spec: { limits: [item] } },
  ...messages.map((message) => `spec.limits[0].${message}`),
];
const quota = (why: string, spec: object, ...messages: string[]): Row => [
  why,
  resourcequotas,
  { spec },
  ...messages,
];
const selecting = (requirement: object) => ({
  hard: { pods: '1' },
  scopeSelector: { matchExpressions: [requirement] },
});

const REFUSED: readonly Row[] = [
  range(
    'has a minimum above its maximum',
    { type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } },
    'min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ),
  range(
    'gives more than it allows',
    { type: 'Container', max: { cpu: '1' }, default: { cpu: '3' } },
    'defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than max value 1',
    'default[cpu]: Invalid value: "3": default value 3 is greater than max value 1',
  ),
  range(
    'gives defaults to pods',
    { type: 'Pod', default: { cpu: '3' } },
    "default: Forbidden: may not be specified when `type` is 'Pod'",
  ),
  range(
    'wants limits below requests',
    { type: 'Container', maxLimitRequestRatio: { cpu: '500m' } },
    'maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
  ),
  range(
    'allows a ratio that its bounds do not',
    {
      type: 'Pod',
      min: { cpu: '1' },
      max: { cpu: '2' },
      maxLimitRequestRatio: { cpu: '3' },
    },
    'maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
  ),
  range(
    'promises devices twice',
    {
      type: 'Container',
      default: { 'example.com/gpu': '2' },
      defaultRequest: { 'example.com/gpu': '1' },
    },
    'defaultRequest[example.com/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1',
  ),
  range(
    'limits something that there is not',
    { type: 'Weird' },
    'type: Invalid value: "Weird": must be a standard limit type or fully qualified',
  ),
  range(
    'limits a resource that containers do not have',
    { type: 'Container', max: { storage: '1' } },
    'max[storage]: Invalid value: "storage": must be a standard resource for containers',
  ),
  range(
    'limits claims by nothing that they have',
    { type: 'PersistentVolumeClaim', max: { cpu: '1' } },
    'limits: Required value: either minimum or maximum storage value is required',
  ),
  [
    'limits a type twice',
    limitranges,
    { spec: { limits: [{ type: 'Pod' }, { type: 'Pod' }] } },
    'spec.limits[1].type: Duplicate value: "Pod"',
  ],
  quota(
    'limits what cannot be limited',
    { hard: { bananas: '1' } },
    'spec.hard[bananas]: Invalid value: "bananas": must be a standard resource for quota',
  ),
  quota(
    'allows half a pod, and less than nothing',
    { hard: { pods: '500m', 'requests.cpu': '-1' } },
    'spec.hard[pods]: Invalid value: "500m": must be an integer',
    'spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0',
  ),
  quota(
    'is about opposites',
    { hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] },
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  ),
  quota(
    'has a scope that does not go with what it limits',
    { hard: { 'requests.cpu': '1' }, scopes: ['BestEffort'] },
    'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
  ),
  quota(
    'has a scope that there is not',
    selecting({ scopeName: 'Bogus', operator: 'Exists' }),
    'spec.scopeSelector.matchExpressions.scopeName: Invalid value: "Bogus": unsupported scope',
  ),
  quota(
    'compares a scope that has no values',
    selecting({ scopeName: 'Terminating', operator: 'In', values: ['a'] }),
    `spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be 'Exist' when scope is any of`,
  ),
  quota(
    'compares with nothing',
    selecting({ scopeName: 'PriorityClass', operator: 'In' }),
    'spec.scopeSelector.matchExpressions.values: Required value: must be at least one value',
  ),
  quota(
    'compares existence with something',
    selecting({ scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] }),
    'spec.scopeSelector.matchExpressions.values: Invalid value: ["a"]: must be no value',
  ),
  [
    'sends traffic to the machine itself, and to nowhere',
    endpoints,
    { subsets: [{ addresses: [{ ip: '127.0.0.1' }], notReadyAddresses: [{ ip: 'a' }] }] },
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range',
    'subsets[0].notReadyAddresses[0].ip: Invalid value: "a": must be a valid IP address',
  ],
  [
    'has two ports of which one has no name',
    endpoints,
    {
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 1, name: 'a' }, { port: 2 }] }],
    },
    'subsets[0].ports[1].name: Required value',
  ],
  [
    'is a template that mounts what it does not have',
    podtemplates,
    {
      template: {
        spec: {
          containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        },
      },
    },
    'template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ],
];

describe('an object is refused that', () => {
  it.each(REFUSED)('%s', async (...row) => {
    const [, resource, body, ...messages] = row as unknown as Row;
    const answer = await refusal(create(await serverForTests(), resource, body));
    expect(answer).toMatchObject({ code: 422 });
    for (const message of messages)
      expect(answer).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('a limit range', () => {
  it('fills in the limits of containers, and of nothing else', async () => {
    const limits = [
      { type: 'Container', max: { cpu: '2' }, min: { memory: '1Gi' } },
      { type: 'Pod', max: { cpu: '4' } },
    ];
    const { spec } = await create(await serverForTests(), limitranges, { spec: { limits } });
    expect(spec?.limits).toEqual([
      {
        type: 'Container',
        max: { cpu: '2' },
        min: { memory: '1Gi' },
        default: { cpu: '2' },
        defaultRequest: { cpu: '2', memory: '1Gi' },
      },
      { type: 'Pod', max: { cpu: '4' } },
    ]);
  });
});

describe('a quota', () => {
  it('keeps its scopes', async () => {
    const bench = await serverForTests();
    await create(bench, resourcequotas, { spec: { hard: { pods: '1' } } });
    const patch = { spec: { scopes: ['BestEffort'] } };
    const changed = bench.client.patch(resourcequotas, { name: 'x', ...IN }, patch as never);
    expect(await refusal(changed)).toMatchObject({ fields: ['spec.scopes'] });
  });

  it('says in its status only what can be limited', async () => {
    const bench = await serverForTests();
    const made = await create(bench, resourcequotas, { spec: {} });
    const status = { hard: { bananas: '1' }, used: { pods: '-1' } };
    const written = bench.client.updateStatus(resourcequotas, { ...made, status } as never);
    expect(await refusal(written)).toMatchObject({
      fields: ['status.hard[bananas]', 'status.used[pods]'],
    });
  });
});

describe('a replication controller', () => {
  it('is chosen by the labels of its template, and carries them', async () => {
    const made = await create(await serverForTests(), replicationcontrollers, {
      spec: { template },
    });
    expect([made.metadata.labels, made.spec?.selector, made.spec?.replicas]).toEqual([
      labels,
      labels,
      1,
    ]);
    expect(made.spec?.template?.spec?.containers[0]?.imagePullPolicy).toBe('IfNotPresent');
  });

  it('has a scale', async () => {
    const bench = await serverForTests();
    await create(bench, replicationcontrollers, { spec: { template, replicas: 2 } });
    const { object } = await bench.server.request({
      verb: 'get',
      resource: replicationcontrollers,
      subresource: 'scale',
      name: 'x',
      ...IN,
      user: { name: 'a', groups: ['system:masters'] },
      cause: { component: 'a', record: 0 },
    });
    expect(object).toMatchObject({ spec: { replicas: 2 }, status: { selector: 'app=web' } });
  });
});
