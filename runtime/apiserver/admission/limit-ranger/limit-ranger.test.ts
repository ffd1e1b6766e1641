import { describe, expect, it } from 'vitest';
import {
  limitranges,
  persistentvolumeclaims,
  pods,
  serviceaccounts,
} from '../../../../generated/core/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };
const ANNOTATION = 'kubernetes.io/limit-ranger';

async function withLimits(...limits: object[]): Promise<Bench> {
  const bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  await bench.client.create(limitranges, {
    metadata: { name: 'limits', ...IN },
    spec: { limits } as never,
  });
  return bench;
}

const pod = ({ client }: Bench, name: string, resources: object, more: object = {}) =>
  client.create(pods, {
    metadata: { name, ...IN },
    spec: { containers: [{ name: 'main', image: 'web:1', resources }], ...more },
  });

const claim = ({ client }: Bench, storage: string) =>
  client.create(persistentvolumeclaims, {
    metadata: { name: 'c', ...IN },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } as never,
  });

describe('LimitRanger', () => {
  it('fills in what containers do not say, and tells what that was', async () => {
    const bench = await withLimits({
      type: 'Container',
      default: { cpu: '500m', memory: '1Gi' },
      defaultRequest: { cpu: '100m' },
    });
    const { metadata, spec } = await pod(bench, 'a', { limits: { memory: '2Gi' } });
    expect(spec?.containers[0]?.resources).toEqual({
      limits: { cpu: '500m', memory: '2Gi' },
      requests: { cpu: '100m', memory: '2Gi' },
    });
    expect(metadata.annotations?.[ANNOTATION]).toBe(
      'LimitRanger plugin set: cpu request for container main; cpu limit for container main',
    );
  });

  it('leaves pods alone that say everything, and lets those of one template share their spec', async () => {
    const bench = await withLimits({ type: 'Container', default: { cpu: '1' } });
    const whole = await pod(bench, 'whole', { limits: { cpu: '2' } });
    expect(whole.metadata.annotations).toBeUndefined();
    const spec = { containers: [{ name: 'main', image: 'web:1' }] };
    const make = (name: string) => bench.client.create(pods, { metadata: { name, ...IN }, spec });
    expect((await make('b')).spec).toBe((await make('a')).spec);
  });

  const CPU = { min: { cpu: '50m' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '10' } };
  it.each([
    [
      'asks for too little, and may use too much',
      CPU,
      { requests: { cpu: '10m' }, limits: { cpu: '3' } },
      '[minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 2, but limit is 3, ' +
        'cpu max limit to request ratio per Container is 10, but provided ratio is 300.000000]',
    ],
    [
      'may use too much',
      CPU,
      { requests: { cpu: '1' }, limits: { cpu: '3' } },
      'maximum cpu usage per Container is 2, but limit is 3',
    ],
    [
      'names nothing where a ratio must be kept',
      { maxLimitRequestRatio: { memory: '2' } },
      {},
      'memory max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [
      'names no limit where a ratio must be kept',
      { maxLimitRequestRatio: { memory: '2' } },
      { requests: { memory: '1Gi' } },
      'memory max limit to request ratio per Container is 2, but no limit is specified or limit is 0',
    ],
  ])('refuses a container that %s', async (_, item, resources, why) => {
    const bench = await withLimits({ type: 'Container', ...item });
    expect(await refusal(pod(bench, 'a', resources))).toMatchObject({
      code: 403,
      message: `pods "a" is forbidden: ${why}`,
    });
  });

  it('holds all containers of a pod together against the limits on pods', async () => {
    const bench = await withLimits({ type: 'Pod', max: { memory: '3Gi' } });
    const main = { name: 'main', image: 'web:1', resources: { limits: { memory: '2Gi' } } };
    const both = pod(bench, 'a', {}, { containers: [main, { ...main, name: 'second' }] });
    expect(await refusal(both)).toMatchObject({
      message: 'pods "a" is forbidden: maximum memory usage per Pod is 3Gi, but limit is 4Gi',
    });
    const first = { ...main, name: 'first' };
    const oneByOne = await pod(bench, 'b', {}, { containers: [main], initContainers: [first] });
    expect(oneByOne.spec?.initContainers).toHaveLength(1);
  });

  it('looks at the size that claims ask for', async () => {
    const bench = await withLimits({
      type: 'PersistentVolumeClaim',
      min: { storage: '1Gi' },
      max: { storage: '2Gi' },
    });
    expect(await refusal(claim(bench, '512Mi'))).toMatchObject({
      message:
        'persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi',
    });
    expect(await refusal(claim(bench, '3Gi'))).toMatchObject({
      message:
        'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
    });
    expect((await claim(bench, '1Gi')).status?.phase).toBe('Pending');
  });
});
