import { beforeEach, expect, it } from 'vitest';
import { pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { rolebindings } from '../../../generated/rbac/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const PATCH = { subresource: 'ephemeralcontainers' } as const;
let bench: Bench;

const debug = (more: object = {}) => ({
  spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox', ...more }] },
});
const put = (body: object, type = 'application/strategic-merge-patch+json') =>
  bench.client.patch<Pod>(pods, { name: 'web', ...IN }, body as never, {
    ...PATCH,
    type: type as never,
  });

beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  await bench.client.create(pods, {
    metadata: { name: 'web', ...IN },
    spec: {
      containers: [{ name: 'main', image: 'web:1' }],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  } as never);
});

it('adds a container to a pod, with its defaults, and changes nothing else', async () => {
  const before = await bench.client.get<Pod>(pods, 'web', 'default');
  const after = await put({
    metadata: { labels: { a: 'b' } },
    spec: { ...debug({ targetContainerName: 'main' }).spec, activeDeadlineSeconds: 5 },
  });
  const { ephemeralContainers, ...rest } = after.spec!;
  expect(ephemeralContainers).toEqual([
    {
      name: 'debug',
      image: 'busybox',
      imagePullPolicy: 'Always',
      resources: {},
      targetContainerName: 'main',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    },
  ]);
  expect(rest).toEqual(before.spec);
  expect(after.metadata?.labels).toBeUndefined();
  expect(after.metadata?.generation).toBe(2);
});

it('takes patches of all types, and whole pods', async () => {
  const item = (name: string) => ({ name, image: 'busybox' });
  await put(
    [{ op: 'add', path: '/spec/ephemeralContainers', value: [item('a')] }],
    'application/json-patch+json',
  );
  await put(
    { spec: { ephemeralContainers: [item('a'), item('b')].map((each) => full(each)) } },
    'application/merge-patch+json',
  );
  await put({ spec: { ephemeralContainers: [item('c')] } });
  await bench.client.apply(
    pods,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', ...IN },
      spec: { ephemeralContainers: [item('d')] },
    } as never,
    { ...PATCH, fieldManager: 'debugger' },
  );
  const live = await bench.client.get<Pod>(pods, 'web', 'default');
  const names = () => live.spec?.ephemeralContainers?.map(({ name }) => name).sort();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  const more = {
    ...live,
    spec: {
      ...live.spec,
      ephemeralContainers: [...live.spec!.ephemeralContainers!, full(item('e'))],
    },
  };
  const put5 = await bench.client.updateSubresource<Pod>(pods, more as Pod, 'ephemeralcontainers');
  expect(put5.spec?.ephemeralContainers).toHaveLength(5);
});

const full = (each: object) => ({
  ...each,
  imagePullPolicy: 'Always',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
});

it('lets nobody change or remove what is there', async () => {
  await put(debug());
  expect(await refusal(put(debug({ image: 'other' })))).toMatchObject({
    code: 422,
    fields: ['spec.ephemeralContainers'],
    message: expect.stringContaining(
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed\n',
    ),
  });
  const none = { spec: { ephemeralContainers: null } };
  expect(await refusal(put(none, 'application/merge-patch+json'))).toMatchObject({
    message: expect.stringContaining('existing ephemeral containers "debug" may not be removed\n'),
  });
});

it.each([
  [
    { ports: [{ containerPort: 80 }] },
    'ports: Forbidden: cannot be set for an Ephemeral Container',
  ],
  [{ targetContainerName: 'other' }, 'targetContainerName: Not found: "other"'],
  [
    { volumeMounts: [{ name: 'data', mountPath: '/d', subPath: 'x' }] },
    'volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container',
  ],
  [{ name: 'main' }, 'name: Duplicate value: "main"'],
])('refuses %j', async (more, says) => {
  expect(await refusal(put(debug(more)))).toMatchObject({
    code: 422,
    message: expect.stringContaining(`spec.ephemeralContainers[0].${says}`),
  });
});

it('is kept out of new pods', async () => {
  const made = bench.client.create(pods, {
    metadata: { name: 'other', ...IN },
    spec: { containers: [{ name: 'main', image: 'web:1' }], ...debug().spec },
  } as never);
  expect(await refusal(made)).toMatchObject({
    message: expect.stringContaining(
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ),
  });
});

it('is kept out of pods that a kubelet runs by itself', async () => {
  await bench.client.create(pods, {
    metadata: { name: 'static', ...IN, annotations: { 'kubernetes.io/config.mirror': 'x' } },
    spec: { nodeName: 'n', containers: [{ name: 'main', image: 'web:1' }] },
  } as never);
  const target = { name: 'static', ...IN };
  expect(await refusal(bench.client.patch(pods, target, debug() as never, PATCH))).toMatchObject({
    code: 422,
    message: expect.stringContaining('static pods do not support ephemeral containers'),
  });
});

it('is not among what the role edit allows, and admin with it, so that old policies are not passed by', async () => {
  const { server, client } = bench;
  await client.create(rolebindings, {
    metadata: { name: 'ann', ...IN },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'system:aggregate-to-edit',
    },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' }],
  } as never);
  const access = { verb: 'patch', group: '', resource: 'pods', namespace: 'default', name: 'web' };
  const ann = { name: 'ann', groups: ['system:authenticated'] };
  expect(() => server.authorize(ann, access)).not.toThrow();
  expect(() => server.authorize(ann, { ...access, subresource: 'ephemeralcontainers' })).toThrow(
    'cannot patch resource "pods/ephemeralcontainers"',
  );
});
