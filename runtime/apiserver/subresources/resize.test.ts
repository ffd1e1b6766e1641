import { beforeEach, describe, expect, it } from 'vitest';
import { limitranges, pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const RESIZE = { subresource: 'resize' } as const;
const SIZE = { requests: { cpu: '500m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } };
let bench: Bench;

beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
});

const make = (spec: object = {}, container: object = {}, metadata: object = {}) =>
  bench.client.create<Pod>(pods, {
    metadata: { name: 'web', ...IN, ...metadata },
    spec: {
      containers: [{ name: 'main', image: 'web:1', resources: SIZE, ...container }],
      ...spec,
    },
  } as never);
const patch = (spec: object, type = 'application/strategic-merge-patch+json') =>
  bench.client.patch<Pod>(pods, { name: 'web', ...IN }, { spec } as never, {
    ...RESIZE,
    type: type as never,
  });
const size = (resources: object, more: object = {}) =>
  patch({ containers: [{ name: 'main', resources, ...more }] });

describe('a new size', () => {
  it('is taken over, and nothing else that the body says', async () => {
    const before = await make();
    const after = await patch({
      activeDeadlineSeconds: 7,
      containers: [{ name: 'main', image: 'other', resources: { requests: { cpu: '750m' } } }],
    });
    expect(after.spec?.containers[0]?.resources?.requests).toEqual({ cpu: '750m', memory: '64Mi' });
    expect(after.spec?.containers[0]?.image).toBe('web:1');
    expect(after.spec?.activeDeadlineSeconds).toBeUndefined();
    expect([before.metadata?.generation, after.metadata?.generation]).toEqual([1, 2]);
  });

  it('is no business of the pod itself', async () => {
    await make();
    const plain = bench.client.patch(pods, { name: 'web', ...IN }, {
      spec: { containers: [{ name: 'main', resources: { requests: { cpu: '750m' } } }] },
    } as never);
    expect(await refusal(plain)).toMatchObject({
      code: 422,
      message: expect.stringContaining('pod updates may not change fields other than'),
    });
  });

  it('of an init container may be changed too', async () => {
    await make({ initContainers: [{ name: 'first', image: 'i:1', resources: SIZE }] });
    const after = await patch({
      initContainers: [{ name: 'first', resources: { requests: { cpu: '100m' } } }],
    });
    expect(after.spec?.initContainers?.[0]?.resources?.requests).toMatchObject({ cpu: '100m' });
  });

  it('of the pod as a whole may be changed, but not taken away', async () => {
    await make({ resources: { requests: { cpu: '1' }, limits: { cpu: '2' } } });
    const after = await patch({ resources: { requests: { cpu: '1500m' } } });
    expect(after.spec?.resources?.requests).toMatchObject({ cpu: '1500m' });
    const none = patch({ resources: { limits: null } }, 'application/merge-patch+json');
    expect(await refusal(none)).toMatchObject({ code: 422 });
  });
});

describe('what is refused', () => {
  it.each([
    [
      { requests: { cpu: '1', memory: '128Mi' } },
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    ],
    [
      { requests: { cpu: '2' } },
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      { limits: { cpu: null } },
      'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
    ],
    [
      { requests: { 'ephemeral-storage': '1Gi' } },
      'spec: Forbidden: only cpu and memory resources are mutable',
    ],
  ])('%j', async (resources, says) => {
    await make();
    expect(await refusal(size(resources))).toMatchObject({
      code: 422,
      message: expect.stringContaining(says),
    });
  });

  it('another policy, other containers, and requests that are taken away', async () => {
    await make({}, { resources: { requests: { cpu: '1', memory: '64Mi' } } });
    const policy = size(
      {},
      { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    );
    expect(await refusal(policy)).toMatchObject({
      message: expect.stringContaining('only cpu and memory resources are mutable'),
    });
    expect(await refusal(size({ requests: { memory: null } }))).toMatchObject({
      fields: ['spec.containers[0].resources.requests'],
    });
    expect(await refusal(patch({ containers: [{ name: 'new', image: 'x' }] }))).toMatchObject({
      message: expect.stringContaining(
        'spec.containers: Forbidden: containers may not be added or removed on resize',
      ),
    });
  });

  it('pods that a kubelet runs by itself, and those of Windows', async () => {
    await make({ nodeName: 'n' }, {}, { annotations: { 'kubernetes.io/config.mirror': 'x' } });
    expect(await refusal(size({ requests: { cpu: '600m' } }))).toMatchObject({
      message: expect.stringContaining('static pods cannot be resized'),
    });
    await make({ os: { name: 'windows' } }, {}, { name: 'win' });
    const win = bench.client.patch(
      pods,
      { name: 'win', ...IN },
      {
        spec: { containers: [{ name: 'main', resources: { requests: { cpu: '600m' } } }] },
      } as never,
      RESIZE,
    );
    expect(await refusal(win)).toMatchObject({
      message: expect.stringContaining('windows pods cannot be resized'),
    });
  });

  it('what a limit range does not allow', async () => {
    await make();
    await bench.client.create(limitranges, {
      metadata: { name: 'small', ...IN },
      spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] },
    } as never);
    expect(await refusal(size({ limits: { cpu: '2' } }))).toMatchObject({
      code: 403,
      message: expect.stringContaining('maximum cpu usage per Container is 1, but limit is 2'),
    });
  });
});
